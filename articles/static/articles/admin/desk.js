// A little comfort; everything works without it. Text areas grow with their text, unsaved work is not left by accident,
// a block and its source lines light up together, and Ctrl+S saves.
"use strict";
(() => {
  const form = document.getElementById("item-form");
  if (!form) return;
  const grow = (area) => {
    area.style.height = "0";
    area.style.height = `${area.scrollHeight + 2}px`;
  };
  const areas = form.querySelectorAll(".block textarea");
  areas.forEach(grow);
  const start = document.querySelector(".source-start");
  if (start && !window.location.hash) {
    const line = document.getElementById(start.hash.slice(1));
    const panel = line.closest(".source");
    panel.scrollTop = line.offsetTop - panel.offsetTop - 60;
  }
  let dirty = false;
  form.addEventListener("input", (event) => {
    dirty = true;
    if (event.target.matches(".block textarea")) grow(event.target);
  });
  form.addEventListener("submit", () => { dirty = false; });
  window.addEventListener("beforeunload", (event) => {
    if (dirty) event.preventDefault();
  });
  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "s") {
      const save = form.querySelector("[name=_save]");
      if (save) {
        event.preventDefault();
        form.requestSubmit(save);
      }
    }
  });
  const linesOf = (id) => [...document.querySelectorAll(`.source-lines li[data-marks~="#b-${CSS.escape(id)}"]`)];
  form.querySelectorAll(".block[id]").forEach((block) => {
    const id = block.id.slice(2);
    const light = (on) => linesOf(id).forEach((line, index) => {
      line.classList.toggle("is-lit", on);
      if (on && index === 0) {
        const panel = line.closest(".source");
        const top = line.offsetTop - panel.offsetTop;
        if (top < panel.scrollTop || top > panel.scrollTop + panel.clientHeight - 60) panel.scrollTop = top - 80;
      }
    });
    block.addEventListener("focusin", () => light(true));
    block.addEventListener("focusout", () => light(false));
  });
})();
