"use strict";
// Everything works without this file; with it some things take a step less.
(() => {
  const all = (what) => document.querySelectorAll(what);

  // An act that is asked about: in a dialog instead of on a page of its own.
  for (const link of all("a[data-dialog]")) {
    const dialog = document.getElementById(link.dataset.dialog);
    if (dialog && dialog.showModal) {
      link.addEventListener("click", (event) => { event.preventDefault(); dialog.showModal(); });
    }
  }
  for (const no of all("dialog [data-closes]")) {
    no.addEventListener("click", (event) => { event.preventDefault(); no.closest("dialog").close(); });
  }

  // What was typed can be seen by who typed it.
  for (const button of all("button[data-shows]")) {
    const input = document.getElementById(button.dataset.shows), show = button.textContent;
    button.hidden = false;
    button.addEventListener("click", () => {
      const seen = input.type === "password";
      input.type = seen ? "text" : "password";
      button.textContent = seen ? button.dataset.hide : show;
      button.setAttribute("aria-pressed", String(seen));
    });
    button.form.addEventListener("submit", () => { input.type = "password"; });
  }

  for (const button of all("button[data-prints]")) {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  }

  // An open list looks whether something is new, while somebody may be looking at it.
  for (const box of all("[data-watches]")) {
    const here = document.querySelector("[data-watched]"), over = document.querySelector("[data-over]");
    let tag = "", busy = false, timer = 0;
    const end = () => { clearInterval(timer); here.hidden = true; over.hidden = false; };
    const look = async () => {
      if (document.hidden || busy) return;
      busy = true;
      try {
        const headers = { "Slkt-Watches": "1", ...(tag && { "If-None-Match": tag }) };
        const answer = await fetch(box.dataset.watches, { headers, redirect: "manual", cache: "no-store" });
        if (answer.status === 200) {
          tag = answer.headers.get("ETag") || "";
          const was = box.contains(document.activeElement) && document.activeElement.getAttribute("href");
          box.innerHTML = await answer.text();
          if (was) [...box.querySelectorAll("a[href]")].find((a) => a.getAttribute("href") === was)?.focus();
        } else if (answer.type === "opaqueredirect" || answer.status === 401 || answer.status === 403) end();
      } catch { /* The next look may find the way again. */ }
      busy = false;
    };
    here.hidden = false;
    timer = setInterval(look, (Number(box.dataset.every) || 15) * 1000);
    document.addEventListener("visibilitychange", look);
  }

  // A key that is shown beside something leads there, the same in every browser; without a script it is the browser's own.
  document.addEventListener("keydown", (event) => {
    if (!event.altKey || event.ctrlKey || event.metaKey || event.shiftKey || !event.code.startsWith("Key")) return;
    const there = document.querySelector(`[aria-keyshortcuts="Alt+${event.code.slice(3)}"]`);
    if (!there) return;
    event.preventDefault();
    there.focus();
    if (there.matches("a, button, summary")) there.click();
  });

  // Twice clicked is once sent.
  for (const form of all("form[method=post]")) {
    form.addEventListener("submit", (event) => {
      if (form.dataset.sent) event.preventDefault();
      form.dataset.sent = "yes";
      // What answers with a file leaves this page where it is: as soon as the browser has asked, it can be sent again.
      if ("downloads" in form.dataset) setTimeout(() => { delete form.dataset.sent; form.closest("dialog")?.close(); }, 1000);
    });
  }
  window.addEventListener("pageshow", () => { for (const form of all("form[data-sent]")) delete form.dataset.sent; });
})();
