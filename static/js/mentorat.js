// The thread of a pair: what the other writes comes by itself; what one is writing stays, and is kept as a draft.

import { Direct } from "./direct.js";

const place = document.querySelector("[data-live]");
const thread = () => document.getElementById("fil-messages");

function announce(before, after) {
  const live = document.getElementById("annonce");
  if (live && after > before) live.textContent = "Un nouveau message de votre binôme.";
}

const count = (root) => root.querySelectorAll(".talk__item:not(.talk__item--mine)").length;

function replace(fresh) {
  const old = thread();
  const focused = old.contains(document.activeElement) ? document.activeElement.closest("[id]")?.id : undefined;
  announce(count(old), count(fresh));
  old.replaceWith(fresh);
  if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
}

async function refresh() {
  const asked = new URL(thread().dataset.adresse, window.location.href);
  asked.searchParams.set("etat", thread().dataset.etat);
  let answer;
  try {
    answer = await fetch(asked, { headers: { "HX-Request": "true" } });
  } catch {
    return true; // no network: it will be asked again
  }
  if (answer.status === 204 || answer.status >= 500) return true;
  if (!answer.ok || answer.redirected) return false;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("fil-messages");
  if (!fresh) return false;
  replace(fresh);
  read();
  return true;
}

// What is on a screen that is looked at is read; without a script, a button says so.
async function read() {
  const form = thread()?.querySelector("[data-lu]");
  if (!form || document.visibilityState !== "visible") return;
  form.hidden = true;
  try {
    await fetch(form.action, { method: "POST", body: new FormData(form) });
  } catch {
    form.hidden = false;
  }
}

// The right to read is gone: nothing of what was said stays on the screen, but for what one was writing oneself.
function gone() {
  const said = "Ce fil n’est plus visible pour vous. Actualisez la page.";
  thread()?.replaceChildren(Object.assign(document.createElement("p"), { className: "alert alert--warning", textContent: said }));
  document.getElementById("annonce").textContent = said;
}

if (place) {
  const direct = new Direct(place.dataset.live, {
    ask: refresh,
    gone,
    heard: (said) => { if (said.state !== thread()?.dataset.etat) direct.check(); },
  });
  document.addEventListener("visibilitychange", read);
  read();
}
