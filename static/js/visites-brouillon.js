// The report of a visit saves itself while one writes: each answer is the version that the next one continues.

const EVERY_MS = 2000;
const form = document.querySelector("form[data-brouillon]");
const state = form?.querySelector("[data-brouillon-etat]");
let waiting;
let sending = Promise.resolve();

const timeOfDay = () => new Date().toLocaleTimeString("fr-FR", { hour: "2-digit", minute: "2-digit" });

async function keep() {
  clearTimeout(waiting);
  waiting = undefined;
  try {
    const answer = await fetch(form.dataset.brouillon, { method: "POST", body: new FormData(form) });
    const said = await answer.text();
    if (answer.ok) form.elements.version.value = said;
    state.textContent = answer.ok ? `Enregistré à ${timeOfDay()}.` : answer.status === 422 ? said : "Pas encore enregistré : rechargez la page dans un autre onglet.";
  } catch {
    state.textContent = "Pas encore enregistré : la connexion est coupée.";
  }
}

// One after the other: two at once would carry the same version.
function soon() {
  if (!waiting) waiting = setTimeout(() => { sending = sending.then(keep); }, EVERY_MS);
}

form?.addEventListener("input", soon);

form?.addEventListener("submit", async (event) => {
  if (form.dataset.parti) return;
  event.preventDefault();
  clearTimeout(waiting);
  waiting = undefined;
  await sending;
  form.dataset.parti = "oui";
  setTimeout(() => form.requestSubmit(event.submitter)); // not while the first submission is still being told
});

document.addEventListener("visibilitychange", () => {
  if (form && document.visibilityState === "hidden" && waiting) sending = sending.then(keep);
});
