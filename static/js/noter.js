// Notes while one watches: each press keeps its second, is sent at once, and waits in memory while the network is away.

import { clock } from "./lecteur-video-temps.js";

const RETRY_MS = 3000;
const TYPED = "input:not([type='checkbox']), textarea, select";
const form = document.getElementById("noter");
const waiting = []; // presses on their way, the oldest first
let seconds = 0;
let timer;
let sending = false;

const field = (name) => form.querySelector(`[name=${name}]`);
const part = (name) => form.querySelector(`[data-part=${name}]`);

function say(text) {
  part("etat").textContent = text;
}

function told() {
  const left = waiting.length;
  return left > 1 ? `${left} notes attendent la connexion. Gardez cette page ouverte.` : "Une note attend la connexion. Gardez cette page ouverte.";
}

function press(button) {
  const data = new URLSearchParams(new FormData(form));
  data.set("press", button.value);
  data.set("at_s", form.dataset.typed ? field("at_s").value : seconds.toFixed(2));
  data.set("key", crypto.randomUUID());
  const label = button.closest("fieldset").querySelector("legend").firstChild.textContent.trim();
  const moment = form.dataset.typed ? field("at_s").value : clock(seconds);
  waiting.push({ data, text: field("text").value, button: button.id });
  field("text").value = "";
  delete form.dataset.typed;
  say(`Noté à ${moment} : ${label}.`);
  send();
}

// A press is taken off the queue only once the server has answered that it is written, or that it never will be.
async function send() {
  if (sending || !waiting.length) return;
  sending = true;
  clearTimeout(timer);
  try {
    while (waiting.length) if (!(await sendOne(waiting[0]))) break;
  } catch {
    say(told());
  }
  sending = false;
  if (waiting.length) timer = setTimeout(send, RETRY_MS);
}

async function sendOne({ data, text }) {
  const answer = await fetch(form.action, { method: "POST", body: data, headers: { "HX-Request": "true" } });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const notes = page.getElementById("notes");
  if (answer.status === 404) {
    say("Cette observation n’est plus ouverte pour vous. Ce que vous venez de noter n’a pas pu être gardé.");
    waiting.length = 0;
    return false;
  }
  if (!notes) {
    say(answer.ok ? `Votre session est terminée : reconnectez-vous dans un autre onglet. ${told()}` : told());
    return false;
  }
  waiting.shift();
  if (answer.status === 422 && !field("text").value) field("text").value = text;
  if (answer.status === 422) say("");
  show(notes);
  return true;
}

function show(notes) {
  const focused = document.activeElement?.id;
  document.getElementById("notes").replaceWith(notes);
  window.htmx?.process(notes);
  if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
}

function pressedDigit(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || !document.getElementById("noter-touches").checked) return;
  if (event.target.matches(TYPED)) return;
  const button = document.querySelector(`[data-touche="${event.key}"]`);
  if (!/^[1-9]$/.test(event.key) || !button) return;
  event.preventDefault();
  press(button);
}

if (form) {
  seconds = Number(form.dataset.begin);
  part("touches").hidden = false;
  document.addEventListener("lecteur:temps", (event) => {
    seconds = event.detail.seconds;
    if (!form.dataset.typed) field("at_s").value = clock(seconds);
  });
  field("at_s").addEventListener("input", () => { form.dataset.typed = "yes"; });
  document.addEventListener("keydown", pressedDigit);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (event.submitter) press(event.submitter);
  });
  document.addEventListener("submit", (event) => {
    if (!event.target.matches("[data-terminer]") || !waiting.length) return;
    event.preventDefault();
    say(told());
    send();
  });
  window.addEventListener("beforeunload", (event) => waiting.length && event.preventDefault());
  window.addEventListener("online", send);
}
