// A film may be watched while better pictures of it are still being made: they are taken without moving the viewer.
// A second hls.js reads what there is now, then takes the picture over with its buffers: nothing is emptied, nothing jumps.

const FIRST_GUESS = 500_000; // bits a second, when nothing was measured yet

export function renew(stream) {
  const { hls, Hls } = stream;
  if (!hls) return renewNative(stream);
  const next = stream.make({ autoStartLoad: false, abrEwmaDefaultEstimate: hls.bandwidthEstimate || FIRST_GUESS });
  stream.next?.destroy();
  stream.next = next;
  next.once(Hls.Events.MANIFEST_PARSED, () => next === stream.next && hand(stream, next));
  next.once(Hls.Events.ERROR, () => next === stream.next && next.destroy());
  return next.loadSource(stream.source);
}

function hand(stream, next) {
  const former = stream.hls;
  former.stopLoad();
  const media = former.transferMedia();
  stream.hls = next;
  stream.next = undefined;
  former.destroy();
  next.attachMedia(media ?? stream.video);
  next.startLoad(stream.video.currentTime, true);
  stream.list();
  if (stream.wanted !== "-1") next.loadLevel = stream.levelOf(stream.wanted); // what is loaded already stays
}

function renewNative({ video, source }) {
  const { currentTime, paused, playbackRate } = video;
  const goOn = () => {
    video.currentTime = currentTime;
    video.playbackRate = playbackRate;
    if (!paused) video.play();
  };
  video.addEventListener("loadedmetadata", goOn, { once: true });
  video.src = source;
  video.load();
}
