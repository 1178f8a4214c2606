// Completes what is typed into a search box. Without it every search works by its button.
(function () {
  "use strict";
  var PAUSE = 180; // milliseconds without a key before asking
  var count = 0;

  function setUp(input) {
    var address = input.form.dataset.completes;
    var list = document.createElement("ul");
    var known = {};
    var options = [];
    var active = -1;
    var asked = "";
    var timer = 0;

    list.id = "completions-" + (count += 1);
    list.className = "completions";
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", "可能要找的");
    list.hidden = true;
    input.parentNode.appendChild(list);
    input.setAttribute("role", "combobox");
    input.setAttribute("aria-autocomplete", "list");
    input.setAttribute("aria-controls", list.id);
    input.setAttribute("aria-expanded", "false");
    input.autocomplete = "off";

    function close() {
      list.hidden = true;
      mark(-1);
      input.setAttribute("aria-expanded", "false");
    }
    function mark(index) {
      if (options[active]) { options[active].setAttribute("aria-selected", "false"); }
      active = index;
      if (options[active]) {
        options[active].setAttribute("aria-selected", "true");
        options[active].scrollIntoView({ block: "nearest" });
        input.setAttribute("aria-activedescendant", options[active].id);
      } else {
        input.removeAttribute("aria-activedescendant");
      }
    }
    function show(answer) {
      list.textContent = "";
      options = answer[1].map(function (text, index) {
        var option = document.createElement("li");
        var what = document.createElement("span");
        option.id = list.id + "-" + index;
        option.setAttribute("role", "option");
        option.setAttribute("aria-selected", "false");
        option.dataset.url = answer[3][index];
        option.textContent = text + " ";
        what.textContent = answer[2][index];
        option.appendChild(what);
        list.appendChild(option);
        return option;
      });
      active = -1;
      list.hidden = !options.length;
      input.setAttribute("aria-expanded", String(options.length > 0));
    }
    function ask() {
      var text = input.value.trim();
      asked = text;
      if (!text) { close(); return; }
      if (known[text]) { show(known[text]); return; }
      fetch(address + "?q=" + encodeURIComponent(text))
        .then(function (response) { return response.ok ? response.json() : Promise.reject(response.status); })
        .then(function (answer) {
          known[text] = answer;
          if (asked === text && document.activeElement === input) { show(answer); }
        })
        .catch(close); // offline or refused: the button still works
    }
    function later() {
      clearTimeout(timer);
      timer = setTimeout(ask, PAUSE);
    }
    input.addEventListener("input", function (event) {
      if (!event.isComposing) { later(); } // letters of an input method are not yet what is meant
    });
    input.addEventListener("compositionend", later);
    input.addEventListener("keydown", function (event) {
      if (event.isComposing || list.hidden) { return; }
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        var step = event.key === "ArrowDown" ? 1 : -1;
        var places = options.length + 1; // one for the box itself
        mark((active + 1 + step + places) % places - 1);
      } else if (event.key === "Enter" && options[active]) {
        location.assign(options[active].dataset.url);
      } else if (event.key === "Escape") {
        close();
      } else {
        return;
      }
      event.preventDefault();
    });
    input.addEventListener("blur", close);
    list.addEventListener("pointerdown", function (event) { event.preventDefault(); }); // keep the box focused
    list.addEventListener("click", function (event) {
      var option = event.target.closest("[role=option]");
      if (option) { location.assign(option.dataset.url); }
    });
  }

  document.querySelectorAll("form[data-completes] input[type=search]").forEach(setUp);
})();
