// Two players as one: read both, keep their offset, and hear one at a time. Each keeps its own commands.

const DRIFT_S = 0.3; // what the eye does not see
const bar = document.querySelector("[data-cotes]");
const players = [...document.querySelectorAll(".cotes lecteur-video")];
let offset = 0; // how far the second is ahead of the first
let leading; // the player that somebody has just moved

const begin = (player) => Number(player.dataset.in) || 0;
const isPlaying = (player) => player.dataset.state === "playing";
const linked = () => bar.querySelector("[data-cotes-lies]").checked;

function measure() {
  offset = players[1].time - players[0].time;
}

function align(from, to) {
  const wanted = to === players[1] ? from.time + offset : from.time - offset;
  if (wanted < 0 || wanted > to.duration) return;
  if (Math.abs(to.time - wanted) > DRIFT_S) to.seek(wanted);
}

function hear(which) {
  players.forEach((player, index) => { player.video.muted = String(index) !== which; });
}

function toggle() {
  const playing = players.some(isPlaying);
  for (const player of players) {
    if (playing && isPlaying(player)) player.video.pause();
    if (!playing) player.play();
  }
}

function show() {
  const playing = players.some(isPlaying);
  bar.querySelector("[data-cotes-lire]").textContent = playing ? "Mettre les deux en pause" : "Lire les deux";
}

// One that somebody moves takes the other with it; the one that follows answers with a move of its own: not followed.
function follow(event) {
  const from = event.target.closest("lecteur-video");
  const to = players.find((player) => player !== from);
  if (!linked()) return measure();
  if (leading && leading !== from) return;
  leading = from;
  align(from, to);
  setTimeout(() => { leading = undefined; }, 250);
}

if (bar && players.length === 2) {
  bar.hidden = false;
  measure();
  hear("0");
  bar.querySelector("[data-cotes-lire]").addEventListener("click", toggle);
  bar.querySelector("[data-cotes-debut]").addEventListener("click", () => {
    players.forEach((player) => player.seek(begin(player)));
    measure();
  });
  bar.querySelector("[data-cotes-lies]").addEventListener("change", measure);
  bar.querySelector("[data-cotes-son]").addEventListener("change", (event) => hear(event.target.value));
  for (const player of players) {
    player.video.addEventListener("seeking", follow);
    for (const name of ["play", "playing", "pause", "ended"]) player.video.addEventListener(name, show);
  }
  document.addEventListener("lecteur:temps", (event) => {
    if (!players.includes(event.target)) return;
    if (!players.some(isPlaying)) follow(event); // moved before anything plays
    else if (event.target === players[0] && linked() && !leading && players.every(isPlaying)) align(players[0], players[1]);
  });
}
