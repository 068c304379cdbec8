// What others say meanwhile. A WebSocket tells that something has changed, a plain request brings it; without a
// WebSocket, the request alone goes every quarter of a minute. What one is writing stays as it is.

import { refresh, turnAway } from "./discussion-liste.js";

const ASK_EVERY_MS = 15_000;
const LONGEST_PAUSE_MS = 30_000;
const OPEN = 1;
const OVER = new Set([4401, 4404]);

let socket;
let failures = 0;
let asking;
let over = false;

const page = () => document.querySelector("[data-live]");
const state = () => document.getElementById("commentaires")?.dataset.etat;

async function catchUp() {
  if (asking) return asking.then(catchUp);
  asking = refresh();
  const visible = await asking;
  asking = undefined;
  if (!visible) stop();
  return undefined;
}

function stop() {
  over = true;
  socket?.close();
  turnAway();
  document.getElementById("lecteur").stream.lose();
}

function showWhoIsHere(names) {
  const place = page()?.querySelector("[data-here]");
  if (!place) return;
  place.hidden = !names?.length;
  place.textContent = names?.length ? `Regardent aussi ce film : ${names.join(", ")}.` : "";
}

let here;

function heard(event) {
  const said = JSON.parse(event.data);
  failures = 0;
  here = said.here;
  showWhoIsHere(here);
  if (said.state !== state()) catchUp();
}

function listen() {
  if (socket || over || !page()) return;
  const address = new URL(page().dataset.live, window.location.href);
  address.protocol = address.protocol.replace("http", "ws");
  try {
    socket = new WebSocket(address);
  } catch {
    return; // none to be had here: the page asks by itself
  }
  socket.addEventListener("message", heard);
  socket.addEventListener("close", closed);
}

function closed(event) {
  socket = undefined;
  showWhoIsHere(undefined);
  if (over) return;
  failures += 1;
  if (OVER.has(event.code)) catchUp(); // the request says what this page may still show
  else setTimeout(listen, Math.min(1000 * 2 ** failures, LONGEST_PAUSE_MS) * (0.5 + Math.random() / 2));
}

setInterval(() => {
  const deaf = socket?.readyState !== OPEN;
  if (deaf && !over && page() && document.visibilityState === "visible") catchUp();
}, ASK_EVERY_MS);

// The page has just been drawn anew, or the film has become ready.
document.addEventListener("htmx:after:settle", () => {
  listen();
  if (here) showWhoIsHere(here);
});
listen();
