// What is drawn over the picture: the areas of the instant, fetched a minute at a time.

import { boxAt } from "./floutage-trajet.js";

const WINDOW_S = 60;
const SVG = "http://www.w3.org/2000/svg";

export function drawn(name, attributes, parent) {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  parent?.append(element);
  return element;
}

export class Overlay {
  constructor(player, url) {
    this.player = player;
    this.url = url;
    this.windows = new Map();
    this.shown = new Map();
    this.hidden = ""; // the area that is being corrected is drawn by whoever corrects it
    const video = player.querySelector("video");
    this.width = Number(video.getAttribute("width")) || 16;
    this.height = Number(video.getAttribute("height")) || 9;
    // The same shape and the same centring as the picture: `object-fit: contain`, in the words of SVG.
    this.svg = drawn("svg", { class: "calque", viewBox: `0 0 ${this.width} ${this.height}` }, player.querySelector(".lecteur-scene"));
    this.areas = drawn("g", { "aria-hidden": "true" }, this.svg);
    player.addEventListener("lecteur:temps", () => this.draw());
    video.addEventListener("playing", () => this.follow(video));
    this.draw();
  }

  get time() {
    return this.player.time ?? 0;
  }

  // While the film plays, at each picture of the screen rather than four times a second.
  follow(video) {
    if (video.paused || video.ended) return;
    this.draw();
    requestAnimationFrame(() => this.follow(video));
  }

  forget() {
    this.windows.clear();
    this.draw();
  }

  window(number) {
    if (!this.windows.has(number)) this.windows.set(number, this.fetched(number));
    return this.windows.get(number);
  }

  fetched(number) {
    const asked = fetch(`${this.url}?de=${number * WINDOW_S}&a=${(number + 1) * WINDOW_S}`, { headers: { Accept: "application/json" } });
    const read = asked.then((answer) => (answer.ok ? answer.json() : Promise.reject(answer.status)));
    const kept = read.then(({ areas }) => {
      if (this.windows.get(number) === kept) this.windows.set(number, areas);
      this.draw();
      return areas;
    });
    kept.catch(() => setTimeout(() => this.windows.get(number) === kept && this.windows.delete(number), 5000));
    return kept;
  }

  draw() {
    const at = this.time;
    const areas = this.window(Math.floor(at / WINDOW_S));
    if (!Array.isArray(areas)) return; // on its way
    if (at % WINDOW_S > WINDOW_S - 10 && at + 10 < this.player.duration) this.window(Math.floor(at / WINDOW_S) + 1);
    const now = areas.filter((area) => area.start <= at && at <= area.end && String(area.id) !== this.hidden);
    for (const [id, element] of this.shown) if (!now.some((area) => area.id === id)) this.drop(id, element);
    for (const area of now) this.place(area, at);
  }

  drop(id, element) {
    element.remove();
    this.shown.delete(id);
  }

  place(area, at) {
    if (!this.shown.has(area.id)) this.shown.set(area.id, drawn("rect", {}, this.areas));
    const element = this.shown.get(area.id);
    element.setAttribute("class", area.chosen ? "calque__zone calque__zone--floue" : "calque__zone");
    this.put(element, boxAt(area.path, at));
  }

  put(element, [x, y, width, height]) {
    const places = { x: x * this.width, y: y * this.height, width: width * this.width, height: height * this.height };
    for (const [name, value] of Object.entries(places)) element.setAttribute(name, value.toFixed(2));
  }

  // Where a pointer is, in shares of the picture.
  shareOf(event) {
    const point = new DOMPoint(event.clientX, event.clientY).matrixTransform(this.svg.getScreenCTM().inverse());
    return [point.x / this.width, point.y / this.height];
  }
}
