// Marks the section that is being read in the contents, and names it in the bar of narrow windows.
(function () {
  "use strict";
  const nav = document.getElementById("contents");
  const bar = document.querySelector(".bar");
  const places = Array.from(nav.querySelectorAll("ol a"), (link) => ({
    link: link,
    target: document.getElementById(link.hash.slice(1)),
  })).filter((place) => place.target);
  let current = null;
  let waiting = false;

  function mark() {
    waiting = false;
    const line = window.innerHeight / 3;
    const atEnd = window.innerHeight + window.scrollY >= root().scrollHeight - 2;
    const read = places.filter((place) => place.target.getBoundingClientRect().top <= line);
    const found = atEnd ? places[places.length - 1] : read[read.length - 1];
    if (found === current) {
      return;
    }
    if (current) {
      current.link.removeAttribute("aria-current");
    }
    current = found || null;
    bar.textContent = current ? "Contents \u00b7 " + current.link.textContent : "Contents";
    if (current) {
      current.link.setAttribute("aria-current", "true");
      keepInView(current.link);
    }
  }

  function root() {
    return document.documentElement;
  }

  // Scrolls the contents only, never the page.
  function keepInView(link) {
    const box = nav.getBoundingClientRect();
    const own = link.getBoundingClientRect();
    if (own.top < box.top) {
      nav.scrollTop -= box.top - own.top + 12;
    } else if (own.bottom > box.bottom) {
      nav.scrollTop += own.bottom - box.bottom + 12;
    }
  }

  function later() {
    if (!waiting) {
      waiting = true;
      window.requestAnimationFrame(mark);
    }
  }

  window.addEventListener("scroll", later, { passive: true });
  window.addEventListener("resize", later);
  mark();
})();
