// The second at which the player stands: for the fields that ask for one, and for the links that lead elsewhere with it.

import { clock } from "./lecteur-video-temps.js";

let seconds = 0;

function addButton(input) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button button--quiet prendre";
  button.innerHTML = 'Prendre le moment actuel, <span data-moment>0:00</span> <span class="invisible"></span>';
  button.lastElementChild.textContent = `(${input.dataset.prendre.toLowerCase()})`;
  button.addEventListener("click", () => { input.value = clock(seconds); });
  input.after(button);
}

function show() {
  for (const shown of document.querySelectorAll(".prendre [data-moment]")) shown.textContent = clock(seconds);
}

// Links of the film's page: what they open begins where one was, what they quote is the second that one sees.
document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-au-moment], a[data-citer]");
  if (!link) return;
  const { citer } = link.dataset;
  link.search = citer ? new URLSearchParams({ adresse: `${citer}?t=${Math.floor(seconds)}` }) : `?t=${clock(seconds)}`;
}, true);

document.addEventListener("lecteur:temps", (event) => {
  seconds = event.detail.seconds;
  show();
});

for (const input of document.querySelectorAll("[data-prendre]")) addButton(input);
seconds = document.querySelector("lecteur-video")?.time ?? 0;
show();
