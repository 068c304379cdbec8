// Where one stops is kept on the server, for this person alone: the film goes on from there on any device.

const EVERY_MS = 10_000;

export function keepPosition(player) {
  const { video } = player;
  const form = document.getElementById("reprise-note");
  if (!form) return;
  let kept = null;
  let keptAt = 0;

  function keep() {
    const at = Math.round(player.time * 10) / 10;
    if (!player.started || at === kept) return;
    kept = at;
    keptAt = performance.now();
    const note = new FormData(form);
    note.set("at_s", at);
    // It outlives the page that closes; a lost note costs ten seconds of film, and nobody is told of it.
    fetch(form.action, { method: "POST", body: note, keepalive: true }).catch(() => {});
  }

  video.addEventListener("timeupdate", () => !video.paused && performance.now() - keptAt > EVERY_MS && keep());
  for (const name of ["pause", "ended"]) video.addEventListener(name, keep);
  const { signal } = player.leaving;
  document.addEventListener("visibilitychange", () => document.hidden && keep(), { signal });
  window.addEventListener("pagehide", keep, { signal });
}
