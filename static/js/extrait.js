// Plays only a part of a film: <lecteur-video data-in data-out> stops at its end, and starts again from its beginning.

const EDGE_S = 0.15; // times of a player are not exact

function partOf(player) {
  const [begin, end] = [Number(player.dataset.in), Number(player.dataset.out)];
  return end > begin ? { begin, end } : undefined;
}

document.addEventListener("lecteur:temps", (event) => {
  const player = event.target;
  const part = player.matches?.("lecteur-video[data-out]") && partOf(player);
  if (!part) return;
  const { seconds } = event.detail;
  if (seconds < part.begin - 0.5) player.seek(part.begin);
  else if (seconds >= part.end && player.querySelector("video").paused === false) {
    player.querySelector("video").pause();
    player.dataset.ended = "yes";
  } else if (seconds < part.end - EDGE_S) delete player.dataset.ended;
});

// To play again is to see the part again.
document.addEventListener("play", (event) => {
  const player = event.target.closest?.("lecteur-video[data-out]");
  const part = player && partOf(player);
  if (part && (player.dataset.ended || event.target.currentTime >= part.end - EDGE_S)) {
    delete player.dataset.ended;
    player.seek(part.begin);
  }
}, true);
