// A little comfort; everything works without it. Text areas grow with their text, unsaved work is not left by accident,
// a block and its source lines light up together, Ctrl+S saves and comes back to the same place, Alt+↑ and Alt+↓ go from
// block to block.
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
  const PLACE = "desk-place";
  form.addEventListener("submit", (event) => {
    dirty = false;
    const area = document.activeElement;
    if (!event.submitter || event.submitter.name !== "_save" || !area.matches(".block textarea")) return;
    const id = area.closest(".block").id;
    const place = { path: window.location.pathname, id, at: area.selectionStart, top: window.scrollY };
    try { sessionStorage.setItem(PLACE, JSON.stringify(place)); } catch (refused) { /* then at the top */ }
  });
  const comeBack = () => {
    let place = null;
    try {
      place = JSON.parse(sessionStorage.getItem(PLACE));
      sessionStorage.removeItem(PLACE);
    } catch (refused) { return; }
    if (!place || place.path !== window.location.pathname || document.querySelector(".errornote")) return;
    const area = document.querySelector(`#${CSS.escape(place.id)} textarea`);
    if (!area) return;
    area.focus({ preventScroll: true });
    area.setSelectionRange(place.at, place.at);
    window.scrollTo(0, place.top);
    const said = document.querySelector(".messagelist li");
    if (said) { // it stands above what is in view now
      const again = document.createElement("span");
      again.className = "said";
      again.textContent = said.textContent.trim();
      form.querySelector(".bar").append(again);
    }
  };
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
    const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (step && event.altKey && event.target.matches(".block textarea")) {
      const next = areas[[...areas].indexOf(event.target) + step];
      if (next) {
        event.preventDefault();
        next.focus();
        next.scrollIntoView({ block: "center" });
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
  comeBack();
})();
