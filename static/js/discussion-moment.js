// The comment box beside a film: its time follows the player until one begins to write, then stays at that second.
// While the player has the focus, C opens the box at this second, I and O begin and end a passage.

import { clock } from "./lecteur-video-temps.js";

let seconds = 0;

const box = () => document.querySelector("[data-moment-form]");
const field = (form, name) => form.querySelector(`[name=${name}]`);

function isHeld(form) {
  return form.dataset.held === "yes" || field(form, "text").value.trim() !== "";
}

function put(form, time) {
  field(form, "at_s").value = time;
  for (const shown of form.querySelectorAll("[data-moment-time]")) shown.textContent = time;
}

function show(form) {
  const now = clock(seconds);
  const again = form.querySelector("[data-moment-now]");
  const end = form.querySelector("[data-moment-end]");
  if (!isHeld(form)) put(form, now);
  again.hidden = !isHeld(form) || field(form, "at_s").value === now;
  end.hidden = !isHeld(form) || field(form, "at_s").value === now || field(form, "ends_at_s").value === now;
  for (const shown of form.querySelectorAll("[data-clock]")) shown.textContent = now;
}

function begin(form) {
  put(form, clock(seconds));
  form.dataset.held = "yes";
  show(form);
}

function end(form) {
  field(form, "ends_at_s").value = clock(seconds);
  form.dataset.held = "yes";
  show(form);
}

function write(form) {
  field(form, "text").focus();
  form.scrollIntoView({ block: "nearest" });
}

const KEYS = {
  c: (form) => {
    if (!isHeld(form)) begin(form);
    write(form);
  },
  i: begin,
  o: (form) => {
    end(form);
    write(form);
  },
};

document.addEventListener("lecteur:temps", (event) => {
  seconds = event.detail.seconds;
  if (box()) show(box());
});

// The server has just drawn the box anew: it does not know where the player stands.
document.addEventListener("htmx:after:settle", () => box() && show(box()));

document.addEventListener("input", (event) => {
  const form = event.target.closest("[data-moment-form]");
  if (!form) return;
  if (event.target.name === "at_s" || event.target.name === "ends_at_s") form.dataset.held = "yes"; // typed by hand: no longer written over
  if (event.target.name === "at_s") {
    for (const shown of form.querySelectorAll("[data-moment-time]")) shown.textContent = event.target.value || "…";
  }
  show(form);
});

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-moment-now], [data-moment-end]");
  const form = button?.closest("[data-moment-form]");
  if (!form) return;
  if (button.matches("[data-moment-end]")) end(form);
  else begin(form);
  write(form);
});

function playerKey(event, form) {
  const act = KEYS[event.key.toLowerCase()];
  if (!act || event.ctrlKey || event.metaKey || event.altKey || event.target.matches("select")) return;
  event.preventDefault();
  event.stopPropagation();
  act(form);
}

document.addEventListener(
  "keydown",
  (event) => {
    const form = box();
    if (form && event.target.closest?.("lecteur-video")) playerKey(event, form);
    else if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) event.target.closest("[data-moment-form], [data-words-form]")?.requestSubmit();
  },
  true,
);
