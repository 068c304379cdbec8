// Drafts: what is typed in a form that says where (data-draft) is kept by the server while one writes.

const EVERY_MS = 1500;
let waiting;
let sending;

function say(form, text) {
  const place = form.querySelector("[data-draft-state]");
  if (place) place.textContent = text;
}

const timeOfDay = () => new Date().toLocaleTimeString("fr-FR", { hour: "2-digit", minute: "2-digit" });

export async function keep(form) {
  clearTimeout(waiting);
  waiting = undefined;
  sending?.abort();
  sending = new AbortController();
  try {
    const answer = await fetch(form.dataset.draft, { method: "POST", body: new FormData(form), signal: sending.signal });
    if (answer.status === 422) say(form, await answer.text());
    else say(form, answer.ok ? `Brouillon gardé à ${timeOfDay()}.` : "Brouillon non gardé : actualisez la page dans un autre onglet.");
  } catch (error) {
    if (error.name !== "AbortError") say(form, "Brouillon non gardé : la connexion est coupée.");
  }
}

document.addEventListener("input", (event) => {
  const form = event.target.closest("[data-draft]");
  if (form && !waiting) waiting = setTimeout(() => keep(form), EVERY_MS);
});

// What is published is no draft any more.
document.addEventListener("submit", (event) => {
  if (!event.target.matches("[data-draft]")) return;
  clearTimeout(waiting);
  waiting = undefined;
  sending?.abort();
});

// The tab is hidden, or closed: what was typed in the last second leaves at once.
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState !== "hidden" || !waiting) return;
  clearTimeout(waiting);
  waiting = undefined;
  for (const form of document.querySelectorAll("[data-draft]")) {
    if (form.querySelector("textarea").value.trim()) navigator.sendBeacon(form.dataset.draft, new FormData(form));
  }
});

function leave(form) {
  if (form.dataset.draft) keep(form);
  if (form.matches("[data-moment-form]")) {
    document.querySelector("lecteur-video [data-action=toggle]")?.focus();
    return;
  }
  form.closest(".moment")?.focus();
  if (!form.querySelector("textarea").value.trim() || form.dataset.draft) form.remove();
}

document.addEventListener("keydown", (event) => {
  const form = event.key === "Escape" && !event.defaultPrevented && event.target.closest("[data-moment-form], [data-words-form]");
  if (form) leave(form);
});

document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-close]");
  if (!link) return;
  event.preventDefault();
  const form = link.closest("form");
  form.closest(".moment")?.focus();
  form.remove();
});
