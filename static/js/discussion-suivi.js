// The comment of the second that plays is marked, and its page of the list comes by itself, as long as one follows the film.

import { refresh } from "./discussion-liste.js";

let rows; // [{ start, row }] in the order of the film, read once for each list
let now;
let position; // of the film, as long as it is followed
let turning = false;
let wanted = true; // until one says otherwise, on this page

const list = () => document.getElementById("commentaires");

function read() {
  rows = [...document.querySelectorAll(".moments > .moment")].map((row) => ({ row, start: Number(row.dataset.debut), end: Number(row.dataset.fin) || 0 }));
  const label = list()?.querySelector("[data-follow-label]");
  if (!label) return;
  label.hidden = false;
  label.querySelector("input").checked = wanted;
}

function at(seconds) {
  let [low, high] = [0, rows.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (rows[middle].start <= seconds) low = middle + 1;
    else high = middle;
  }
  return rows[low - 1]?.row;
}

function mark(row) {
  now?.classList.remove("moment--now");
  now = row;
  now?.classList.add("moment--now");
}

function bringIntoView(row) {
  const frame = row.parentElement;
  if (frame.scrollHeight > frame.clientHeight + 1) frame.scrollTo({ top: row.offsetTop - frame.offsetTop - 40 });
}

async function turn(seconds) {
  turning = true;
  const address = new URL(list().dataset.adresse, window.location.href);
  address.searchParams.delete("page");
  address.searchParams.set("a", seconds.toFixed(2));
  await refresh(address.href);
  turning = false;
}

document.addEventListener("lecteur:temps", (event) => {
  const { seconds } = event.detail;
  const here = list();
  if (!here || event.target.video?.paused !== false || !wanted) return;
  if (!rows) read();
  const outside = seconds < Number(here.dataset.de) || seconds >= Number(here.dataset.a);
  if (outside && !turning && !here.contains(document.activeElement)) turn(seconds);
  position = seconds;
  const row = at(seconds);
  if (row === now) return;
  mark(row);
  if (row) bringIntoView(row);
});

// The list has been drawn anew: the row to mark may be another one. It stays where its reader left it.
function readAgain() {
  read();
  mark(position === undefined ? undefined : at(position));
}

document.addEventListener(
  "change",
  (event) => {
    if (!event.target.matches("[data-follow]")) return;
    wanted = event.target.checked;
    event.stopPropagation(); // it narrows nothing: the form around it has nothing to ask
  },
  true,
);
document.addEventListener("discussion:change", readAgain);
document.addEventListener("htmx:after:settle", readAgain);
read();
