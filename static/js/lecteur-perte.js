// What was watched is not given any more: another version has taken its place, or the right to watch has ended.

const GONE = "Ce film n’est plus visible pour vous. Actualisez la page.";
const MINUTE_MS = 60_000;

// A piece that is refused may be of a version that was replaced: the list is read once more. If it is refused too, or
// pieces still are, the film is gone.
export function lose(stream, hls, fault) {
  if (hls !== stream.hls) return; // it was read again already
  const now = performance.now();
  const looked = now - (stream.lookedAt ?? -Infinity) < MINUTE_MS;
  if (!fault || fault.details === "manifestLoadError" || looked) return forget(stream);
  stream.lookedAt = now;
  stream.goOn(stream.player.dataset.soundOnly === "yes" ? stream.player.dataset.sound : stream.source);
}

// The stream stops, and nothing of the film stays on the screen.
function forget(stream) {
  const { player, video } = stream;
  stream.close();
  stream.hls = stream.opened = player.attached = undefined;
  for (const name of ["poster", "src"]) video.removeAttribute(name);
  video.replaceChildren(); // its captions
  video.load();
  const drawn = player.querySelectorAll(".lecteur-apercu, .lecteur-onde, .lecteur-chapitres");
  document.querySelector("[data-circle]")?.remove();
  for (const part of [...drawn, ...document.querySelectorAll("[id^='paroles-']")]) part.remove();
  player.showState();
  player.fail(GONE);
}
