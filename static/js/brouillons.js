// What is typed in a form that says where (data-draft) is kept by the server while one writes, until it is sent.

const EVERY_MS = 1500;
const PATIENCE_MS = 3000; // a form that is sent waits no longer for its draft
const REFUSED = "Brouillon non gardé : actualisez la page dans un autre onglet.";
const AGAIN_MS = 10_000;
const CUT = "La connexion est coupée : rien ne part, et rien n’est perdu. Laissez cette page ouverte.";

const waiting = new Map(); // a form, and the timer that will keep it
const keeping = new Map(); // a form, and its words on their way
const leaving = new WeakSet();
// Forms whose last words did not leave. Kept in the page alone: machines of schools are shared.
const cut = new Set();

const addressOf = (form) => form?.querySelector("[data-draft]")?.dataset.draft;

export const isKept = (form) => Boolean(addressOf(form));

function say(form, text) {
  const place = form.querySelector("[data-draft-state]");
  if (place) place.textContent = text;
}

// Words alone: a file is chosen again.
function typedIn(form) {
  const typed = new FormData(form);
  for (const [name, value] of [...typed]) if (typeof value !== "string") typed.delete(name);
  return typed;
}

async function ask(form) {
  try {
    const answer = await fetch(addressOf(form), { method: "POST", body: typedIn(form), redirect: "manual" });
    cut.delete(form);
    say(form, answer.ok || answer.status === 422 ? await answer.text() : REFUSED);
  } catch {
    cut.add(form);
    say(form, CUT);
  }
}

function unplan(form) {
  clearTimeout(waiting.get(form));
  waiting.delete(form);
}

// One after the other: the last words are kept last.
export function keep(form) {
  unplan(form);
  const asked = (keeping.get(form) ?? Promise.resolve()).then(() => ask(form));
  keeping.set(form, asked);
  return asked.then(() => { if (keeping.get(form) === asked) keeping.delete(form); });
}

document.addEventListener("input", ({ target }) => {
  const form = target.closest("form");
  if (addressOf(form) && !waiting.has(form)) waiting.set(form, setTimeout(() => keep(form), EVERY_MS));
});

// Before it is sent, what is typed is kept: the network may fail, and what is sent is forgotten after it was kept.
document.addEventListener("submit", async (event) => {
  const { target: form, submitter } = event;
  say(form, "");
  if (waiting.has(form) || cut.has(form)) keep(form);
  if (!keeping.has(form)) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  if (leaving.has(form)) return;
  leaving.add(form);
  await Promise.race([keeping.get(form), new Promise((resolve) => { setTimeout(resolve, PATIENCE_MS); })]);
  keeping.delete(form);
  leaving.delete(form);
  if (cut.has(form)) say(form, CUT);
  else form.requestSubmit(submitter);
}, true);

const again = () => { for (const form of cut) if (form.isConnected && !keeping.has(form)) keep(form); };
window.addEventListener("online", again);
setInterval(again, AGAIN_MS);
window.addEventListener("beforeunload", (event) => { if ([...cut].some((form) => form.isConnected)) event.preventDefault(); });

// The tab is hidden, or closed: what was typed in the last second leaves at once.
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState !== "hidden") return;
  for (const form of [...waiting.keys()]) {
    unplan(form);
    if (!navigator.sendBeacon(addressOf(form), typedIn(form))) keep(form);
  }
});
