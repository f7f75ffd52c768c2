// What pages do beside links and forms. Every page works without it.
(function () {
  "use strict";
  const $ = (s, r) => (r || document).querySelector(s);
  const all = (s, r) => Array.from((r || document).querySelectorAll(s));

  // Long work says so.
  document.addEventListener("submit", (e) => {
    const say = e.target.dataset && e.target.dataset.busy;
    if (!say) return;
    const busy = $(".busy", e.target);
    $("span", busy).textContent = say;
    busy.hidden = false;
  });
  document.addEventListener("click", (e) => {
    const back = e.target.closest("[data-back]");
    if (back && history.length > 1) { e.preventDefault(); history.back(); }
  });

  // What folds on a phone is open on a wide screen; the style sheet shows it there where the browser knows how.
  if (matchMedia("(min-width: 44.01rem)").matches) all("details.fold").forEach((d) => { d.open = true; });

  // The drawer beside the ledger.
  const drawer = $("#drawer");
  let opener = null;
  let changed = false;
  if (drawer) {
    document.addEventListener("click", (e) => {
      const link = e.target.closest("a[hx-target='#drawer']");
      if (link) opener = link;
      if (e.target.closest("[data-close]")) shut();
    });
    document.addEventListener("keydown", (e) => { if (e.key === "Escape" && drawer.firstChild) shut(); });
    document.body.addEventListener("matter-changed", () => { changed = true; });
    document.body.addEventListener("htmx:afterSwap", (e) => {
      if (e.detail.target === drawer) { drawer.scrollTop = 0; const close = $("[data-close]", drawer); if (close) close.focus(); }
    });
  }
  function shut() { drawer.replaceChildren(); if (changed) { location.reload(); return; } if (opener) opener.focus(); }

  // A plan's document: a row lights its place, a place its row.
  const source = $("[data-source]");
  if (!source) return;
  const rows = $("#rows");
  function light(key, scroll) {
    all(".lit").forEach((n) => n.classList.remove("lit"));
    if (!key) return;
    const marks = all("[data-row='" + CSS.escape(key) + "']", source);
    const row = document.getElementById("row-" + key);
    const place = row && row.dataset.anchor ? document.getElementById(row.dataset.anchor) : null;
    const lit = marks.length ? marks : place ? [place] : [];
    lit.forEach((n) => n.classList.add("lit"));
    if (lit[0] && scroll !== "row") lit[0].scrollIntoView({ block: "center", behavior: "auto" });
    if (row) { row.classList.add("lit"); if (scroll === "row") row.scrollIntoView({ block: "center" }); }
  }
  if (!rows) {
    const asked = decodeURIComponent(location.hash.replace(/^#row-/, ""));
    if (asked) light(asked);
    return;
  }
  rows.addEventListener("mouseover", (e) => { const r = e.target.closest(".row"); if (r) light(r.dataset.key); });
  rows.addEventListener("focusin", (e) => { const r = e.target.closest(".row"); if (r) light(r.dataset.key); });
  source.addEventListener("click", (e) => { const m = e.target.closest("mark[data-row]"); if (m) { light(m.dataset.row, "row"); const r = document.getElementById("row-" + m.dataset.row); if (r) r.focus({ preventScroll: true }); } });

  function current() { const r = document.activeElement && document.activeElement.closest(".row"); return r || $(".row.lit", rows); }
  function go(step, only) {
    const list = all(only ? ".row.open" : ".row", rows);
    if (!list.length) return;
    const here = current();
    let at;
    if (only) { const y = here ? all(".row", rows).indexOf(here) : -1; at = list.find((r) => all(".row", rows).indexOf(r) > y) || list[0]; }
    else { at = list[Math.min(Math.max((here ? list.indexOf(here) : -1) + step, 0), list.length - 1)]; }
    at.focus({ preventScroll: true });
    at.scrollIntoView({ block: "nearest" });
  }
  let onward = null;
  document.addEventListener("keydown", (e) => {
    if (e.ctrlKey || e.metaKey || e.altKey || e.target.closest("input,textarea,select")) return;
    const key = e.key.toLowerCase();
    if (key === "j") { e.preventDefault(); go(1); }
    else if (key === "k") { e.preventDefault(); go(-1); }
    else if (key === "e") { const r = current(); const a = r && $("[data-edit]", r); if (a) { e.preventDefault(); a.click(); } }
    else if (key === "enter" && !e.target.closest("a,button,summary")) {
      const r = current(); if (!r) return;
      e.preventDefault();
      const accept = $("[data-accept]", r);
      onward = r.dataset.key;
      if (accept) accept.click(); else { go(1); onward = null; }
    }
  });
  document.addEventListener("click", (e) => { const n = e.target.closest("[data-next-open]"); if (n) { e.preventDefault(); go(1, true); } });
  // A name nobody knows: asked in a dialog, the likely ones first.
  const ask = $("#ask");
  document.addEventListener("click", (e) => {
    const button = e.target.closest("[data-ask]");
    if (button && ask) {
      e.preventDefault();
      $("[data-printed]", ask).textContent = button.dataset.ask;
      $("input[name=printed]", ask).value = button.dataset.ask;
      const maybe = button.dataset.maybe.split(" ");
      const list = $("select", ask);
      all("option", list).forEach((o) => { o.selected = maybe.length === 1 && maybe[0] === o.value; });
      maybe.slice().reverse().forEach((v) => { const o = all("option", list).find((x) => x.value === v); if (o) list.prepend(o); });
      ask.showModal();
    }
    if (e.target.closest("[data-shut]")) ask.close();
  });
  if (ask) $("[data-filter]", ask).addEventListener("input", (e) => {
    const word = e.target.value.trim();
    all("option", ask).forEach((o) => { o.hidden = word !== "" && !o.textContent.includes(word) && !o.selected; });
  });
  // Where the text was clicked is where it will be split.
  document.addEventListener("selectionchange", () => {
    const s = getSelection();
    const text = s.anchorNode && s.anchorNode.parentElement && s.anchorNode.parentElement.closest("[data-text]");
    if (!text || s.anchorNode.nodeType !== 3) return;
    const field = $("[data-split-at]", text.closest(".row"));
    const clause = text.lastChild;
    if (field) field.value = s.anchorNode === clause ? s.anchorOffset : 0;
  });
  document.body.addEventListener("htmx:afterSettle", () => {
    if (!onward) return;
    const done = document.getElementById("row-" + onward);
    onward = null;
    if (done) { done.focus({ preventScroll: true }); go(1); }
  });
})();
