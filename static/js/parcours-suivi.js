// An excerpt of a training path: what is really played of it is counted, and the player stops where a question is asked.

import { Beats, sendLeftovers } from "./parcours-battements.js";
import { Stops } from "./parcours-arrets.js";

const SLACK_S = 0.5; // two looks at a clock are never quite as far apart as the film between them

// What the picture went through, piece after piece: neither what one jumped over, nor the time of a film that waits.
export function followPlaying(video, tell) {
  let seenTo; // none: nothing plays
  let lookedAt;

  function look() {
    const { currentTime: at, playbackRate, seeking } = video;
    const now = performance.now();
    const most = ((now - lookedAt) / 1000) * playbackRate + SLACK_S;
    if (!seeking && at > seenTo && at - seenTo <= most) tell(seenTo, at);
    seenTo = seeking ? undefined : at;
    lookedAt = now;
  }

  function stop() {
    look();
    seenTo = undefined;
  }

  video.addEventListener("timeupdate", () => !video.paused && look());
  video.addEventListener("playing", look);
  video.addEventListener("seeking", () => { seenTo = undefined; });
  for (const name of ["pause", "ended", "emptied"]) video.addEventListener(name, stop);
}

function follow(section) {
  const player = section.querySelector("lecteur-video");
  const beats = section.querySelector("[data-suivi-note]") && new Beats(section, player);
  const stops = new Stops(section, player);
  followPlaying(player.video, (from, to) => {
    beats?.add(from, to);
    stops.pass(from, to);
  });
}

sendLeftovers(document.querySelector("[data-suivi-note]"));
customElements.whenDefined("lecteur-video").then(() => document.querySelectorAll("[data-suivi]").forEach(follow));
