// Small helps on top of pages that work without them.
(() => {
  "use strict";

  // Sent once whatever is clicked: the second submit of a form is dropped, and let through again
  // when the page comes back from the browser's memory.
  const sent = new WeakSet();
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method !== "post") return;
    if (sent.has(form)) { event.preventDefault(); return; }
    sent.add(form);
    const button = event.submitter;
    if (button) button.setAttribute("aria-disabled", "true");
  });
  window.addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    for (const form of document.forms) sent.delete(form);
    // What was chosen before leaving would stand over figures of another choice.
    for (const form of document.querySelectorAll("form.filters")) form.reset();
    for (const button of document.querySelectorAll("button[aria-disabled]")) button.removeAttribute("aria-disabled");
  });

  const ready = () => {
    const summary = document.querySelector("[data-focus]");
    if (summary) summary.focus();

    for (const button of document.querySelectorAll("[data-print]")) {
      button.hidden = false;
      button.addEventListener("click", () => window.print());
    }

    for (const button of document.querySelectorAll("[data-copy]")) {
      if (!navigator.clipboard) continue;
      button.hidden = false;
      const label = button.querySelector("span");
      const before = label.textContent;
      label.setAttribute("role", "status");
      button.addEventListener("click", async () => {
        await navigator.clipboard.writeText(button.dataset.copy);
        label.textContent = "コピーしました";
        setTimeout(() => { label.textContent = before; }, 4000);
      });
    }

    for (const box of document.querySelectorAll("[data-business-number]")) businessNumber(box);
    for (const box of document.querySelectorAll("[data-check-all]")) checkAll(box);
    for (const out of document.querySelectorAll("[data-chosen]")) sayChosen(out);
    for (const form of document.querySelectorAll("form[data-send-on-change]")) {
      form.addEventListener("change", () => form.requestSubmit());
    }
  };

  // One tick for all ticks of a list: <input type="checkbox" data-check-all="name">
  const checkAll = (box) => {
    const ticks = () => document.querySelectorAll(`input[type="checkbox"][name="${box.dataset.checkAll}"]:not(:disabled)`);
    box.addEventListener("change", () => { for (const tick of ticks()) tick.checked = box.checked; });
  };

  // How many are ticked: <b data-chosen="name" data-say="か所を選んでいます">what stands there for none</b>; `data-base`
  // are counted besides.
  const sayChosen = (out) => {
    const ticks = [...document.querySelectorAll(`input[type="checkbox"][name="${out.dataset.chosen}"]`)];
    const none = out.textContent;
    const show = () => {
      const count = Number(out.dataset.base || 0) + ticks.filter((tick) => tick.checked).length;
      out.textContent = count ? `${count.toLocaleString("ja-JP")}${out.dataset.say}` : none;
    };
    document.addEventListener("change", show);
    window.addEventListener("pageshow", show); // A browser that goes back restores the ticks after the scripts have run.
    show();
  };

  // Business number: 2-1-2-4-1 while typing, and what was understood below the field.
  const GROUPS = [2, 1, 2, 4, 1];
  const LETTERS = "ABCDEFGHJKLMNPRSTUVWXYZ"; // A = 10 … Z = 32, without I, O, Q
  const PREFECTURES = "北海道,青森県,岩手県,宮城県,秋田県,山形県,福島県,茨城県,栃木県,群馬県,埼玉県,千葉県,東京都,神奈川県,新潟県,富山県,石川県,福井県,山梨県,長野県,岐阜県,静岡県,愛知県,三重県,滋賀県,京都府,大阪府,兵庫県,奈良県,和歌山県,鳥取県,島根県,岡山県,広島県,山口県,徳島県,香川県,愛媛県,高知県,福岡県,佐賀県,長崎県,熊本県,大分県,宮崎県,鹿児島県,沖縄県".split(",");

  const plain = (text) => text.normalize("NFKC").toUpperCase().replace(/[^0-9A-Z]/g, "");
  const grouped = (text) => {
    const parts = [];
    let at = 0;
    for (const width of GROUPS) { parts.push(text.slice(at, at + width)); at += width; }
    parts.push(text.slice(at));
    return parts.filter(Boolean).join(" ");
  };
  const value = (char) => (/\d/.test(char) ? Number(char) : LETTERS.indexOf(char) + 10);
  const checkDigit = (chars) => {
    let sum = 0;
    [...chars].reverse().forEach((char, index) => {
      const product = value(char) * (index % 2 === 0 ? 2 : 1);
      sum += Math.floor(product / 10) + (product % 10);
    });
    return (10 - (sum % 10)) % 10;
  };
  const checks = (number) => {
    const last = Number(number[9]);
    if (checkDigit(number.slice(0, 9)) === last) return true;
    const older = "13456".includes(number[2]) && number >= "11" && number < "15";
    return older && checkDigit(number.slice(3, 9)) === last;
  };

  const say = (number) => {
    if (!number) return null;
    const prefecture = PREFECTURES[Number(number.slice(0, 2)) - 1];
    if (number.length >= 2 && !prefecture) return ["wait", "はじめの2けたは都道府県の番号（01から47）です。確かめてください。"];
    if (number.length < 10) return ["none", `あと${10 - number.length}けたです。`];
    if (number.length > 10) return ["wait", `${number.length - 10}けた多いようです。事業所番号は10けたです。`];
    if ("IOQ".includes(number[2])) return ["wait", `3けた目に「${number[2]}」は使われません。数字の「${number[2] === "I" ? 1 : 0}」ではないか、確かめてください。`];
    if (!/^[0-9]{2}[0-9A-HJ-NPR-Z][0-9]{7}$/.test(number)) return ["wait", "数字でないところがあります。英字が入るのは3けた目だけです。"];
    if (!checks(number)) return ["wait", "検査数字が合いません。打ちまちがいがないか確かめてください。このまま進むこともできます。"];
    return ["free", `${prefecture}の事業所の番号です。けた数と検査数字は合っています。`];
  };

  const businessNumber = (box) => {
    const input = box.querySelector("input");
    const out = box.parentElement.querySelector("[data-readback]");
    const icons = box.parentElement.querySelector("[data-readback-icons]");
    let composing = false;
    const show = () => {
      const said = say(plain(input.value));
      if (!out) return;
      out.hidden = !said;
      if (!said) { out.textContent = ""; return; }
      const text = document.createElement("span");
      text.textContent = said[1];
      out.dataset.tone = said[0];
      const sign = icons && icons.content.querySelector(`[data-tone="${said[0]}"] svg`);
      out.replaceChildren(...(sign ? [sign.cloneNode(true)] : []), text);
    };
    const group = () => {
      if (composing) return;
      const before = plain(input.value.slice(0, input.selectionStart));
      const now = grouped(plain(input.value));
      if (now !== input.value) {
        input.value = now;
        const at = grouped(before).length;
        if (document.activeElement === input) input.setSelectionRange(at, at);
      }
      show();
    };
    input.addEventListener("compositionstart", () => { composing = true; });
    input.addEventListener("compositionend", () => { composing = false; group(); });
    input.addEventListener("input", group);
    if (input.value) group();
  };

  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", ready);
  else ready();
})();
