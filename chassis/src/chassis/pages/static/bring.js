"use strict";
// Where a consumer brings a matter: what is written stays on this device until it has arrived, and firms are suggested.
// Everything works without this file.
(() => {
  const PREFIX = "slkt-lapor:", DAYS = 7 * 24 * 3600 * 1000;
  const store = (() => { try { return window.localStorage; } catch { return null; } })();
  const keys = () => Object.keys(store || {}).filter((key) => key.startsWith(PREFIX));
  const forget = (but) => { for (const key of keys()) if (!but || !key.startsWith(but)) store.removeItem(key); };

  // Without a network there is a page at least, which says that the draft is still here.
  if ("serviceWorker" in navigator && window.isSecureContext) navigator.serviceWorker.register("/sw.js").catch(() => undefined);

  // Each draft's words lie here by its own name: those of one that was sent, forgotten or is over go as soon as a page
  // says which draft is the browser's now, or that there is none. They never stand in another's fields.
  const draft = document.querySelector("meta[name=draft]"), own = draft && draft.content ? `${PREFIX}${draft.content}:` : "";
  if (draft) forget(own);

  // What was sent, or is to be forgotten, goes from this device too.
  if (document.querySelector("[data-lapor=sent]") || new URLSearchParams(location.search).has("lupa")) forget();
  for (const form of document.querySelectorAll("form[data-forgets]")) form.addEventListener("submit", () => forget());

  const read = (key) => {
    try {
      const kept = JSON.parse(store.getItem(key));
      if (kept && Date.now() - kept.at < DAYS) return kept.fields;
      store.removeItem(key);
    } catch { /* A full or closed store keeps nothing: the server does. */ }
    return null;
  };

  // A browser would leave the page for one that says nothing.
  const stays = (event) => {
    const box = document.querySelector("[data-offline]");
    if (navigator.onLine || !box) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    box.hidden = false;
    box.focus();
  };

  for (const form of own ? document.querySelectorAll("form[data-draft]") : []) {
    const key = own + form.dataset.draft, note = document.querySelector("[data-restored]");
    const fields = () => [...form.elements].filter((one) => one.name && !["hidden", "submit", "file"].includes(one.type));
    const kept = store && read(key);
    let differs = false;
    // Each word is kept here as it is typed: what the server has is never newer, only what never arrived is missing there.
    for (const one of kept ? fields() : []) {
      if (!(one.name in kept)) continue;
      if (["checkbox", "radio"].includes(one.type)) {
        differs ||= one.checked !== (kept[one.name] === one.value);
        one.checked = kept[one.name] === one.value;
      } else {
        differs ||= one.value !== kept[one.name];
        one.value = kept[one.name];
      }
    }
    if (differs && note) note.hidden = false;
    const keep = () => {
      const said = {};
      for (const one of fields()) {
        if (["checkbox", "radio"].includes(one.type)) { if (one.checked) said[one.name] = one.value; }
        else said[one.name] = one.value;
      }
      try { store.setItem(key, JSON.stringify({ at: Date.now(), fields: said })); } catch { /* As above. */ }
    };
    if (store) form.addEventListener("input", keep);
    form.addEventListener("submit", (event) => { keep(); stays(event); }, true);
  }
  window.addEventListener("online", () => { const box = document.querySelector("[data-offline]"); if (box) box.hidden = true; });

  // Firms, while somebody types.
  for (const input of document.querySelectorAll("input[data-finds]")) {
    const list = document.getElementById(input.getAttribute("list"));
    let timer = 0, asked = "";
    // Who was found, or may be chosen, goes with the name for which it was found, and comes back with it.
    const meant = document.querySelector("[data-meant]");
    const fits = () => { if (meant) meant.hidden = input.value.trim() !== input.defaultValue; };
    fits();
    input.addEventListener("input", () => {
      clearTimeout(timer);
      const typed = input.value.trim();
      fits();
      if (typed.length < 3) return;
      timer = setTimeout(async () => {
        asked = typed;
        try {
          const answer = await fetch(`${input.dataset.finds}?q=${encodeURIComponent(typed)}`);
          if (!answer.ok || asked !== typed) return;
          const { firms } = await answer.json();
          list.replaceChildren(...firms.map(({ name }) => { const one = document.createElement("option"); one.value = name; return one; }));
        } catch { /* The name goes on as it is typed. */ }
      }, 300);
    });
  }

  // Files go as soon as they are chosen: nobody chooses them and leaves them behind.
  for (const input of document.querySelectorAll("form[enctype='multipart/form-data'] input[type=file]")) {
    input.form.addEventListener("submit", stays, true);
    input.addEventListener("change", () => { if (input.files.length) input.form.requestSubmit(); });
  }
})();
