// Every number of a table says, when it is chosen, which rows of the results table it prints.
(function () {
  "use strict";
  const data = JSON.parse(document.getElementById("origins").textContent);
  const panel = document.createElement("div");
  let opener = null;
  panel.className = "origin";
  panel.hidden = true;
  panel.tabIndex = -1;
  panel.setAttribute("role", "dialog");
  panel.setAttribute("aria-labelledby", "origin-title");

  function element(tag, text, ...children) {
    const made = document.createElement(tag);
    if (text) {
      made.textContent = text;
    }
    made.append(...children);
    return made;
  }

  function statistic(number) {
    const line = data.rows[number];
    return Object.fromEntries(
      data.columns.map((name, place) => [name, place < data.n_texts ? data.words[line[place]] : line[place]]),
    );
  }

  function words(name) {
    return name.replace(/-/g, " ");
  }

  function known(value) {
    return value === null ? "none" : String(value).replace("-", "\u2212");
  }

  function limits(s) {
    if (s.lower === null && s.upper === null) {
      return "";
    }
    const level = s.confidence === null ? "" : String(Math.round(1000 * s.confidence) / 10) + "%: ";
    return level + known(s.lower) + " to " + known(s.upper);
  }

  function counted(s) {
    if (s.n === null) {
      return s.denominator === null ? "" : "of " + s.denominator;
    }
    return s.denominator === null || s.denominator === s.n ? String(s.n) : s.n + "/" + s.denominator;
  }

  function distinct(found, name) {
    return Array.from(new Set(found.map((s) => s[name]).filter(Boolean)));
  }

  function facts(found) {
    const first = found[0];
    const title = data.titles[first.analysis];
    const method = distinct(found, "model").concat(distinct(found, "method").map(words)).join(" ");
    const population = distinct(found, "population").map((name) => (name === "cohort" ? data.cohort + " (cohort)" : words(name)));
    const time = found.find((s) => s.time !== null);
    return [
      ["Analysis", title ? title + " (" + first.analysis + ")" : first.analysis],
      ["Method", method],
      ["Population", population.join(", ")],
      ["Group", distinct(found, "group").join(", ")],
      ["Variable", distinct(found, "variable").map((name) => data.labels[name] || name).join(", ")],
      ["Level", distinct(found, "level").join(", ")],
      ["Time", time ? known(time.time) + " days (" + (time.time / data.month_days).toFixed(1) + " months)" : ""],
      ["How", distinct(found, "note").join("; ")],
      ["Warning", distinct(found, "warning").join("; ")],
      ["Policy", data.policy],
    ].filter((fact) => fact[1]);
  }

  function numbers(found) {
    const head = element("tr", "", ...["Statistic", "Value", "Interval", "n/N"].map((name) => {
      const cell = element("th", name);
      cell.scope = "col";
      return cell;
    }));
    const rows = found.map((s) => {
      const name = element("th", words(s.statistic));
      const unit = s.unit ? " " + s.unit : "";
      name.scope = "row";
      return element("tr", "", name, element("td", known(s.value) + unit), element("td", limits(s)), element("td", counted(s)));
    });
    return element("table", "", element("thead", "", head), element("tbody", "", ...rows));
  }

  // What stands above and left of a cell: heading, row, column.
  function headings(cell) {
    const row = cell.parentNode;
    const table = row.closest("table");
    const names = [row.cells[0]];
    let above = row.previousElementSibling;
    while (names[0].classList.contains("indent-1") && above) {
      if (above.cells[0].classList.contains("indent-0")) {
        names.unshift(above.cells[0]);
        break;
      }
      above = above.previousElementSibling;
    }
    const heads = table.tHead.rows[table.tHead.rows.length - 1].cells;
    names.push(heads[cell.cellIndex]);
    return names.map((name) => {
      const copy = name.cloneNode(true);
      copy.querySelectorAll("sup").forEach((mark) => mark.remove());
      return copy.textContent.trim().replace(/\s+/g, " ");
    });
  }

  function fill(button) {
    const cell = button.closest("td");
    const found = cell.dataset.origin.split(" ").map((number) => statistic(Number(number)));
    const title = element("p", button.textContent.trim());
    const close = element("button", "Close");
    const list = element("dl", "");
    title.id = "origin-title";
    close.type = "button";
    close.addEventListener("click", hide);
    for (const [name, value] of facts(found)) {
      list.append(element("div", "", element("dt", name), element("dd", value)));
    }
    title.prepend(element("span", headings(cell).join(", ") + ": "));
    panel.replaceChildren(title, numbers(found), list, close);
  }

  function show(button) {
    hide();
    opener = button;
    fill(button);
    button.closest(".exhibit").append(panel);
    panel.hidden = false;
    button.setAttribute("aria-expanded", "true");
    place(button);
    panel.focus({ preventScroll: true });
  }

  // Below the number, or above where there is more room; always inside the window.
  function place(button) {
    const box = button.getBoundingClientRect();
    const room = document.documentElement.clientWidth - panel.offsetWidth - 8;
    const below = box.bottom + 6;
    const fits = below + panel.offsetHeight <= window.innerHeight || box.top < panel.offsetHeight + 6;
    panel.style.left = Math.max(8, Math.min(box.left, room)) + window.scrollX + "px";
    panel.style.top = (fits ? below : box.top - panel.offsetHeight - 6) + window.scrollY + "px";
  }

  function hide() {
    if (!opener) {
      return;
    }
    const button = opener;
    opener = null;
    const hadFocus = panel.contains(document.activeElement);
    panel.hidden = true;
    button.setAttribute("aria-expanded", "false");
    if (hadFocus) {
      button.focus({ preventScroll: true });
    }
  }

  function make(cell, isFirst) {
    const button = document.createElement("span");
    const text = Array.from(cell.childNodes).filter((node) => node.nodeName !== "SUP");
    button.className = "number";
    button.tabIndex = isFirst ? 0 : -1;
    button.setAttribute("role", "button");
    button.setAttribute("aria-haspopup", "dialog");
    button.setAttribute("aria-expanded", "false");
    button.append(...text);
    cell.prepend(button);
  }

  // One stop of the Tab key a table; arrows go from number to number.
  function move(button, key) {
    const row = button.closest("tr");
    const cells = Array.from(row.cells);
    const column = cells.indexOf(button.closest("td"));
    let rows = [row];
    let columns = [column];
    if (key === "ArrowLeft") {
      columns = cells.map((_, place) => place).slice(0, column).reverse();
    } else if (key === "ArrowRight") {
      columns = cells.map((_, place) => place).slice(column + 1);
    } else {
      const all = Array.from(row.parentNode.rows);
      const at = all.indexOf(row);
      rows = key === "ArrowUp" ? all.slice(0, at).reverse() : all.slice(at + 1);
    }
    for (const line of rows) {
      for (const place of columns) {
        const next = line.cells[place] && line.cells[place].querySelector(".number");
        if (next) {
          button.tabIndex = -1;
          next.tabIndex = 0;
          next.focus();
          return;
        }
      }
    }
  }

  document.addEventListener("click", function (event) {
    const button = event.target.closest(".number");
    if (button) {
      if (window.getSelection().isCollapsed) {
        show(button);
      }
    } else if (!panel.contains(event.target)) {
      hide();
    }
  });
  document.addEventListener("keydown", function (event) {
    if (event.key === "Escape") {
      hide();
      return;
    }
    const button = event.target.closest(".number");
    if (button && (event.key === "Enter" || event.key === " ")) {
      event.preventDefault();
      show(button);
    } else if (button && event.key.startsWith("Arrow")) {
      event.preventDefault();
      move(button, event.key);
    }
  });
  panel.addEventListener("focusout", function (event) {
    if (event.relatedTarget && !panel.contains(event.relatedTarget)) {
      hide();
    }
  });

  for (const table of document.querySelectorAll("table")) {
    Array.from(table.querySelectorAll("td[data-origin]")).forEach((cell, place) => make(cell, place === 0));
  }
  const section = document.querySelector("#tables h2");
  if (section && document.querySelector(".number")) {
    const hint = element("p", "Choose a number to see where it comes from.");
    hint.className = "hint";
    section.after(hint);
  }
})();
