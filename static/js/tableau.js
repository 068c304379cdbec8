// The board of a plan: take somebody, put them on a class, by dragging, by touching, or with the keyboard.
// Everything it does is a form of the page, asked for in JSON: the server decides, the rows it answers are drawn.

import { Avis } from "./tableau-avis.js";
import { follow } from "./tableau-glisser.js";

const said = document.getElementById("annonce");
let avis, held, last = Promise.resolve();

const board = () => document.getElementById("tableau");
const rows = () => [...board().querySelectorAll("[data-classe]")];
const rowOf = (element) => element?.closest?.("#tableau [data-classe]");
const chipOf = (element) => element?.closest?.("#tableau [data-prendre]");

function announce(text) {
  said.textContent = "";
  setTimeout(() => { said.textContent = text; }, 50); // the same text twice is read twice
}

function tell(text, kind) {
  const place = document.getElementById("tableau-dit");
  const line = Object.assign(document.createElement("p"), { className: `alert alert--${kind}`, textContent: text });
  place.replaceChildren(...(text ? [line] : []));
  if (text) announce(text);
}

// Without this module a chip is a text; with it, a button.
function dress(root) {
  for (const chip of root.querySelectorAll("[data-prendre]")) {
    chip.setAttribute("role", "button");
    chip.tabIndex = 0;
  }
}

function load() {
  const data = document.getElementById("tableau-donnees");
  if (!data) return;
  avis = new Avis(JSON.parse(data.textContent));
  held = undefined;
  dress(board());
  board().querySelector(".tableau__aide").hidden = false;
}

// --- Taking -----------------------------------------------------------------------------------------------------------
function take(chip) {
  release();
  held = { person: chip.dataset.prendre, name: chip.dataset.nom, from: chip.dataset.de, id: chip.closest("[id]").id };
  board().classList.add("tableau--pris");
  chip.classList.add("tableau__qui--pris");
  chip.setAttribute("aria-pressed", "true");
  for (const row of rows()) {
    const { kind, words } = avis.of(held.person, row, held.from);
    row.dataset.avis = kind;
    const line = row.querySelector(".tableau__avis");
    line.textContent = words;
    line.hidden = false;
  }
}

function release() {
  if (!held) return;
  const chip = document.querySelector(`#${held.id} [data-prendre]`);
  chip?.classList.remove("tableau__qui--pris");
  chip?.removeAttribute("aria-pressed");
  board().classList.remove("tableau--pris");
  for (const row of rows()) {
    delete row.dataset.avis;
    row.removeAttribute("tabindex");
    row.querySelector(".tableau__avis").hidden = true;
  }
  held = undefined;
}

function giveUp() {
  const id = held?.id;
  release();
  if (id) document.querySelector(`#${id} [data-prendre]`)?.focus();
  announce("Reposé.");
}

function put(row) {
  const { person, name, from } = held;
  const { kind, words } = avis.of(person, row, from);
  release();
  if (kind === "ici") return;
  if (kind === "non") {
    tell(`${name} : ${words}`, "error");
    row.querySelector("[data-prendre], a, button")?.focus();
    return;
  }
  const body = new FormData();
  body.set("remplacant", person);
  body.set("vu", row.dataset.vu);
  if (from) body.set("quitte", from);
  ask(row.dataset.donner, body, row.id);
}

function putBack() {
  const row = held.from && document.getElementById(`classe-${held.from}`);
  release();
  if (!row) return;
  const body = new FormData();
  body.set("remplacant", "");
  body.set("vu", row.dataset.vu);
  ask(row.dataset.donner, body, row.id);
}

// --- Asking -----------------------------------------------------------------------------------------------------------
// One after the other: who is quick loses none of their gestures.
function ask(address, body, focus) {
  body.set("csrfmiddlewaretoken", document.querySelector("[name=csrfmiddlewaretoken]").value);
  body.set("filtre", board().dataset.filtre);
  last = last.then(() => send(address, body, focus));
}

