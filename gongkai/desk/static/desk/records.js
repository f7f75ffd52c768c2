// What the pages of records do beside links and forms. Every page works without it.
(function () {
  "use strict";
  const all = (s, r) => Array.from((r || document).querySelectorAll(s));

  // Buttons that only a script can serve are shown where there is one.
  all("[data-copy],[data-print],[data-add-row]").forEach((b) => { b.hidden = false; });
  document.addEventListener("click", (e) => {
    const copy = e.target.closest("[data-copy]");
    if (copy) {
      const field = document.getElementById(copy.dataset.copy);
      const told = document.getElementById("copied");
      field.select();
      const said = () => { told.textContent = "已复制"; };
      const byHand = () => { if (document.execCommand("copy")) said(); else told.textContent = "请按Ctrl+C复制"; };
      if (navigator.clipboard && window.isSecureContext) navigator.clipboard.writeText(field.value).then(said, byHand); else byHand();
    }
    if (e.target.closest("[data-print]")) window.print();
    const add = e.target.closest("[data-add-row]");
    if (add) { const row = addRow(add.dataset.addRow); const first = row && row.querySelector("input,select"); if (first) first.focus(); }
  });

  // Tables: rows are added, and what is pasted from a sheet goes into the cells.
  function grid(name) { return document.querySelector("table[data-grid='" + name + "'] tbody"); }
  function addRow(name) {
    const body = grid(name);
    if (!body) return null;
    const at = body.rows.length;
    const row = body.rows[at - 1].cloneNode(true);
    all("input,select", row).forEach((f) => {
      f.name = f.name.replace(/\.(\d+)\.([^.]+)$/, "." + at + ".$2");
      f.setAttribute("aria-label", f.getAttribute("aria-label").replace(/^第\d+行/, "第" + (at + 1) + "行"));
      f.value = "";
    });
    body.appendChild(row);
    body.closest("fieldset").querySelector("[data-rows]").value = at + 1;
    return row;
  }
  document.addEventListener("paste", (e) => {
    const cell = e.target.closest && e.target.closest("table[data-grid] input, table[data-grid] select");
    if (!cell) return;
    const text = e.clipboardData.getData("text/plain");
    if (!/[\t\n]/.test(text.trim())) return;
    e.preventDefault();
    const name = cell.closest("table").dataset.grid;
    const body = grid(name);
    const lines = text.replace(/\r/g, "").replace(/\n+$/, "").split("\n").slice(0, 200);
    const from = cell.closest("tr").rowIndex - 1;
    const column = cell.closest("td").cellIndex;
    lines.forEach((line, n) => {
      while (body.rows.length <= from + n) addRow(name);
      line.split("\t").forEach((v, m) => {
        const td = body.rows[from + n].cells[column + m];
        const field = td && td.querySelector("input,select");
        if (field) field.value = v.trim();
      });
    });
    cell.dispatchEvent(new Event("input", { bubbles: true }));
  });

  // Long texts: a page to write on instead of the bare text; what is pasted loses colours and sizes, never tables.
  const TAGS = new Set("P BR H2 H3 H4 STRONG B EM I U SUB SUP BLOCKQUOTE HR UL OL LI TABLE CAPTION THEAD TBODY TFOOT TR TH TD A".split(" "));
  const DROP = new Set("SCRIPT STYLE TITLE XML META LINK HEAD OBJECT IFRAME SVG".split(" "));
  const KEEP = { A: ["href"], TD: ["rowspan", "colspan"], TH: ["rowspan", "colspan", "scope"] };
  function safe(html) {
    // No style reaches the parser: the site's policy would refuse it, and it is not wanted.
    const plain = html.replace(/\sstyle\s*=\s*("[^"]*"|'[^']*'|[^\s>]+)/gi, "").replace(/<!--[\s\S]*?-->/g, "").replace(/<style[\s\S]*?<\/style>/gi, "");
    const parsed = new DOMParser().parseFromString(plain, "text/html");
    const out = document.createDocumentFragment();
    walk(parsed.body, out);
    return out;
  }
  function walk(from, into) {
    from.childNodes.forEach((n) => {
      if (n.nodeType === 3) { into.appendChild(document.createTextNode(n.data)); return; }
      if (n.nodeType !== 1 || DROP.has(n.tagName)) return;
      let tag = n.tagName === "DIV" ? "P" : n.tagName === "H1" ? "H2" : /^H[56]$/.test(n.tagName) ? "H4" : n.tagName;
      if (!TAGS.has(tag)) { walk(n, into); return; }
      if (tag === "P" && n.querySelector("p,div,table,ul,ol,h1,h2,h3,h4")) { walk(n, into); return; }
      const made = document.createElement(tag);
      (KEEP[tag] || []).forEach((a) => { const v = n.getAttribute(a); if (v && !/^\s*(javascript|data|vbscript):/i.test(v)) made.setAttribute(a, v); });
      walk(n, made);
      into.appendChild(made);
    });
  }
  const TOOLS = [["段落", "formatBlock", "p"], ["小标题", "formatBlock", "h3"], ["加粗", "bold"], ["圆点", "insertUnorderedList"], ["编号", "insertOrderedList"], ["表格", "table"], ["撤销", "undo"], ["看代码", "source"]];
  function enhance(field) {
    const box = document.createElement("div"), tools = document.createElement("div"), page = document.createElement("div");
    box.className = "editor";
    tools.className = "tools";
    tools.setAttribute("role", "toolbar");
    tools.setAttribute("aria-label", field.dataset.rich + "的格式");
    page.className = field.rows > 8 ? "page tall" : "page";
    page.contentEditable = "true";
    page.setAttribute("role", "textbox");
    page.setAttribute("aria-multiline", "true");
    page.setAttribute("aria-label", field.dataset.rich);
    if (field.getAttribute("aria-describedby")) page.setAttribute("aria-describedby", field.getAttribute("aria-describedby"));
    const id = field.id;
    field.id = id + "-text";
    page.id = id;
    const label = document.querySelector("label[for='" + CSS.escape(id) + "']");
    if (label) { label.htmlFor = field.id; label.addEventListener("click", (e) => { if (!box.hidden && !field.classList.contains("shown")) { e.preventDefault(); page.focus(); } }); }
    function load() {
      page.replaceChildren(/<[a-z]/i.test(field.value) ? safe(field.value) : lines(field.value));
      if (!page.firstChild) page.appendChild(document.createElement("p")).appendChild(document.createElement("br"));
    }
    function lines(text) {
      const out = document.createDocumentFragment();
      text.split("\n").filter((t) => t.trim()).forEach((t) => { out.appendChild(document.createElement("p")).textContent = t.trim(); });
      return out;
    }
    function save() {
      field.value = page.textContent.trim() || page.querySelector("table") ? page.innerHTML : "";
      field.dispatchEvent(new Event("input", { bubbles: true }));
    }
    TOOLS.forEach(([text, command, value]) => {
      const b = tools.appendChild(document.createElement("button"));
      b.type = "button";
      b.textContent = text;
      b.addEventListener("click", () => {
        if (command === "source") {
          const shown = field.classList.toggle("shown");
          field.hidden = !shown;
          page.hidden = shown;
          b.setAttribute("aria-pressed", shown);
          if (!shown) load(); else field.focus();
          return;
        }
        page.focus();
        if (command === "table") {
          const cell = () => "<td><br></td>".repeat(3);
          document.execCommand("insertHTML", false, "<table><tbody>" + ("<tr>" + cell() + "</tr>").repeat(3) + "</tbody></table><p><br></p>");
        } else document.execCommand(command, false, value);
        save();
      });
    });
    page.addEventListener("paste", (e) => {
      const html = e.clipboardData.getData("text/html");
      const text = e.clipboardData.getData("text/plain");
      e.preventDefault();
      const holder = document.createElement("div");
      holder.appendChild(html ? safe(html) : lines(text));
      if (!html && text.indexOf("\n") < 0) document.execCommand("insertText", false, text);
      else document.execCommand("insertHTML", false, holder.innerHTML);
      save();
    });
    page.addEventListener("drop", (e) => { if (e.dataTransfer && e.dataTransfer.types.includes("text/html")) e.preventDefault(); });
    page.addEventListener("input", (e) => { e.stopPropagation(); save(); });
    field.addEventListener("change", () => { if (!field.classList.contains("shown")) load(); });
    load();
    box.append(tools, page);
    field.before(box);
    box.appendChild(field);
    field.hidden = true;
    try { document.execCommand("defaultParagraphSeparator", false, "p"); document.execCommand("styleWithCSS", false, false); } catch (_) { /* an old browser */ }
  }
  all("textarea[data-rich]").forEach(enhance);

  // A refusal leads to its field, also where the field is folded away.
  function unfold() {
    const at = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!at) return;
    for (let n = at.closest("details"); n; n = n.parentElement && n.parentElement.closest("details")) n.open = true;
    at.scrollIntoView({ block: "center" });
    at.focus({ preventScroll: true });
  }
  addEventListener("hashchange", unfold);
  document.addEventListener("click", (e) => { const a = e.target.closest("a[href^='#']"); if (a && a.getAttribute("href") === location.hash) unfold(); });

  // What is to be said of the form as it stands, while it is being filled in.
  const told = document.querySelector("[data-check]");
  if (told) {
    const filled = document.getElementById("record-form");
    let timer = 0, running = false, again = false;
    const check = () => {
      if (running) { again = true; return; }
      running = true;
      fetch(told.dataset.check, { method: "POST", body: new URLSearchParams(new FormData(filled)), headers: { "HX-Request": "true" } })
        .then((r) => (r.ok ? r.text() : ""))
        .then((text) => { if (text) told.innerHTML = text; })
        .catch(() => { /* the page is being left, or the network is away: the submission checks again */ })
        .finally(() => { running = false; if (again) { again = false; check(); } });
    };
    const soon = (pause) => { clearTimeout(timer); timer = setTimeout(check, pause); };
    filled.addEventListener("input", () => soon(800));
    filled.addEventListener("change", () => soon(800));
    document.body.addEventListener("files-changed", () => soon(200));
    check();
  }

  // Leaving with what is not saved is asked about.
  const form = document.getElementById("record-form");
  if (form) {
    let changed = false;
    form.addEventListener("input", () => { changed = true; });
    form.addEventListener("submit", () => { changed = false; });
    addEventListener("beforeunload", (e) => { if (changed) e.preventDefault(); });
  }
})();
