// The data of a figure as a table, made when it is asked for.
(function () {
  "use strict";

  function element(tag, ...children) {
    const made = document.createElement(tag);
    made.append(...children);
    return made;
  }

  function column(values) {
    return values.words ? values.at.map((place) => values.words[place]) : values;
  }

  function table(figure, title) {
    const columns = figure.columns.map(column);
    const made = element("table", element("caption", "Data of " + title));
    const head = element("tr", ...figure.header.map((name) => {
      const cell = element("th", name.replace(/_/g, " "));
      cell.scope = "col";
      return cell;
    }));
    const body = element("tbody");
    columns[0].forEach(function (_, row) {
      body.append(element("tr", ...columns.map((values) => element("td", values[row] === null ? "" : String(values[row])))));
    });
    made.append(element("thead", head), body);
    return made;
  }

  function build(details) {
    const exhibit = details.closest("figure");
    const figure = JSON.parse(exhibit.querySelector("script").textContent);
    const title = exhibit.querySelector("h3").textContent;
    const scroll = element("div", table(figure, title));
    const tools = element("div");
    const note = details.querySelector("p");
    scroll.className = "scroll";
    scroll.tabIndex = 0;
    scroll.setAttribute("role", "region");
    scroll.setAttribute("aria-label", "Data of " + title);
    tools.className = "tools";
    note.append(figure.thinned
      ? " Below, every curve at a thousand of its times, with seven significant digits."
      : " Below, with seven significant digits.");
    details.append(scroll, tools);
    details.dispatchEvent(new CustomEvent("figure-table", { bubbles: true }));
  }

  for (const details of document.querySelectorAll("details.figure-data")) {
    details.addEventListener("toggle", () => build(details), { once: true });
  }
})();
