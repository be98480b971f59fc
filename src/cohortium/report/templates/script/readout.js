// Values read off a figure: at the pointer, or with the arrow keys.
(function () {
  "use strict";
  const monthDays = JSON.parse(document.getElementById("origins").textContent).month_days;
  const STEPS = 120;

  function element(tag, name, text) {
    const made = document.createElement(tag);
    made.className = name || "";
    made.textContent = text || "";
    return made;
  }

  function limited(value) {
    return Math.min(1, Math.max(0, value));
  }

  function texts(column) {
    return column.words ? column.at.map((place) => column.words[place]) : column;
  }

  // What a curve says on a day: its value there, its limits, the patients still at risk; null after its end.
  function at(curve, columns, day) {
    let last = curve.first;
    for (let row = curve.first; row < curve.last && columns.time[row] <= day + 1e-9; row += 1) {
      last = row;
    }
    const end = columns.time[curve.last - 1];
    if (day > end + 1e-9) {
      return null;
    }
    let next = last;
    while (next < curve.last - 1 && columns.time[next] < day - 1e-9) {
      next += 1;
    }
    return { row: last, atRisk: columns.n ? columns.n[next] : null };
  }

  function stepReader(figure) {
    const readout = figure.readout;
    const column = (name) => (figure.header.includes(name) ? texts(figure.columns[figure.header.indexOf(name)]) : null);
    const columns = {
      time: column(readout.time), value: column(readout.value), lower: column("lower"), upper: column("upper"),
      n: column("n_at_risk"),
    };
    const print = (value) => (readout.factor * value).toFixed(readout.decimals);
    const sign = readout.factor === 100 ? "%" : "";

    // Where values are known at some times only, the nearest of them.
    function snapped(curve, day) {
      if (!curve.joined) {
        return day;
      }
      const times = columns.time.slice(curve.first, curve.last);
      return times.reduce((best, time) => (Math.abs(time - day) < Math.abs(best - day) ? time : best));
    }

    function line(curve, day) {
      const found = at(curve, columns, day);
      if (!found) {
        return { name: curve.name, color: curve.color, value: "ended", more: "" };
      }
      const low = columns.lower && columns.lower[found.row];
      const high = columns.upper && columns.upper[found.row];
      const interval = low === null || high === null ? "" : "(" + print(low) + " to " + print(high) + ")";
      const risk = found.atRisk === null ? "" : found.atRisk + " at risk";
      return {
        name: curve.name, color: curve.color, value: print(columns.value[found.row]) + sign + (interval && " " + interval),
        more: risk,
      };
    }

    return {
      orientation: "horizontal",
      at: (panel, x) => {
        const box = figure.panels[panel];
        const curves = readout.curves.filter((curve) => curve.panel === panel);
        const day = snapped(curves[0], box.start + x * (box.end - box.start));
        return {
          x: limited((day - box.start) / (box.end - box.start)),
          title: (day / monthDays).toFixed(1) + " " + readout.unit,
          lines: curves.map((curve) => line(curve, day)),
        };
      },
    };
  }

  function draw(tip, found) {
    const list = element("table");
    for (const line of found.lines) {
      const row = list.insertRow();
      const swatch = element("span", "swatch");
      swatch.style.background = line.color;
      row.insertCell().append(swatch, line.name);
      row.insertCell().textContent = line.value;
      row.insertCell().textContent = line.more;
    }
    tip.replaceChildren(element("p", "", found.title), list);
  }

  function inWords(found) {
    return found.title + ": " + found.lines.map((l) => [l.name + " " + l.value, l.more].filter(Boolean).join(", ")).join("; ");
  }

  function slider(plot, title, orientation) {
    const made = element("div", "reader");
    made.tabIndex = 0;
    made.setAttribute("role", "slider");
    made.setAttribute("aria-label", "Read values: " + title);
    made.setAttribute("aria-orientation", orientation);
    made.setAttribute("aria-valuemin", "0");
    plot.append(made);
    return made;
  }

  // Curves over time: a line in every panel of the pointer's time, the values of the panel pointed at.
  function readSteps(plot, figure, title) {
    const reader = stepReader(figure);
    const layer = slider(plot, title, "horizontal");
    const tip = element("div", "tip");
    const line = element("div", "line");
    let panel = 0;
    let x = 0;
    tip.setAttribute("aria-hidden", "true");
    layer.append(line, tip);
    layer.setAttribute("aria-valuemax", String(STEPS * figure.panels.length));

    function show() {
      const box = figure.panels[panel];
      const found = reader.at(panel, x);
      draw(tip, found);
      layer.setAttribute("aria-valuenow", String(panel * STEPS + Math.round(x * STEPS)));
      layer.setAttribute("aria-valuetext", inWords(found));
      line.style.left = 100 * (box.left + found.x * box.width) + "%";
      line.style.top = 100 * box.top + "%";
      line.style.height = 100 * box.height + "%";
      beside(tip, layer, box.left + found.x * box.width, box.top);
    }

    // To the next value there is, and from the end of a panel into the next one.
    function step(by) {
      const before = reader.at(panel, x).x;
      let place = Math.round(before * STEPS) + by;
      while (place > 0 && place < STEPS && reader.at(panel, place / STEPS).x === before) {
        place += Math.sign(by);
      }
      if (place > STEPS && panel + 1 < figure.panels.length) {
        panel += 1;
        x = 0;
      } else if (place < 0 && panel > 0) {
        panel -= 1;
        x = 1;
      } else {
        x = limited(place / STEPS);
      }
    }

    layer.addEventListener("pointermove", function (event) {
      const box = layer.getBoundingClientRect();
      const across = (event.clientX - box.left) / box.width;
      const down = (event.clientY - box.top) / box.height;
      panel = nearest(figure.panels, across, down);
      x = limited((across - figure.panels[panel].left) / figure.panels[panel].width);
      layer.classList.add("shown");
      show();
    });
    keys(layer, function (by, to) {
      if (to !== undefined) {
        panel = to ? figure.panels.length - 1 : 0;
        x = to;
      } else {
        step(by);
      }
      show();
    }, 1, 10);
    layer.addEventListener("focus", show);
    show();
  }

  // Rows: the row pointed at, with what it says.
  function readRows(plot, figure, title) {
    const box = figure.panels[0];
    const rows = box.rows.map((y, place) => ({ y: box.top + y * box.height, text: figure.readout.texts[place] })).filter((row) => row.text);
    if (!rows.length) {
      return;
    }
    const layer = slider(plot, title, "vertical");
    const tip = element("div", "tip");
    const band = element("div", "band");
    let place = 0;
    tip.setAttribute("aria-hidden", "true");
    layer.append(band, tip);
    band.style.width = figure.panels.length === 1 ? "100%" : 100 * (box.left + box.width) + "%";
    layer.setAttribute("aria-valuemax", String(rows.length - 1));

    function show() {
      tip.textContent = rows[place].text;
      layer.setAttribute("aria-valuenow", String(place));
      layer.setAttribute("aria-valuetext", rows[place].text);
      band.style.top = 100 * rows[place].y + "%";
      beside(tip, layer, box.left, rows[place].y + 0.03);
    }

    layer.addEventListener("pointermove", function (event) {
      const own = layer.getBoundingClientRect();
      const y = (event.clientY - own.top) / own.height;
      place = rows.reduce((best, row, i) => (Math.abs(row.y - y) < Math.abs(rows[best].y - y) ? i : best), 0);
      layer.classList.add("shown");
      show();
    });
    // Down goes to the next row, as the eye does.
    keys(layer, function (by, to) {
      place = to === undefined ? Math.min(rows.length - 1, Math.max(0, place + by)) : to * (rows.length - 1);
      show();
    }, -1, 5);
    layer.addEventListener("focus", show);
    show();
  }

  // Bars, boxes and dots: the one pointed at, framed, with what it says.
  function readMarks(plot, figure, title) {
    const marks = figure.readout.marks.map(([left, top, width, height, text]) => ({ left, top, width, height, text }));
    if (!marks.length) {
      return;
    }
    const layer = slider(plot, title, "horizontal");
    const tip = element("div", "tip");
    const frame = element("div", "frame");
    let place = 0;
    tip.setAttribute("aria-hidden", "true");
    layer.append(frame, tip);
    layer.setAttribute("aria-valuemax", String(marks.length - 1));

    function show() {
      const mark = marks[place];
      tip.textContent = mark.text;
      layer.setAttribute("aria-valuenow", String(place));
      layer.setAttribute("aria-valuetext", mark.text);
      for (const side of ["left", "top", "width", "height"]) {
        frame.style[side] = 100 * mark[side] + "%";
      }
      beside(tip, layer, mark.left + mark.width, mark.top);
    }

    layer.addEventListener("pointermove", function (event) {
      const own = layer.getBoundingClientRect();
      place = nearest(marks, (event.clientX - own.left) / own.width, (event.clientY - own.top) / own.height);
      layer.classList.add("shown");
      show();
    });
    keys(layer, function (by, to) {
      place = to === undefined ? Math.min(marks.length - 1, Math.max(0, place + by)) : to * (marks.length - 1);
      show();
    }, -1, 10);
    layer.addEventListener("focus", show);
    show();
  }

  function nearest(panels, across, down) {
    function away(panel) {
      const x = Math.max(panel.left - across, 0, across - panel.left - panel.width);
      const y = Math.max(panel.top - down, 0, down - panel.top - panel.height);
      return x + y;
    }
    return panels.reduce((best, panel, place) => (away(panel) < away(panels[best]) ? place : best), 0);
  }

  // Right of the place, or left where that would leave the picture; what is not shown is not measured.
  function beside(tip, layer, left, top) {
    if (!layer.classList.contains("shown") && document.activeElement !== layer) {
      return;
    }
    const width = layer.clientWidth;
    const at = left * width + 12;
    const room = width - tip.offsetWidth - 4;
    const fits = at <= room || left * width - tip.offsetWidth - 12 < 0;
    tip.style.left = Math.max(0, Math.min(fits ? at : left * width - tip.offsetWidth - 12, room)) + "px";
    tip.style.top = 100 * top + "%";
  }

  function keys(layer, move, upward, page) {
    const steps = { ArrowRight: 1, ArrowLeft: -1, ArrowUp: upward, ArrowDown: -upward, PageUp: upward * page, PageDown: -upward * page };
    layer.addEventListener("keydown", function (event) {
      if (event.key === "Escape") {
        layer.classList.remove("shown");
        return;
      }
      const isEnd = event.key === "Home" || event.key === "End";
      if (!isEnd && !(event.key in steps)) {
        return;
      }
      event.preventDefault();
      layer.classList.add("shown");
      if (isEnd) {
        move(0, event.key === "End" ? 1 : 0);
      } else {
        move(steps[event.key]);
      }
    });
    layer.addEventListener("pointerleave", () => layer.classList.remove("shown"));
    layer.addEventListener("blur", () => layer.classList.remove("shown"));
  }

  const section = document.querySelector("#figures h2");
  if (section) {
    section.after(element("p", "hint", "Point at a figure, or choose it with the Tab key and use the arrow keys, to read its values."));
  }
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

  inTurn(Array.from(document.querySelectorAll("figure script")), function (source) {
    const figure = JSON.parse(source.textContent);
    const exhibit = source.closest("figure");
    const title = exhibit.querySelector("h3").textContent;
    if (figure.readout) {
      const read = { rows: readRows, steps: readSteps, marks: readMarks }[figure.readout.kind];
      read(exhibit.querySelector(".plot"), figure, title);
    }
  });
})();
