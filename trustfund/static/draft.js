// What the pages of an application do where a browser runs scripts; without one nothing is missing but this comfort.
"use strict";

// What was typed is kept when the page is left: the same form, answered by the seal of what is kept, which goes with the
// next. What was typed over answers that are not the present ones any more is not kept.
for (const form of document.querySelectorAll("form[data-kept]")) {
  let changed = false, sent = false;
  form.addEventListener("input", () => { changed = true; sent = false; });
  form.addEventListener("submit", () => { sent = true; });
  addEventListener("pageshow", () => { sent = false; });
  const typed = () => {
    if (!changed || sent) return null;
    changed = false;
    const fields = new URLSearchParams(new FormData(form));
    fields.set("left", "1");
    return fields;
  };
  addEventListener("pagehide", () => {
    const body = typed();
    if (body) navigator.sendBeacon(location.href, body);
  });
  document.addEventListener("visibilitychange", async () => {
    const body = document.visibilityState === "hidden" ? typed() : null;
    if (!body) return;
    try {
      const answer = await fetch(location.href, { method: "POST", body, keepalive: true, redirect: "manual" });
      if (answer.status === 200) form.elements.seen.value = await answer.text();
    } catch { changed = true; }
  });
}

// Files show how much of them has gone over the line.
for (const form of document.querySelectorAll("form[data-progress]")) {
  form.addEventListener("submit", (event) => {
    if (![...form.querySelectorAll("input[type=file]")].some((field) => field.files.length)) return;
    event.preventDefault();
    const body = new FormData(form), button = event.submitter, bar = form.querySelector("progress");
    if (button && button.name) body.append(button.name, button.value);
    for (const one of form.querySelectorAll("button")) one.disabled = true;
    bar.hidden = false;
    const request = new XMLHttpRequest();
    request.upload.addEventListener("progress", (sent) => { if (sent.lengthComputable) bar.value = sent.loaded / sent.total; });
    request.addEventListener("load", () => {
      history.replaceState(null, "", request.responseURL);
      document.open();
      document.write(request.responseText);
      document.close();
    });
    request.addEventListener("error", () => {
      if (button && button.name) form.append(Object.assign(document.createElement("input"), { type: "hidden", name: button.name, value: button.value }));
      form.submit();
    });
    request.open("POST", location.href);
    request.send(body);
  });
}
