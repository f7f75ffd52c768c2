// Optional: keeps the chosen size of letters, offers printing, and suggests while one types. Every page works without it.
"use strict";
(function () {
  var key = "gongkai-size", held = null;
  try { held = localStorage.getItem(key); } catch (e) { /* private window */ }
  var chosen = held && document.getElementById("size-" + held);
  if (chosen) chosen.checked = true;
  document.querySelectorAll("input[name=size]").forEach(function (one) {
    one.addEventListener("change", function () {
      try { localStorage.setItem(key, one.value); } catch (e) { /* the same */ }
    });
  });
  var button = document.getElementById("print");
  if (button) { button.hidden = false; button.addEventListener("click", function () { window.print(); }); }

  // Suggestions: a combobox with a list below it (WAI-ARIA 1.2). What is shown is text, never markup.
  document.querySelectorAll("input[data-suggest]").forEach(function (box) {
    var list = document.createElement("ul"), told = document.createElement("span"), at = -1, timer = 0, asking = null, typed = "";
    list.id = box.id + "-hints"; list.className = "hints"; list.hidden = true;
    list.setAttribute("role", "listbox"); list.setAttribute("aria-label", "输入提示");
    told.className = "hidden"; told.setAttribute("role", "status");
    box.setAttribute("role", "combobox"); box.setAttribute("aria-autocomplete", "list");
    box.setAttribute("aria-expanded", "false"); box.setAttribute("aria-controls", list.id); box.autocomplete = "off";
    box.parentNode.append(list, told);
    function close() {
      list.hidden = true; at = -1; told.textContent = "";
      box.setAttribute("aria-expanded", "false"); box.removeAttribute("aria-activedescendant");
    }
    function choose(n) {
      var all = list.children;
      at = (n + all.length + 1) % (all.length + 1);
      for (var i = 0; i < all.length; i++) all[i].setAttribute("aria-selected", String(i === at));
      if (at < all.length) {
        box.setAttribute("aria-activedescendant", all[at].id); box.value = all[at].textContent;
        all[at].scrollIntoView({ block: "nearest" });
      } else { at = -1; box.removeAttribute("aria-activedescendant"); box.value = typed; }
    }
    function show(words) {
      list.textContent = ""; at = -1;
      words.forEach(function (word, n) {
        var one = document.createElement("li");
        one.id = list.id + "-" + n; one.setAttribute("role", "option"); one.setAttribute("aria-selected", "false");
        one.textContent = word;
        one.addEventListener("mousedown", function (event) { event.preventDefault(); });
        one.addEventListener("click", function () { box.value = word; close(); box.form.requestSubmit(); });
        list.append(one);
      });
      if (!words.length || document.activeElement !== box) { close(); return; }
      list.hidden = false; box.setAttribute("aria-expanded", "true");
      told.textContent = words.length + "条提示，按上下键选择";
    }
    box.addEventListener("input", function (event) {
      typed = box.value; clearTimeout(timer);
      if (asking) asking.abort();
      if (event.isComposing || !typed.trim()) { close(); return; }
      timer = setTimeout(function () {
        asking = new AbortController();
        fetch(box.dataset.suggest + "?q=" + encodeURIComponent(typed.trim()), { signal: asking.signal })
          .then(function (answer) { return answer.ok ? answer.json() : []; }).then(show).catch(function () { /* none then */ });
      }, 150);
    });
    box.addEventListener("compositionend", function () { box.dispatchEvent(new Event("input")); });
    box.addEventListener("keydown", function (event) {
      if (event.isComposing) return;
      if (event.key === "Escape" && !list.hidden) { event.preventDefault(); box.value = typed; close(); return; }
      if (list.hidden || !list.children.length) return;
      if (event.key === "ArrowDown") { event.preventDefault(); choose(at + 1); }
      if (event.key === "ArrowUp") { event.preventDefault(); choose(at < 0 ? list.children.length - 1 : at - 1); }
    });
    box.addEventListener("blur", close);
  });
})();
