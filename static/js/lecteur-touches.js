// The keys of the player. They act while the focus is inside it, and nowhere else: letters stay letters (RGAA 12.10).

const STEP_S = 10;
const ARROW_S = 5;
const FRAME_S = 1 / 25;

const KEYS = {
  k: (player) => player.toggle(),
  j: (player) => player.seek(player.time - STEP_S),
  l: (player) => player.seek(player.time + STEP_S),
  m: (player) => player.mute(),
  f: (player) => player.full(),
  v: (player) => player.pip(), // C, I and O belong to the comments beside it
  s: (player) => player.captions.toggle(),
  p: (player) => player.chapter(-1),
  n: (player) => player.chapter(1),
  "-": (player) => player.faster(-1),
  "+": (player) => player.faster(1),
  "=": (player) => player.faster(1), // the same key of a French keyboard, without Shift
  ",": (player) => player.step(-FRAME_S),
  ";": (player) => player.step(FRAME_S),
  ".": (player) => player.step(FRAME_S),
};

const MOVES = {
  ArrowLeft: (player) => player.seek(player.time - ARROW_S),
  ArrowRight: (player) => player.seek(player.time + ARROW_S),
  ArrowUp: (player) => player.setVolume(player.video.volume + 0.1),
  ArrowDown: (player) => player.setVolume(player.video.volume - 0.1),
  Home: (player) => player.seek(0),
  End: (player) => player.seek(player.duration),
};

function acts(player, { target, key, code }) {
  if (target.matches("select")) return undefined; // its own keys: it is a list
  if (key in MOVES) return target === player.parts.volume ? undefined : MOVES[key];
  if (key === " ") return target.matches("button, a") ? undefined : KEYS.k; // a button keeps its own space bar
  const tenth = /^(?:Digit|Numpad)(\d)$/.exec(code); // the row of digits, with or without Shift
  if (tenth) return () => player.seek((player.duration * Number(tenth[1])) / 10);
  return KEYS[key.toLowerCase()];
}

export function listenToKeys(player) {
  player.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.matches("input:not([type=range]), textarea")) return;
    const act = acts(player, event);
    if (!act) return;
    event.preventDefault();
    act(player);
  });
}
