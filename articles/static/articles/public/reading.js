// Reading aids. Everything on the site can be read without them.
(function () {
  "use strict";
  var KEY = "text-size";
  var SIZES = ["standard", "large", "huge"];
  var root = document.documentElement;

  function remembered() {
    try { return localStorage.getItem(KEY); } catch (refused) { return null; }
  }
  function remember(size) {
    try { localStorage.setItem(KEY, size); } catch (refused) { /* this page only */ }
  }
  function apply(size) {
    root.dataset.textSize = SIZES.indexOf(size) < 0 ? "standard" : size;
  }

  apply(remembered()); // before the page is drawn, so that it does not jump

  function setUpTextSize() {
    var group = document.querySelector(".text-size");
    if (!group) { return; }
    var buttons = group.querySelectorAll("button");
    function mark() {
      buttons.forEach(function (button) {
        button.setAttribute("aria-pressed", String(button.dataset.size === root.dataset.textSize));
      });
    }
    group.addEventListener("click", function (event) {
      var button = event.target.closest("button");
      if (!button) { return; }
      apply(button.dataset.size);
      remember(button.dataset.size);
      mark();
    });
    mark();
    group.hidden = false;
  }

  function setUpCopying() {
    if (!navigator.clipboard) { return; } // only there on HTTPS and localhost
    var said = document.querySelector(".copied");
    document.querySelectorAll("button[data-copies]").forEach(function (button) {
      button.hidden = false;
      button.addEventListener("click", function () {
        var text = document.getElementById(button.dataset.copies).textContent;
        navigator.clipboard.writeText(text).then(
          function () { said.textContent = "已复制。"; },
          function () { said.textContent = "没能复制，请手动选取。"; }
        );
      });
    });
  }

  function setUpPrinting() {
    var button = document.querySelector("button[data-prints]");
    if (!button) { return; }
    button.hidden = false;
    button.addEventListener("click", function () { window.print(); });
  }

  function setUpSharing() {
    var button = document.querySelector("button[data-shares]");
    if (!button || !navigator.share) { return; } // phones mostly
    button.hidden = false;
    button.addEventListener("click", function () {
      navigator.share({ title: document.title, url: document.getElementById("permalink").href })
        .catch(function () { /* changed their mind */ });
    });
  }

  document.addEventListener("DOMContentLoaded", function () {
    setUpTextSize();
    setUpCopying();
    setUpPrinting();
    setUpSharing();
  });
  window.addEventListener("storage", function (event) {
    if (event.key === KEY) { apply(event.newValue); }
  });
})();
