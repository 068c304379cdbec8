// The page of blurring: areas over the picture, a frame to draw with, and the page anew once a machine is done.

import { Overlay } from "./floutage-calque.js";
import { Frame } from "./floutage-cadre.js";

const root = document.querySelector("[data-floutage]");
const player = root.querySelector("lecteur-video");
const state = document.getElementById("avancement").dataset.etat;
let overlay;
let frame;

// Show the picture of a second, still.
async function goTo(seconds) {
  player.seek(seconds);
  player.scrollIntoView({ block: "nearest" });
  try {
    await player.attach();
  } catch {
    player.fail("Le film ne se charge pas. Vérifiez votre connexion, puis appuyez sur « Lire ».");
    return;
  }
  player.video.pause();
  player.say("");
  player.dataset.state = "paused"; // the picture is there: no large button over it
  player.seek(seconds);
}

function open(form) {
  frame?.close();
  const box = form.closest("[data-trace-boite]");
  box.hidden = false;
  box.open = true;
  document.querySelector("[data-trace-ouvrir]").hidden = true;
  frame = new Frame(overlay, form);
  box.scrollIntoView({ block: "nearest" });
}

async function openHere() {
  await goTo(player.time);
  open(document.querySelector("[data-trace]"));
  frame.group.focus({ preventScroll: true });
}

// The areas came anew: another form stands there, or the same one with what is wrong in it.
function settle() {
  const form = document.querySelector("[data-trace]");
  if (!form || form === frame?.form || form.dataset.seen) return;
  form.dataset.seen = "yes";
  frame?.close();
  frame = undefined;
  overlay.forget();
  const box = form.closest("[data-trace-boite]");
  box.querySelector("summary").hidden = true;
  document.querySelector("[data-trace-ouvrir]").hidden = box.open;
  document.querySelector("[data-trace-ouvrir] button").addEventListener("click", openHere);
  if (!box.open) box.hidden = true;
  else correct(form);
}

async function correct(form) {
  const points = form.dataset.points && JSON.parse(form.dataset.points);
  if (points && !form.querySelector("[aria-invalid]")) await goTo(Math.max(points[0][0], 0));
  if (form.isConnected) open(form);
}

// The search or the making is over: show what came of it, unless one is drawing.
function progressed() {
  const now = document.getElementById("avancement").dataset.etat;
  if (now !== state && !frame) location.reload();
}

if (root.dataset.zones) {
  overlay = new Overlay(player, root.dataset.zones);
  settle();
  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-aller]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    goTo(Number(link.dataset.aller));
  });
}
document.addEventListener("htmx:after:settle", (event) => {
  progressed();
  if (!overlay) return;
  settle();
  if (event.target.id !== "avancement") overlay.forget();
});
