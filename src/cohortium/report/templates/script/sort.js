// Buttons in the last line of a table's head that sort its rows; each row stays in its group.
(function () {
  "use strict";
  const NEXT = { none: "ascending", ascending: "descending", descending: "none" };
  const data = JSON.parse(document.getElementById("origins").textContent);
  const VALUE = data.columns.indexOf("value");

  // What a row is sorted by: its name, or its number as printed and, where two print the same, as computed.
  function values(rows, column) {
    const cells = rows.map((row) => row.cells[column]);
    return column === 0 ? cells.map((cell) => [cell.textContent.trim()]) : cells.map((cell) => [printed(cell), computed(cell)]);
  }

  function computed(cell) {
    return cell.dataset.origin ? data.rows[Number(cell.dataset.origin.split(" ")[0])][VALUE] : null;
  }

  function printed(cell) {
    const text = cell.textContent.trim().replace(/,(?=\d{3})/g, "").replace(/\u2212/g, "-");
    if (text.startsWith("NR")) {
      return Infinity;
    }
    const found = text.match(/-?\d+(\.\d+)?/);
    return found ? Number(found[0]) : null;
  }

  // What has no value comes last in either direction.
  function compare(one, two, sign) {
    if (one === two || one === undefined) {
      return 0;
    }
    if (one === null || two === null) {
      return (one === null) - (two === null);
    }
    if (typeof one === "string") {
      return sign * one.localeCompare(two, "en", { numeric: true });
    }
    return sign * (one < two ? -1 : 1);
  }

  function sort(table, groups, column, direction) {
    for (const rows of groups) {
      const kept = values(rows, column);
      const order = rows.map((_, place) => place);
      if (direction !== "none") {
        const sign = direction === "ascending" ? 1 : -1;
        order.sort((a, b) => compare(kept[a][0], kept[b][0], sign) || compare(kept[a][1], kept[b][1], sign) || a - b);
      }
      // Groups may stand apart, so each is put back where its first row was.
      const before = document.createComment("");
      firstOf(rows).before(before);
      for (const place of order) {
        before.before(rows[place]);
      }
      before.remove();
    }
  }

  function firstOf(rows) {
    return rows.reduce((first, row) => (row.rowIndex < first.rowIndex ? row : first));
  }

  function groupsOf(table) {
    const found = new Map();
    for (const row of table.tBodies[0].rows) {
      if (row.dataset.group) {
        found.set(row.dataset.group, [...(found.get(row.dataset.group) || []), row]);
      }
    }
    return Array.from(found.values());
  }

  for (const table of document.querySelectorAll("table[data-sortable]")) {
    const groups = groupsOf(table);
    const heads = Array.from(table.tHead.rows[table.tHead.rows.length - 1].cells);
    heads.forEach(function (head, column) {
      const found = groups.flatMap((rows) => rows.map((row) => row.cells[column].textContent.trim()));
      if (!head.textContent.trim() || new Set(found).size < 2) {
        return;
      }
      const button = document.createElement("button");
      button.type = "button";
      button.className = "sort";
      // The number of patients is a button of its own.
      const size = head.querySelector("[data-origin]");
      const nodes = Array.from(head.childNodes);
      button.append(...(size ? nodes.slice(0, nodes.indexOf(size)) : nodes));
      button.classList.toggle("beside", Boolean(size));
      head.prepend(button, size ? " " : "");
      head.setAttribute("aria-sort", "none");
      button.addEventListener("click", function () {
        const direction = NEXT[head.getAttribute("aria-sort")];
        heads.filter((other) => other.hasAttribute("aria-sort")).forEach((other) => other.setAttribute("aria-sort", "none"));
        head.setAttribute("aria-sort", direction);
        sort(table, groups, column, direction);
      });
    });
  }
})();
