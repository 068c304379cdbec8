// The comment box beside a film: its time follows the player until one begins to write, then stays at that second.

import { clock } from "./lecteur-video-temps.js";

let seconds = 0;

const box = () => document.querySelector("[data-moment-form]");
const timeOf = (form) => form.querySelector("[name=at_s]");

function isHeld(form) {
  return form.dataset.held === "yes" || form.querySelector("textarea").value.trim() !== "";
}

function put(form, time) {
  timeOf(form).value = time;
  for (const shown of form.querySelectorAll("[data-moment-time]")) shown.textContent = time;
}

function show(form) {
  const now = clock(seconds);
  const again = form.querySelector("[data-moment-now]");
  if (!isHeld(form)) put(form, now);
  again.hidden = !isHeld(form) || timeOf(form).value === now;
  again.querySelector("[data-clock]").textContent = now;
}

document.addEventListener("lecteur:temps", (event) => {
  seconds = event.detail.seconds;
  if (box()) show(box());
});

// The server has just drawn the box anew: it does not know where the player stands.
document.addEventListener("htmx:after:settle", () => box() && show(box()));

document.addEventListener("input", (event) => {
  const form = event.target.closest("[data-moment-form]");
  if (!form) return;
  if (event.target.name === "at_s") {
    form.dataset.held = "yes"; // typed by hand: the player no longer writes over it
    for (const shown of form.querySelectorAll("[data-moment-time]")) shown.textContent = event.target.value || "…";
  }
  show(form);
});

document.addEventListener("click", (event) => {
  const form = event.target.closest("[data-moment-now]")?.closest("[data-moment-form]");
  if (!form) return;
  put(form, clock(seconds));
  show(form);
  form.querySelector("textarea").focus();
});
