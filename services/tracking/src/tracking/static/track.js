"use strict";
// Everything works without this file. With it an opened matter shows by itself what is new, and its last state can stay on
// the phone for when there is no network: only where its owner ticks that, and never number and PIN together.
(() => {
  const KEPT = "slkt-kept", SHOWN = "slkt-shown", MOST = 5, MATTER = "/track/matter";
  const find = (what, where = document) => where.querySelector(what);
  const all = (what, where = document) => [...where.querySelectorAll(what)];

  if ("serviceWorker" in navigator && window.isSecureContext) {
    navigator.serviceWorker.register("/sw.js").catch(() => undefined);
  }

  // ---- what stays on this phone

  const kept = () => {
    try { return JSON.parse(localStorage.getItem(KEPT)) || []; } catch { return []; }
  };
  const keepAll = (list) => {
    try {
      if (list.length) localStorage.setItem(KEPT, JSON.stringify(list.slice(0, MOST)));
      else localStorage.removeItem(KEPT);
      return true;
    } catch { return false; }
  };
  const others = (number) => kept().filter((one) => one.number !== number);
  const seen = (matter) => {
    const one = { number: matter.dataset.number, at: new Date().toISOString() };
    for (const part of all("[data-keep]", matter)) one[part.dataset.keep] = part.textContent.trim();
    return one;
  };

  const showKept = () => {
    const box = find("[data-kept]"), shape = find("#kept-one");
    if (!box || !shape) return;
    const list = find("[data-kept-list]", box);
    list.replaceChildren(...kept().map((one) => {
      const made = shape.content.cloneNode(true);
      for (const part of all("[data-of]", made)) {
        const text = part.dataset.of === "at"
          ? new Date(one.at).toLocaleString(document.documentElement.lang, { dateStyle: "long", timeStyle: "short" })
          : one[part.dataset.of] || "";
        part.textContent = text;
        if (!text) (part.closest("[data-part]") || part).remove();
      }
      find("[data-forget]", made).addEventListener("click", () => { keepAll(others(one.number)); showKept(); });
      return made;
    }));
    box.hidden = !list.children.length;
    const none = find("[data-kept-none]");
    if (none) none.hidden = !box.hidden;
  };

  const offerToKeep = (matter) => {
    const box = find("[data-keeps]", matter);
    if (!box) return;
    const tick = find("input", box), { number } = matter.dataset;
    box.hidden = false;
    tick.checked = kept().some((one) => one.number === number);
    if (tick.checked) keepAll([seen(matter), ...others(number)]);
    tick.addEventListener("change", () => {
      const done = keepAll(tick.checked ? [seen(matter), ...others(number)] : others(number));
      if (!done) tick.checked = false;
    });
  };

  // ---- what is new, without loading the page again

  const live = find("#live");
  const say = (what) => {
    live.textContent = live.dataset[what];
    live.className = what === "other" || what === "instead" ? "alert alert-warning" : "live";
    live.hidden = false;
  };
  let source = null, since = "0", busy = false;

  const writing = (matter) => Boolean(find(".summary")) ||
    all("textarea, input:not([type=hidden]), select", matter).some((one) => !one.closest("[data-keeps]") && (
      one === document.activeElement ||
      (one.type === "checkbox" || one.type === "radio" ? one.checked !== one.defaultChecked
        : one.tagName === "SELECT" ? !one.options[one.selectedIndex]?.defaultSelected && one.selectedIndex > 0
        : one.value !== one.defaultValue)));

  const end = (word) => { source?.close(); source = null; if (word) say(word); };

  const refresh = async () => {
    const matter = find("#matter");
    if (busy) return;
    if (writing(matter)) { say("news"); return; }
    busy = true;
    try {
      const answer = await fetch(MATTER, { cache: "no-store", redirect: "manual" });
      if (answer.status === 429 || answer.status >= 500) throw new Error("later");
      const page = new DOMParser().parseFromString(answer.ok ? await answer.text() : "", "text/html");
      const fresh = find("#matter", page);
      if (!fresh) { end("over"); return; }
      if (fresh.dataset.number !== matter.dataset.number) { end("other"); return; }
      since = fresh.dataset.since;
      const open = all("details[open][id]", matter).map((one) => one.id);
      matter.replaceWith(document.adoptNode(fresh));
      for (const id of open) { const one = document.getElementById(id); if (one) one.open = true; }
      began(fresh);
      say("fresh");
    } catch { setTimeout(refresh, 10_000); } finally { busy = false; }
  };

  const listen = () => {
    if (source || document.hidden || !window.EventSource) return;
    source = new EventSource(`/track/live?since=${since}`);
    source.addEventListener("moved", refresh);
    source.addEventListener("over", () => end("over"));
    source.addEventListener("open", () => { if (!live.textContent.trim()) say("on"); });
    // A browser that was refused does not ask again by itself.
    source.addEventListener("error", () => {
      if (source?.readyState === EventSource.CLOSED) { end(); setTimeout(listen, 60_000); }
    });
  };

  const began = (matter) => {
    offerToKeep(matter);
    for (const one of all("[data-script-hides]", matter)) one.hidden = true;
  };

  // One matter is open in a browser, by its cookie; a tab may have shown another one. Until it is closed it knows which.
  const showed = (number) => {
    try {
      const before = sessionStorage.getItem(SHOWN);
      if (number) sessionStorage.setItem(SHOWN, number); else sessionStorage.removeItem(SHOWN);
      return before;
    } catch { return null; }
  };

  const matter = find("#matter");
  if (!matter && location.pathname === "/") showed("");
  if (matter) {
    const before = showed(matter.dataset.number);
    // Whoever gave number and PIN, or sent a form of the page, sees what they mean.
    if (location.pathname === MATTER && before && before !== matter.dataset.number) say("instead");
    // What a form answered with can be loaded again like any page.
    if (location.pathname !== MATTER) history.replaceState(null, "", MATTER);
    began(matter);
    since = matter.dataset.since;
    // Its line is there before it says anything: nothing moves away from under a finger.
    if (live.hidden) { live.textContent = "\u00a0"; live.hidden = false; }
    listen();
    // A page that nobody sees holds no connection: browsers have six for one host.
    document.addEventListener("visibilitychange", () => { if (document.hidden) end(); else listen(); });
    window.addEventListener("pagehide", () => end());
    window.addEventListener("pageshow", (event) => { if (event.persisted) listen(); });
  }

  // ---- without a network

  const offline = find("[data-offline]");
  if (offline) {
    const tell = () => { offline.hidden = navigator.onLine; };
    window.addEventListener("online", tell);
    window.addEventListener("offline", tell);
    tell();
    for (const form of all("form[method=post]")) {
      form.addEventListener("submit", (event) => {
        if (navigator.onLine) return;
        event.preventDefault();
        event.stopImmediatePropagation();
        offline.hidden = false;
        offline.focus();
      }, { capture: true });
    }
  }
  for (const one of all("[data-again]")) one.addEventListener("click", () => location.reload());
  const draft = find("[data-draft]");
  if (draft) {
    try { draft.hidden = !Object.keys(localStorage).some((key) => key.startsWith("slkt-lapor")); } catch { /* No store. */ }
  }
  showKept();
})();
