// The editor of captions: rows that follow the film, saved as one types. Without this script they are a plain form.

import { Keeper } from "./lecteur-sous-titrage-garde.js";

const BACK_S = 2;
const LENGTH_S = 3; // of a caption that begins where the film stands
const PART_S = 0.1;

const form = document.querySelector("[data-sous-titrage]");
const list = form.querySelector("[data-cues]");
const player = document.querySelector("lecteur-video");
const blank = form.querySelector("[data-cue-blank]");
let looping = null;
let live; // the captions as they are typed, over the picture
let drawing;

const field = (row, name) => row.querySelector(`[name=${name}]`);
const rowsOf = () => [...list.querySelectorAll("[data-cue]")];

function secondsOf(text) {
  const found = /^(?:(?:(\d{1,2}):)?(\d{1,2}):)?(\d{1,4}(?:[.,]\d+)?)$/.exec(text.replace(/\s/g, ""));
  if (!found) return NaN;
  return 3600 * Number(found[1] ?? 0) + 60 * Number(found[2] ?? 0) + Number(found[3].replace(",", "."));
}

function timeOf(seconds) {
  const whole = Math.floor(seconds);
  const hundredths = Math.round((seconds - whole) * 100);
  if (hundredths === 100) return timeOf(whole + 1);
  const two = (number) => String(number).padStart(2, "0");
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60];
  const start = hours ? `${hours}:${two(minutes)}` : String(minutes);
  return `${start}:${two(whole % 60)}${hundredths ? `,${two(hundredths).replace(/0$/, "")}` : ""}`;
}

function read(row) {
  const [start, end] = [secondsOf(field(row, "start").value), secondsOf(field(row, "end").value)];
  return { start, end, text: field(row, "text").value.trim(), row };
}

const isGood = ({ start, end, text }) => text && start >= 0 && end >= start + PART_S;

// --- What one does with a row ---------------------------------------------------------------------------------------
function makeRow({ start = "", end = "", text = "" }, before = null) {
  const row = blank.content.firstElementChild.cloneNode(true);
  field(row, "start").value = start === "" ? "" : timeOf(start);
  field(row, "end").value = end === "" ? "" : timeOf(end);
  field(row, "text").value = text;
  list.insertBefore(row, before);
  row.querySelector("[data-cue-tools]").hidden = false;
  return row;
}

const ACTS = {
  play(row) {
    const { start, end } = read(row);
    if (!(end > start)) return;
    looping = looping?.row === row && !player.video.paused ? null : { row, start, end };
    player.seek(start);
    if (looping) player.play();
    else player.video.pause();
  },
  start(row) {
    field(row, "start").value = timeOf(player.time);
    if (!(read(row).end > player.time)) field(row, "end").value = timeOf(player.time + LENGTH_S);
  },
  end(row) {
    field(row, "end").value = timeOf(player.time);
  },
  split(row) {
    const { start, end } = read(row);
    const area = field(row, "text");
    const whole = area.value;
    const at = area.selectionStart > 0 && area.selectionStart < whole.length ? area.selectionStart : Math.ceil(whole.length / 2);
    const share = whole.length ? at / whole.length : 0.5;
    const cut = player.time > start && player.time < end ? player.time : start + (end - start) * share;
    area.value = whole.slice(0, at).trim();
    field(row, "end").value = timeOf(cut);
    const next = makeRow({ start: cut, end, text: whole.slice(at).trim() }, row.nextElementSibling);
    field(next, "text").focus();
  },
  merge(row) {
    const next = row.nextElementSibling;
    if (!next || !read(next).text) return;
    field(row, "end").value = field(next, "end").value;
    field(row, "text").value = `${field(row, "text").value.trim()}\n${read(next).text}`;
    next.remove();
    field(row, "text").focus();
  },
  remove(row) {
    const near = row.nextElementSibling ?? row.previousElementSibling;
    row.remove();
    if (near) field(near, "text").focus();
  },
  add() {
    const at = player ? player.time : 0;
    const next = rowsOf().find((row) => read(row).start > at || !read(row).text) ?? null;
    field(makeRow({ start: at, end: at + LENGTH_S }, next), "text").focus();
  },
};

