// Keys of the staff screens. A link, button or field takes part by data-key: "n", "/", "g h".
// "?" lists them; they can be switched off there (WCAG 2.1.4), which the browser remembers.
(() => {
  "use strict";
  const OFF = "desk-keys-off";
  let before = "";
  let timer = 0;

  const off = () => { try { return localStorage.getItem(OFF) === "1"; } catch { return false; } };
  const typing = (target) => target.closest("input, textarea, select, [contenteditable]");
  const find = (key) => [...document.querySelectorAll("[data-key]")].find((el) => el.dataset.key.toLowerCase() === key);

  const enter = (field) => { field.focus(); if (field.select) field.select(); };

  // A field that the page is still loading takes the cursor when it comes, unless one writes elsewhere by then.
  let awaited = "";
  document.addEventListener("htmx:afterSettle", () => {
    const field = awaited && document.getElementById(awaited);
    if (!field) return;
    awaited = "";
    if (!typing(document.activeElement)) enter(field);
  });

  const use = (element) => {
    if (element.matches("input, textarea, select")) { enter(element); return; }
    element.click();
    awaited = "";
    if (!element.dataset.into) return;
    const into = document.getElementById(element.dataset.into);
    const folded = into ? into.closest("details") : document.querySelector(`${element.hash} details`);
    if (folded) folded.open = true;
    if (into) enter(into); else awaited = element.dataset.into;
  };

  document.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (event.ctrlKey && event.key === "Enter") {
      // Once a press: a key held down must not confirm the page to which it led.
      const form = event.target.closest("form") || document.querySelector("form[data-main]");
      if (form && !event.repeat) { event.preventDefault(); form.requestSubmit(); }
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape" && typing(event.target)) { event.target.blur(); return; }
    if (typing(event.target)) return;
    if (event.key === "?") { event.preventDefault(); list(); return; }
    if (off()) return;
    const key = event.key.toLowerCase();
    const element = find(before ? `${before} ${key}` : key) || find(key);
    clearTimeout(timer);
    before = "";
    if (element) { event.preventDefault(); use(element); return; }
    before = key;
    timer = setTimeout(() => { before = ""; }, 1200);
  });

  // The folded part of the bar closes when one turns elsewhere, and by Escape.
  const more = document.querySelector(".desk-more");
  if (more) {
    document.addEventListener("click", (event) => { if (!more.contains(event.target)) more.open = false; });
    more.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && more.open) { more.open = false; more.querySelector("summary").focus(); }
    });
  }

  // What is half written stays when another form of the page is sent or the page is left, until its own form is sent
  // or one signs out. The browser keeps it for this tab alone.
  const DRAFT = "desk-draft ";
  const kept = (act) => { try { act(sessionStorage); } catch { /* private window */ } };
  for (const field of document.querySelectorAll("textarea[data-draft], form[data-draft] textarea")) {
    const key = DRAFT + field.closest("[data-draft]").dataset.draft;
    const keep = () => kept((store) => store.setItem(key, field.value));
    if ("unsent" in field.dataset) keep();
    else kept((store) => { const text = store.getItem(key); if (text !== null) field.value = text; });
    field.addEventListener("input", keep);
    field.form.addEventListener("submit", () => kept((store) => store.removeItem(key)));
  }
  document.addEventListener("submit", (event) => {
    if (!event.target.action.includes("logout")) return;
    kept((store) => { for (const key of Object.keys(store)) if (key.startsWith(DRAFT)) store.removeItem(key); });
  });

  // The question that was read last is the likeliest topic of the note, until somebody chooses.
  const topic = document.querySelector("#note [name=topic]");
  if (topic) {
    let chosen = topic.value !== "";
    topic.addEventListener("change", () => { chosen = true; });
    for (const summary of document.querySelectorAll("summary[data-topic]")) {
      summary.addEventListener("click", () => { if (!chosen) topic.value = summary.dataset.topic; });
    }
  }

  const list = () => {
    let dialog = document.querySelector("dialog.key-list");
    if (!dialog) {
      dialog = document.createElement("dialog");
      dialog.className = "key-list";
      dialog.setAttribute("aria-labelledby", "key-list-title");
      document.body.append(dialog);
    }
    dialog.replaceChildren(...content(dialog));
    dialog.showModal();
  };

  const node = (tag, text, attributes = {}) => {
    const made = document.createElement(tag);
    if (text) made.textContent = text;
    for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
    return made;
  };

  const content = (dialog) => {
    const rows = node("dl", "", { class: "sum", "data-dense": "" });
    const named = [...document.querySelectorAll("[data-key]")].map((el) => [el.dataset.key, name(el)]);
    for (const [key, what] of [...named, ["ctrl+enter", "書いている欄を送る"], ["esc", "欄から出る"], ["?", "この一覧"]]) {
      const row = node("div");
      const dt = node("dt");
      dt.append(node("kbd", key.toUpperCase()));
      row.append(dt, node("dd", what));
      rows.append(row);
    }
    const choice = node("div", "", { class: "choice" });
    const box = node("input", "", { type: "checkbox", id: "key-list-on" });
    box.checked = !off();
    box.addEventListener("change", () => { try { localStorage.setItem(OFF, box.checked ? "0" : "1"); } catch { /* private window */ } });
    choice.append(box, node("label", "1文字のキーを使う", { for: "key-list-on" }));
    const close = node("button", "閉じる", { type: "button", class: "btn", "data-kind": "line", "data-size": "sm" });
    close.addEventListener("click", () => dialog.close());
    return [node("h2", "キー一覧", { id: "key-list-title" }), rows, choice, close];
  };

  const name = (element) => {
    const label = element.labels && element.labels[0];
    const copy = (label || element).cloneNode(true);
    for (const kbd of copy.querySelectorAll("kbd")) kbd.remove();
    return (element.getAttribute("aria-label") || copy.textContent).trim();
  };
})();
