// Every number of a table, and every key number, says, when it is chosen, which rows of the results table it prints.
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
    return data.names[name] || name.replace(/-/g, " ");
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

  // The cell of a row that covers a column.
  function cellAt(row, column) {
    let passed = 0;
    return Array.from(row.cells).find((cell) => (passed += cell.colSpan) > column);
  }

  function columnOf(cell) {
    const before = Array.from(cell.parentNode.cells).slice(0, cell.cellIndex);
    return before.reduce((sum, other) => sum + other.colSpan, 0);
  }

  // What a number stands in: its term; or the head of its column; or heading, row and the heads above it.
  function headings(place) {
    const cell = place.closest("td, th");
    if (!cell) {
      return [bare(place.previousElementSibling)];
    }
    const row = cell.parentNode;
    const table = row.closest("table");
    if (place !== cell) {
      return [bare(cell)];
    }
    const names = [row.cells[0]];
    let above = row.previousElementSibling;
    while (names[0].classList.contains("indent-1") && above) {
      if (above.cells[0].classList.contains("indent-0")) {
        names.unshift(above.cells[0]);
        break;
      }
      above = above.previousElementSibling;
    }
    const column = columnOf(cell);
    const heads = Array.from(table.tHead.rows, (line) => cellAt(line, column));
    return names.concat(heads).map(bare).filter(Boolean);
  }

  // A name without the letters of its notes and the number of patients beside it.
  function bare(name) {
    const copy = name.cloneNode(true);
    copy.querySelectorAll("sup, [data-origin]").forEach((part) => part.remove());
    return copy.textContent.trim().replace(/\s+/g, " ");
  }

  function fill(button) {
    const cell = button.closest("[data-origin]");
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
    (button.closest(".exhibit") || button.closest("header")).append(panel);
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
    const cell = button.closest("td, th");
    const next = cell && ahead(cell, key).map((other) => other.querySelector(".number")).find(Boolean);
    if (next) {
      button.tabIndex = -1;
      next.tabIndex = 0;
      next.focus();
    }
  }

  // The cells from one on in the direction of a key, the nearest first.
  function ahead(cell, key) {
    const cells = Array.from(cell.parentNode.cells);
    const rows = Array.from(cell.closest("table").rows);
    const at = rows.indexOf(cell.parentNode);
    if (key === "ArrowLeft") {
      return cells.slice(0, cell.cellIndex).reverse();
    }
    if (key === "ArrowRight") {
      return cells.slice(cell.cellIndex + 1);
    }
    const column = columnOf(cell);
    const lines = key === "ArrowUp" ? rows.slice(0, at).reverse() : rows.slice(at + 1);
    return lines.map((line) => cellAt(line, column)).filter(Boolean);
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

  // One after another, so that the page can be used meanwhile.
  function inTurn(waiting, work) {
    function next() {
      if (waiting.length) {
        work(waiting.shift());
        window.setTimeout(next);
      }
    }
    next();
  }

  inTurn(Array.from(document.querySelectorAll("table")), function (table) {
    // The Tab key stops at the first number of the body; arrows lead up to the heads.
    const cells = Array.from(table.querySelectorAll("[data-origin]"));
    const first = table.tBodies[0].querySelector("[data-origin]") || cells[0];
    cells.forEach((cell) => make(cell, cell === first));
  });
  for (const number of document.querySelectorAll("dd[data-origin]")) {
    make(number, true);
  }
  const section = document.querySelector("#tables h2");
  if (section && document.querySelector("[data-origin]")) {
    const hint = element("p", "Choose a number to see where it comes from.");
    hint.className = "hint";
    section.after(hint);
  }
})();
