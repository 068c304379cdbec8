// What others say meanwhile, and who they are. What one is writing stays as it is.

import { Direct } from "./direct.js";
import { refresh, turnAway } from "./discussion-liste.js";

let direct;
let here;

const page = () => document.querySelector(".discussion[data-live]");
const state = () => document.getElementById("commentaires")?.dataset.etat;

function showWhoIsHere(names) {
  const place = page()?.querySelector("[data-here]");
  if (!place) return;
  place.hidden = !names?.length;
  place.textContent = names?.length ? `Regardent aussi ce film : ${names.join(", ")}.` : "";
}

function heard(said) {
  here = said.here;
  showWhoIsHere(here);
  if (said.state !== state()) direct.check();
}

function gone() {
  turnAway();
  document.getElementById("lecteur").stream.lose();
}

function listen() {
  if (direct) direct.listen();
  else if (page()) direct = new Direct(page().dataset.live, { ask: refresh, gone, heard, left: () => showWhoIsHere() });
}

// The page has just been drawn anew, or the film has become ready.
document.addEventListener("htmx:after:settle", () => {
  listen();
  if (here) showWhoIsHere(here);
});
listen();
