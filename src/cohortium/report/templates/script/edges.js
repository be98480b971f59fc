// Shows at which side a table or a figure goes on where it is wider than the window.
(function () {
  "use strict";

  function mark(node) {
    const left = node.scrollWidth - node.clientWidth - node.scrollLeft;
    node.classList.toggle("more", left > 1);
  }

  const seen = new ResizeObserver((entries) => entries.forEach((entry) => mark(entry.target)));
  for (const node of document.querySelectorAll(".scroll")) {
    node.addEventListener("scroll", () => mark(node), { passive: true });
    seen.observe(node);
  }
})();