async function send(address, body, focus) {
  board()?.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(address, { method: "POST", body, headers: { Accept: "application/json" }, redirect: "manual" });
    if (![200, 409, 422].includes(answer.status)) throw new Error(`${answer.status}`);
    const told = await answer.json();
    redraw(told, focus);
    tell(told.error ?? "", "error");
    if (told.said) announce(told.said);
  } catch {
    tell("La page n’a pas répondu : rien n’est changé. Réessayez dans un instant, ou rechargez la page.", "error");
  } finally {
    board()?.removeAttribute("aria-busy");
  }
}

function redraw({ parts = {}, taken = {} }, focus) {
  const parser = document.createElement("template");
  for (const [id, html] of Object.entries(parts)) {
    parser.innerHTML = html;
    dress(parser.content);
    document.getElementById(id)?.replaceWith(parser.content.querySelector(`#${id}`));
  }
  avis.learn(taken);
  document.getElementById(focus)?.querySelector("[data-prendre], a, button")?.focus({ preventScroll: true });
}

document.addEventListener("submit", (event) => {
  const form = event.target.closest("#tableau form[method=post]");
  if (!form) return;
  event.preventDefault();
  ask(form.action, new FormData(form, event.submitter), form.closest("[id]").id);
});

// --- With the keyboard ------------------------------------------------------------------------------------------------
function goTo(row) {
  if (!row) return;
  row.tabIndex = -1;
  row.focus();
  announce(`${row.querySelector(".tableau__nom").textContent}. ${avis.of(held.person, row, held.from).words}`);
}

function step(way, from) {
  const all = rows();
  const at = all.indexOf(from);
  goTo(at < 0 ? all[0] : all[Math.min(Math.max(at + way, 0), all.length - 1)]);
}

const KEYS = {
  ArrowDown: (row) => step(1, row),
  ArrowUp: (row) => step(-1, row),
  Home: () => goTo(rows()[0]),
  End: () => goTo(rows().at(-1)),
  Enter: (row) => (row ? put(row) : giveUp()),
  " ": (row) => (row ? put(row) : giveUp()),
  Escape: giveUp,
  Delete: putBack,
};

document.addEventListener("keydown", (event) => {
  if (!board() || event.altKey) return;
  const isTyping = event.target.matches("input, select, textarea");
  if ((event.ctrlKey || event.metaKey) && event.key === "z" && !isTyping) {
    event.preventDefault();
    const form = document.querySelector("#gestes form");
    if (form) ask(form.action, new FormData(form), "gestes");
    else tell("Rien à annuler.", "info");
    return;
  }
  if (event.ctrlKey || event.metaKey || isTyping) return;
  const chip = chipOf(event.target);
  if (held) {
    const row = event.target.matches("[data-classe]") ? event.target : undefined;
    const start = row ?? (held.from && document.getElementById(`classe-${held.from}`));
    if (!KEYS[event.key]) return;
    event.preventDefault();
    KEYS[event.key](event.key.startsWith("Arrow") ? start : row);
  } else if (chip && (event.key === "Enter" || event.key === " ")) {
    event.preventDefault();
    take(chip);
    announce(`${held.name}, pris. Les flèches vont d’une classe à l’autre, Entrée pose, Échap renonce.`);
  }
});

// --- With the mouse, a finger, a pen ----------------------------------------------------------------------------------
document.addEventListener("click", (event) => {
  if (!board()) return;
  const chip = chipOf(event.target);
  const row = rowOf(event.target);
  if (held && row && !event.target.closest("a, button, form")) put(row);
  else if (chip && !held) take(chip);
  else if (held && chip) take(chip);
});

follow({
  chipOf,
  begin: take,
  over: (element) => {
    const row = rowOf(element);
    for (const each of rows()) each.classList.toggle("tableau__classe--dessus", each === row);
    return row ? avis.of(held.person, row, held.from) : undefined;
  },
  end: (element) => {
    for (const each of rows()) each.classList.remove("tableau__classe--dessus");
    const row = rowOf(element);
    if (!held) return;
    if (row) put(row);
    else if (element?.closest?.("#vivier")) putBack();
    else giveUp();
  },
});

document.addEventListener("htmx:after:settle", load);
load();
