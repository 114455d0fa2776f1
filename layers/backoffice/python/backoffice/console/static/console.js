// Keyboard shortcuts; every page works without them.
"use strict";
(() => {
  const base = document.body.dataset.base;
  let going = false;
  const typing = (place) => place.closest("input, textarea, select, [contenteditable]");
  const rows = () => [...document.querySelectorAll("main tbody tr")].filter((row) => row.querySelector("a"));
  const step = (by) => {
    const all = rows();
    if (!all.length) return;
    const now = all.findIndex((row) => row.contains(document.activeElement));
    const next = all[Math.min(all.length - 1, Math.max(0, now + by))];
    next.querySelector("a").focus();
  };
  const follow = (relation) => {
    const link = document.querySelector(`main a[rel=${relation}]`);
    if (link) link.click();
  };
  const acts = {
    "/": () => document.getElementById("find")?.focus(),
    "?": () => document.getElementById("keys")?.showModal(),
    j: () => step(1),
    k: () => step(-1),
    n: () => follow("next"),
    p: () => follow("prev"),
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
    if (going) {
      going = false;
      const link = document.querySelector(`nav a[data-letter="${CSS.escape(event.key)}"]`);
      if (link) { event.preventDefault(); window.location.assign(link.href); }
      return;
    }
    if (event.key === "g") { going = true; setTimeout(() => { going = false; }, 1500); return; }
    const act = acts[event.key];
    if (act) { event.preventDefault(); act(); }
  });
})();
