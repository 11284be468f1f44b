// The one box of the helpdesk, on every page of whoever works there: fetches the list while one types and walks it
// by keyboard. On its own, because some of those pages load no htmx and others load it themselves.
// Without a script, Enter opens the page of results.
(() => {
  "use strict";
  const form = document.querySelector("[data-find]");
  if (!form) return;
  const input = form.querySelector("input");
  const list = form.querySelector(".find-hits");
  const label = form.querySelector("label").textContent;
  let at = -1;

  const options = () => [...list.querySelectorAll("[role=option]")];
  const open = (show) => {
    list.hidden = !show;
    input.setAttribute("aria-expanded", String(show));
    if (!show) choose(-1);
  };
  const choose = (index) => {
    at = index;
    options().forEach((option, place) => option.setAttribute("aria-selected", String(place === at)));
    const chosen = options()[at];
    if (chosen) {
      input.setAttribute("aria-activedescendant", chosen.id);
      chosen.scrollIntoView({ block: "nearest" });
    } else {
      input.removeAttribute("aria-activedescendant");
    }
  };

  input.setAttribute("role", "combobox");
  input.setAttribute("aria-autocomplete", "list");
  input.setAttribute("aria-controls", list.id);
  input.setAttribute("aria-expanded", "false");
  input.setAttribute("aria-label", label);

  let timer = 0;
  let asked = null;
  const seek = async () => {
    if (asked) asked.abort();
    asked = new AbortController();
    try {
      const address = `${form.action}?q=${encodeURIComponent(input.value)}`;
      const answer = await fetch(address, { headers: { "HX-Request": "true" }, signal: asked.signal });
      if (!answer.ok || answer.redirected) { open(false); return; }
      list.innerHTML = await answer.text();
      at = -1;
      open(document.activeElement === input && input.value.trim() !== "" && list.textContent.trim() !== "");
    } catch (error) {
      if (error.name !== "AbortError") open(false);
    }
  };
  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(seek, 120);
  });

  input.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    const count = options().length;
    if (event.key === "ArrowDown" && count) {
      event.preventDefault();
      if (list.hidden) open(true);
      choose((at + 1) % count);
    } else if (event.key === "ArrowUp" && count) {
      event.preventDefault();
      choose(at <= 0 ? count - 1 : at - 1);
    } else if (event.key === "Enter" && !list.hidden && at >= 0) {
      event.preventDefault();
      location.assign(options()[at].dataset.href);
    } else if (event.key === "Escape") {
      open(false);
    }
  });
  list.addEventListener("mousedown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => {
    const option = event.target.closest("[role=option]");
    if (option) location.assign(option.dataset.href);
  });
  input.addEventListener("blur", () => open(false));
})();
