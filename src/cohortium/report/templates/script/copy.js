// A button that copies a table: cells for a spreadsheet, a table for a word processor.
(function () {
  "use strict";
  const EDGE = "1px solid #000000";

  function text(node) {
    return node.textContent.trim().replace(/\s+/g, " ");
  }

  // The text of a cell without the letters of its notes.
  function bare(cell) {
    const copy = cell.cloneNode(true);
    copy.querySelectorAll("sup").forEach((mark) => mark.remove());
    return text(copy);
  }

  // A spreadsheet would run what starts like a formula.
  function guarded(words) {
    const risky = /^[\s\u200b\ufeff]*[=+\-@|%\uff1d\uff0b\uff0d\uff20\uff5c\uff05]/.test(words);
    return risky && !/^[+-]?\d+([.,]\d+)?(e[+-]?\d+)?$/i.test(words) ? "'" + words : words;
  }

  function tabs(table) {
    return Array.from(table.rows, (row) => {
      const cells = [];
      for (const cell of row.cells) {
        cells.push(guarded(bare(cell)));
        for (let more = 1; more < cell.colSpan && row.parentNode.tagName === "THEAD"; more += 1) {
          cells.push("");
        }
      }
      return cells.join("\t");
    }).join("\n");
  }

  // A plain table with its lines, as a word processor keeps them.
  function plain(table, notes) {
    const copy = document.createElement("table");
    copy.style.borderCollapse = "collapse";
    copy.style.borderTop = EDGE;
    copy.style.borderBottom = EDGE;
    if (table.caption) {
      copy.createCaption().textContent = text(table.caption);
    }
    for (const part of [table.tHead, ...table.tBodies]) {
      const section = copy.appendChild(document.createElement(part.tagName));
      for (const row of part.rows) {
        const line = section.appendChild(document.createElement("tr"));
        for (const cell of row.cells) {
          line.appendChild(plainCell(cell, part === table.tHead && row === part.rows[part.rows.length - 1]));
        }
      }
    }
    return copy.outerHTML + notes.map((note) => note.outerHTML).join("");
  }

  function plainCell(cell, isLastHead) {
    const copy = document.createElement(cell.tagName);
    const marks = Array.from(cell.querySelectorAll("sup"), (mark) => mark.textContent).join(",");
    copy.textContent = guarded(bare(cell));
    if (marks) {
      copy.appendChild(document.createElement("sup")).textContent = marks;
    }
    copy.colSpan = cell.colSpan;
    copy.style.textAlign = cell.cellIndex ? "right" : "left";
    copy.style.fontWeight = "normal";
    copy.style.padding = "2px 6px";
    if (cell.classList.contains("indent-1")) {
      copy.style.paddingLeft = "18px";
    }
    if (isLastHead) {
      copy.style.borderBottom = EDGE;
    }
    return copy;
  }

  // The old command also works in a page that was opened as a file, in every browser.
  function copy(table, notes) {
    function fill(event) {
      event.clipboardData.setData("text/plain", tabs(table));
      event.clipboardData.setData("text/html", plain(table, notes));
      event.preventDefault();
    }
    document.addEventListener("copy", fill, { once: true });
    const done = document.execCommand("copy");
    document.removeEventListener("copy", fill);
    return done;
  }

  function button(table, notes) {
    const made = document.createElement("button");
    const status = document.createElement("span");
    made.type = "button";
    made.textContent = "Copy table";
    made.setAttribute("aria-label", "Copy table: " + text(table.caption));
    status.className = "status";
    status.setAttribute("role", "status");
    made.addEventListener("click", function () {
      status.textContent = copy(table, notes)
        ? "Copied for a spreadsheet or a word processor."
        : "This browser does not let a page copy.";
      window.setTimeout(() => (status.textContent = ""), 4000);
    });
    return [made, status];
  }

  for (const tools of document.querySelectorAll(".tools")) {
    const exhibit = tools.parentNode;
    tools.prepend(...button(exhibit.querySelector("table"), Array.from(exhibit.querySelectorAll(".notes p"))));
  }
  document.addEventListener("figure-table", function (event) {
    event.target.querySelector(".tools").prepend(...button(event.target.querySelector("table"), []));
  });
})();