const KEYS = {
  KeyK: () => player.toggle(),
  KeyJ: () => player.seek(player.time - BACK_S),
  KeyR: (row) => row && ACTS.play(row),
  KeyD: (row) => row && ACTS.start(row),
  KeyF: (row) => row && ACTS.end(row),
  KeyC: (row) => row && ACTS.split(row),
  KeyG: (row) => row && ACTS.merge(row),
  KeyN: () => ACTS.add(),
};

// --- What is shown --------------------------------------------------------------------------------------------------
function hintsOf({ start, end, text }) {
  const said = [];
  const lines = text.replace(/<\/?[ib]>/g, "").split("\n");
  if (text && !isGood({ start, end, text })) return [Number.isFinite(start) && Number.isFinite(end) ? "la fin vient après le début" : "les temps s’écrivent 0:03 ou 0:03,5"];
  if (lines.join(" ").length > Number(form.dataset.signs) * (end - start)) said.push("trop rapide à lire");
  if (lines.length > 2) said.push("plus de deux lignes");
  if (lines.some((line) => line.length > Number(form.dataset.line))) said.push("ligne longue");
  return said;
}

function showHints(row) {
  const typed = read(row);
  const wrong = Boolean(typed.text) && !isGood(typed);
  row.querySelector("[data-cue-hints]").textContent = hintsOf(typed).join(", ");
  for (const name of ["start", "end"]) field(row, name).toggleAttribute("aria-invalid", false);
  if (wrong) field(row, Number.isFinite(typed.start) ? "end" : "start").setAttribute("aria-invalid", "true");
}

function draw() {
  if (!live) return;
  for (const cue of [...(live.cues ?? [])]) live.removeCue(cue);
  for (const { start, end, text } of rowsOf().map(read).filter(isGood)) live.addCue(new VTTCue(start, end, text));
}

function follow(seconds) {
  if (looping && seconds >= looping.end) player.seek(looping.start);
  const now = rowsOf().find((row) => isGood(read(row)) && read(row).start <= seconds && seconds < read(row).end);
  if (now?.hasAttribute("data-now")) return;
  list.querySelector("[data-now]")?.removeAttribute("data-now");
  now?.setAttribute("data-now", "");
  if (now && !list.contains(document.activeElement)) now.scrollIntoView({ block: "nearest" });
}

// --- Saving ---------------------------------------------------------------------------------------------------------
const times = new WeakMap(); // the last good ones of each row: while others are being typed, these are saved

function toKeep(row) {
  const typed = read(row);
  if (isGood(typed)) times.set(row, { start: field(row, "start").value, end: field(row, "end").value });
  return typed.text && times.has(row) ? [{ ...times.get(row), text: typed.text }] : [];
}

const unfinished = (row) => read(row).text && !isGood(read(row));
const keeper = new Keeper(form, () => rowsOf().flatMap(toKeep), () => rowsOf().some(unfinished));
rowsOf().forEach(toKeep);

function changed(row) {
  if (row?.isConnected) showHints(row);
  clearTimeout(drawing);
  drawing = setTimeout(draw, 300);
  keeper.changed();
}

for (const tools of form.querySelectorAll("[data-cue-tools]")) tools.hidden = false;
const add = form.querySelector("[data-cue-new]");
add.hidden = false;
add.addEventListener("click", () => ACTS.add());
list.addEventListener("input", (event) => changed(event.target.closest("[data-cue]")));
list.addEventListener("click", (event) => {
  const act = event.target.closest("[data-cue-do]")?.dataset.cueDo;
  const row = event.target.closest("[data-cue]");
  if (!act) return;
  ACTS[act](row);
  if (act !== "play") changed(row);
});
document.addEventListener("keydown", (event) => {
  if (!event.altKey || event.ctrlKey || event.metaKey || !(event.code in KEYS) || !player) return;
  event.preventDefault(); // by its place on the keyboard: with Alt, some systems write another sign
  const row = document.activeElement.closest("[data-cue]") ?? list.querySelector("[data-now]");
  KEYS[event.code](row);
  if (!["KeyK", "KeyJ", "KeyR"].includes(event.code)) changed(row);
});
if (player) {
  player.addEventListener("lecteur:temps", (event) => follow(event.detail.seconds));
  for (const track of player.video.textTracks) track.mode = "disabled";
  live = player.video.addTextTrack("captions", "brouillon");
  live.mode = "showing";
  draw();
}
