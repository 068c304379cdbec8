// A salon that is open: what others say comes by itself, what is missed is caught up, how far one has read is noted.

import "./discussion-noms.js";
import { Direct } from "./direct.js";
import { listen } from "./salon-ecrire.js";
import { isSeen, mine, show, turnAway } from "./salon-messages.js";
import { Known } from "./salon-suite.js";

const READ_EVERY_MS = 30_000; // of one page: three hundred are open
const WRITING_FOR_MS = 4500;

const salon = document.querySelector(".salon");
const known = salon && new Known(Number(salon.dataset.seq));
let direct;
let readSeq = Number(salon?.dataset.read);
let quiet;

function take(said) {
  const { news, hole } = known.hear(said);
  show(news);
  return hole;
}

async function catchUp() {
  for (;;) {
    const address = new URL(salon.dataset.changes, window.location.href);
    address.searchParams.set("n", known.cursor);
    let answer;
    try {
      answer = await fetch(address, { redirect: "manual" });
    } catch {
      return true; // no network: it will be asked again
    }
    if (answer.status >= 500) return true;
    if (!answer.ok) return false;
    const said = await answer.json();
    take(said);
    if (!said.more) return true;
  }
}

function showWhoIsHere(here) {
  const others = (here?.count ?? 0) - 1;
  const place = salon.querySelector("[data-here]");
  if (place) place.textContent = others > 0 ? `${others + 1} personnes présentes : ${here.names.join(", ")}${here.count > here.names.length ? "…" : ""}` : "";
}

function showWhoWrites(names) {
  const place = salon.querySelector("[data-writing-now]");
  const mineToo = document.querySelector(".menu__who strong")?.textContent;
  const others = names.filter((name) => name !== mineToo);
  if (!place || !others.length) return;
  place.textContent = others.length > 1 ? `${others.join(", ")} écrivent…` : `${others[0]} écrit…`;
  clearTimeout(quiet);
  quiet = setTimeout(() => { place.textContent = ""; }, WRITING_FOR_MS);
}

function heard(said) {
  if ("here" in said) showWhoIsHere(said.here);
  if (said.writing) showWhoWrites(said.writing);
  if (said.posts ? take(said) : said.seq > known.cursor) direct.check();
}

function noteReading() {
  const form = salon.querySelector("[data-reading]");
  if (!form || !isSeen() || known.cursor <= readSeq) return;
  readSeq = known.cursor;
  const body = new FormData(form);
  body.set("n", readSeq);
  fetch(form.action, { method: "POST", body, headers: { Accept: "application/json" }, keepalive: true }).catch(() => {});
}

// Said beside the message, until it is drawn anew.
function refuse(button, text) {
  const acts = button.closest(".post__acts");
  const said = acts.querySelector(".field__error") ?? acts.appendChild(Object.assign(document.createElement("p"), { className: "field__error" }));
  said.textContent = text;
  document.getElementById("annonce").textContent = text;
}

async function react(button) {
  const body = new FormData(document.getElementById("acte"));
  body.set("code", button.value);
  try {
    const answer = await fetch(button.getAttribute("formaction"), { method: "POST", body, headers: { Accept: "application/json" }, redirect: "manual" });
    if (answer.status === 422) refuse(button, (await answer.json()).error);
  } catch {
    return; // nothing was typed: one presses again
  }
  button.closest("details")?.removeAttribute("open");
  direct.check();
}

if (salon) {
  direct = new Direct(salon.dataset.live, { ask: catchUp, gone: turnAway, heard, left: () => showWhoIsHere() });
  listen({
    sent: async (seq) => { await direct.check(); mine(seq); },
    writing: () => { if (direct.socket?.readyState === 1) direct.socket.send('{"writing": true}'); },
  });
  document.addEventListener("click", (event) => {
    const button = event.target.closest("button[form=acte]");
    if (!button) return;
    event.preventDefault();
    react(button);
  });
  setTimeout(noteReading, 2000);
  setInterval(noteReading, READ_EVERY_MS);
  window.addEventListener("pagehide", noteReading);
  if (!window.location.hash && !window.location.search) document.querySelector("#non-lu, .posts > .post:last-child")?.scrollIntoView({ block: "center" });
}
