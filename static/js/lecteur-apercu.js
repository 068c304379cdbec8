// What the timeline shows before one goes there: a small picture, the time, the chapter; and the shape of the sound.

import { clock } from "./lecteur-video-temps.js";

const SVG = "http://www.w3.org/2000/svg";
const THUMB_PX = 16; // of the native slider: its middle stands this far, in all, from the two ends

function drawn(name, attributes) {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  return element;
}

export class Preview {
  constructor(player, event) {
    this.player = player;
    this.slider = player.parts.position;
    this.sprite = player.dataset.sprite ? JSON.parse(player.dataset.sprite) : null;
    this.box = document.createElement("div");
    this.box.className = "lecteur-apercu";
    this.box.hidden = true;
    this.box.setAttribute("aria-hidden", "true"); // the slider says the time itself
    this.words = document.createElement("span");
    this.box.append(this.words);
    player.parts.line.append(this.box);
    this.slider.addEventListener("pointermove", (event) => this.point(event));
    for (const name of ["pointerleave", "blur"]) this.slider.addEventListener(name, () => (this.box.hidden = true));
    for (const name of ["input", "keydown"]) this.slider.addEventListener(name, () => setTimeout(() => this.showAt(player.time)));
    this.drawWave();
    if (event.type === "pointerenter") this.point(event);
    else this.showAt(player.time);
  }

  point(event) {
    const { left, width } = this.slider.getBoundingClientRect();
    const share = (event.clientX - left - THUMB_PX / 2) / (width - THUMB_PX);
    this.showAt(Math.min(Math.max(share, 0), 1) * this.player.duration);
  }

  showAt(seconds) {
    const { width } = this.slider.getBoundingClientRect();
    const share = seconds / (this.player.duration || 1);
    this.box.hidden = false;
    this.box.style.setProperty("--at", `${THUMB_PX / 2 + share * (width - THUMB_PX)}px`);
    const chapter = this.player.chapterAt(seconds)?.title;
    this.words.textContent = chapter ? `${clock(seconds)} ${chapter}` : clock(seconds);
    if (this.sprite) this.picture(seconds);
  }

  picture(seconds) {
    const { interval_s: interval, columns, width, height, count } = this.sprite;
    if (!this.thumb) {
      const size = { width: columns * width, height: Math.ceil(count / columns) * height };
      this.thumb = drawn("svg", { width, height });
      this.thumb.append(drawn("image", { href: this.player.dataset.sheet, ...size }));
      this.box.prepend(this.thumb);
    }
    const number = Math.min(Math.floor(seconds / interval), count - 1);
    const corner = [(number % columns) * width, Math.floor(number / columns) * height];
    this.thumb.setAttribute("viewBox", `${corner[0]} ${corner[1]} ${width} ${height}`);
  }

  // The sound, drawn once as one path: silences and voices show where to look.
  async drawWave() {
    if (!this.sprite) return; // both are made together
    try {
      const answer = await fetch(this.player.dataset.wave);
      if (!answer.ok) return;
      const peaks = await answer.json();
      const path = peaks.map((peak, at) => `M${at} 100V${100 - Math.max(peak, 2)}`).join("");
      const wave = drawn("svg", { class: "lecteur-onde", viewBox: `0 0 ${peaks.length} 100`, preserveAspectRatio: "none", "aria-hidden": "true" });
      wave.append(drawn("path", { d: path }));
      this.player.parts.line.prepend(wave);
    } catch {
      // a film without it is watched all the same
    }
  }
}
