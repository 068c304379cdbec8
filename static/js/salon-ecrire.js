// The box to write in: sent without leaving the page, sent again without being written twice.

const WRITING_EVERY_MS = 3000;

const form = document.querySelector("[data-writing]");
const words = form?.querySelector("textarea");
const button = form?.querySelector("[type=submit]");
const error = form?.querySelector("[data-error]");
const answering = form?.querySelector("[data-answering]");
let toldAt = 0;

function newKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

function refuse(text) {
  error.textContent = text;
  error.hidden = !text;
  error.parentElement.classList.toggle("field--bad", Boolean(text));
  words.toggleAttribute("aria-invalid", Boolean(text));
  if (!text) return;
  words.setAttribute("aria-invalid", "true");
  document.getElementById("annonce").textContent = text;
  words.focus();
}

function answer(seq, name) {
  form.elements.parent.value = seq;
  answering.hidden = !seq;
  answering.textContent = seq ? `En réponse à ${name}. ` : "";
  if (!seq) return;
  const cancel = Object.assign(document.createElement("button"), { type: "button", className: "linklike", textContent: "Ne plus répondre à ce message" });
  cancel.addEventListener("click", () => { answer("", ""); words.focus(); });
  answering.append(cancel);
}

function clear() {
  words.value = "";
  for (const name of ["documents", "quote"]) form.elements[name].value = "";
  form.elements.client_key.value = newKey();
  form.querySelector("details").open = false;
  form.querySelector("[data-draft-found]")?.remove();
  answer("", "");
  refuse("");
}

async function send(sent) {
  button.disabled = true;
  try {
    const reply = await fetch(form.action, { method: "POST", body: new FormData(form), headers: { Accept: "application/json" }, redirect: "manual" });
    if (reply.status === 201) {
      clear();
      sent((await reply.json()).seq);
    } else if (reply.status === 422) refuse((await reply.json()).error);
    else refuse("Le message n’est pas parti. Il est gardé ici : réessayez, ou actualisez la page dans un autre onglet.");
  } catch {
    refuse("Pas de connexion : votre message est gardé ici. Réessayez dans un instant, il ne partira qu’une fois.");
  } finally {
    button.disabled = false;
  }
}

// `sent` is told the number of a message that has left; `writing`, now and then, that somebody writes.
export function listen({ sent, writing }) {
  if (!form) return;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    send(sent);
  });
  words.addEventListener("input", () => {
    if (!error.hidden) refuse("");
    if (Date.now() - toldAt < WRITING_EVERY_MS) return;
    toldAt = Date.now();
    writing();
  });
  words.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.requestSubmit();
  });
  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-answer]");
    if (!link || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    answer(link.closest(".post").dataset.seq, link.dataset.answer);
    form.scrollIntoView({ block: "nearest" });
    words.focus();
  });
}
