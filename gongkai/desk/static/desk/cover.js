// Areas of a page to be covered: drawn with a finger or the mouse, written into the fields. Without it they are typed.
(function () {
  "use strict";
  const SIDES = ["left", "top", "right", "bottom"];
  const all = (s, r) => Array.from((r || document).querySelectorAll(s));
  const pick = document.getElementById("pick");
  if (!pick) return;
  const field = (n, name) => document.getElementsByName("areas-" + n + "-" + name)[0];
  const rows = () => all("input[name^='areas-'][name$='-page']").map((f) => Number(f.name.split("-")[1]));
  const empty = (n) => ["page", "reason", ...SIDES].every((s) => !field(n, s).value.trim());

  function another() {
    const last = field(rows().pop(), "page").closest("fieldset");
    const n = rows().length;
    const made = last.cloneNode(true);
    all("[name]", made).forEach((f) => { f.name = f.name.replace(/-\d+-/, "-" + n + "-"); f.value = ""; if (f.id) f.id = "f-" + f.name; });
    all("label[for]", made).forEach((l) => { l.htmlFor = l.htmlFor.replace(/-\d+-/, "-" + n + "-"); });
    const legend = made.querySelector("legend");
    if (legend) legend.textContent = "区域" + (n + 1);
    last.after(made);
    return n;
  }

  function draw() {
    all(".pick-box").forEach((b) => b.remove());
    rows().forEach((n) => {
      const page = pick.querySelector(".pick-page[data-page='" + Number(field(n, "page").value) + "']");
      const at = SIDES.map((s) => parseFloat(field(n, s).value));
      if (!page || at.some(Number.isNaN)) return;
      const w = parseFloat(page.dataset.width), h = parseFloat(page.dataset.height);
      const box = document.createElement("span");
      box.className = "pick-box";
      box.textContent = n + 1;
      box.style.left = (100 * at[0]) / w + "%";
      box.style.top = (100 * at[1]) / h + "%";
      box.style.width = (100 * (at[2] - at[0])) / w + "%";
      box.style.height = (100 * (at[3] - at[1])) / h + "%";
      page.append(box);
    });
  }

  all(".pick-page", pick).forEach((page) => {
    let from = null, box = null;
    const place = (e) => {
      const r = page.getBoundingClientRect();
      const part = (v, size) => Math.min(Math.max(v / size, 0), 1);
      return [part(e.clientX - r.left, r.width), part(e.clientY - r.top, r.height)];
    };
    const span = (a, b) => [Math.min(a[0], b[0]), Math.min(a[1], b[1]), Math.max(a[0], b[0]), Math.max(a[1], b[1])];
    page.addEventListener("pointerdown", (e) => {
      if (e.button) return;
      from = place(e);
      box = document.createElement("span");
      box.className = "pick-box";
      page.append(box);
      page.setPointerCapture(e.pointerId);
      e.preventDefault();
    });
    page.addEventListener("pointermove", (e) => {
      if (!from) return;
      const [l, t, r, b] = span(from, place(e));
      Object.assign(box.style, { left: 100 * l + "%", top: 100 * t + "%", width: 100 * (r - l) + "%", height: 100 * (b - t) + "%" });
    });
    const end = (e) => {
      if (!from) return;
      const at = span(from, place(e));
      from = null;
      box.remove();
      const w = parseFloat(page.dataset.width), h = parseFloat(page.dataset.height);
      const told = [at[0] * w, at[1] * h, at[2] * w, at[3] * h];
      if (e.type === "pointerup" && told[2] - told[0] > 0.1 && told[3] - told[1] > 0.1) {
        const free = rows().find(empty);
        const n = free === undefined ? another() : free;
        field(n, "page").value = page.dataset.page;
        SIDES.forEach((s, i) => { field(n, s).value = told[i].toFixed(2); });
      }
      draw();
    };
    page.addEventListener("pointerup", end);
    page.addEventListener("pointercancel", end);
  });
  document.addEventListener("input", (e) => { if (e.target.name && e.target.name.startsWith("areas-")) draw(); });
  pick.addEventListener("toggle", draw);
  draw();
})();
