// The frame that one moves over the picture, with the mouse, a finger or the keyboard, and the form that keeps its way.

import { drawn } from "./floutage-calque.js";
import { Points } from "./floutage-points.js";
import { boxAt, exact, inside, secondsOf, through, words } from "./floutage-trajet.js";

const STEP = 0.01;
const LASTS_S = 5; // of a new area, until one says where it ends
const SPARE_S = 0.1; // the picture that one sees began a little before the second that the player says, and lasts a little after
const FRESH = [0.4, 0.3, 0.2, 0.3];
const SAY_MS = 500;
const MOVES = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const CORNERS = [[0, 0], [1, 0], [0, 1], [1, 1]];
const CORNER_PX = matchMedia("(pointer: coarse)").matches ? 14 : 11; // a finger is wide

export class Frame {
  constructor(overlay, form) {
    this.overlay = overlay;
    this.form = form;
    this.path = this.read();
    this.changed = false;
    this.leaving = new AbortController();
    overlay.hidden = form.dataset.numero ?? "";
    this.begin();
    this.build();
    this.dress();
    this.points = new Points(this);
    this.show();
    overlay.draw();
  }

  field(name) {
    return this.form.elements.namedItem(name);
  }

  read() {
    const typed = this.field("path").value || this.form.dataset.points;
    return typed ? JSON.parse(typed) : [];
  }

  begin() {
    if (this.path.length) return;
    const at = this.overlay.time;
    this.path = [[at, ...FRESH]];
    if (!this.field("start_s").value) this.field("start_s").value = exact(at - SPARE_S);
    if (!this.field("end_s").value) this.field("end_s").value = exact(Math.min(at + LASTS_S, this.overlay.player.duration));
    this.keep();
  }

  build() {
    const { svg, player } = this.overlay;
    const { signal } = this.leaving;
    this.group = drawn("g", { class: "cadre", tabindex: "0", role: "application", "aria-label": "Cadre de la zone : les flèches le déplacent, Maj et une flèche changent sa taille" }, svg);
    this.rect = drawn("rect", { class: "cadre__zone" }, this.group);
    this.corners = CORNERS.map(() => drawn("circle", { class: "cadre__coin" }, this.group));
    this.group.addEventListener("keydown", (event) => this.pressed(event));
    // Chromium does not heed `touch-action` inside a drawing: the page would take the finger to scroll.
    this.group.addEventListener("touchstart", (event) => event.preventDefault(), { passive: false });
    this.group.addEventListener("pointerdown", (event) => this.held(event));
    this.group.addEventListener("pointermove", (event) => this.dragged(event));
    for (const name of ["pointerup", "pointercancel"]) this.group.addEventListener(name, () => this.released());
    player.addEventListener("lecteur:temps", () => this.show(), { signal });
    player.querySelector("video").addEventListener("playing", () => this.follow(), { signal });
    window.addEventListener("resize", () => this.show(), { signal });
    window.addEventListener("beforeunload", (event) => this.changed && event.preventDefault(), { signal });
    this.form.addEventListener("submit", () => { this.changed = false; });
    for (const name of ["start_s", "end_s"]) this.field(name).addEventListener("input", () => this.show());
  }

  dress() {
    this.form.querySelector("[data-trace-aide]").hidden = false;
    this.form.querySelector("[data-trace-chiffres]").hidden = true;
    for (const [name, text, spare] of [["start_s", "Commence ici", -SPARE_S], ["end_s", "Finit ici", SPARE_S]]) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "button button--quiet prendre";
      button.textContent = text;
      button.addEventListener("click", () => this.mark(name, text, spare));
      this.field(name).after(button);
    }
  }

  mark(name, text, spare) {
    this.field(name).value = exact(this.overlay.time + spare);
    this.changed = true;
    this.show();
    this.say(`${text} : ${this.field(name).value}.`);
  }

  close() {
    this.leaving.abort();
    clearTimeout(this.saying);
    this.group.remove();
    this.overlay.hidden = "";
    this.overlay.draw();
  }

  get box() {
    return boxAt(this.path, this.overlay.time);
  }

  get lasts() {
    const at = this.overlay.time;
    return secondsOf(this.field("start_s").value) <= at && at <= secondsOf(this.field("end_s").value);
  }

  follow() {
    if (this.leaving.signal.aborted || this.overlay.player.video.paused) return;
    this.show();
    requestAnimationFrame(() => this.follow());
  }

  show() {
    const box = this.box;
    const { width, height, svg } = this.overlay;
    this.overlay.put(this.rect, box);
    const scale = svg.getScreenCTM()?.a || 1;
    const side = Math.min(box[2] * width, box[3] * height) * scale; // corners that touch could not be told apart
    const radius = Math.min(CORNER_PX, Math.max(5, side / 3)) / scale;
    this.corners.forEach((corner, n) => {
      const [right, low] = CORNERS[n];
      corner.setAttribute("cx", (box[0] + right * box[2]) * width);
      corner.setAttribute("cy", (box[1] + low * box[3]) * height);
      corner.setAttribute("r", radius);
    });
    this.group.classList.toggle("cadre--absent", !this.lasts);
    this.points.show();
  }

  take(path) {
    this.path = path;
    this.changed = true;
    this.keep();
    this.show();
  }

  move(box) {
    this.take(through(this.path, this.overlay.time, inside(box)));
    const away = this.lasts ? "" : " La zone n’est pas floutée à cet instant : « Commence ici » ou « Finit ici » l’étend.";
    this.say(`Cadre ${words(this.box)}.${away}`);
  }

  keep() {
    this.field("path").value = JSON.stringify(this.path);
  }

  say(text) {
    clearTimeout(this.saying); // a key that is held says where it stops
    this.saying = setTimeout(() => { this.form.querySelector("[data-trace-etat]").textContent = text; }, SAY_MS);
  }

  pressed(event) {
    if (event.key === "Delete" && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      this.points.remove();
    }
    const way = MOVES[event.key];
    if (!way || event.ctrlKey || event.metaKey || event.altKey) return; // the other keys are the player's
    event.preventDefault();
    event.stopPropagation();
    this.overlay.player.video.pause();
    const [right, down] = way.map((step) => step * STEP);
    const [x, y, width, height] = this.box;
    if (event.shiftKey) this.move([x, y, Math.min(width + right, 1 - x), Math.min(height + down, 1 - y)]);
    else this.move([x + right, y + down, width, height]);
  }

  held(event) {
    if (event.button) return;
    event.preventDefault();
    this.group.setPointerCapture(event.pointerId);
    this.group.focus({ preventScroll: true });
    this.overlay.player.video.pause();
    this.hold = { from: this.overlay.shareOf(event), box: this.box, corner: CORNERS[this.corners.indexOf(event.target)] };
  }

  dragged(event) {
    if (!this.hold) return;
    const { from, box, corner } = this.hold;
    const [dx, dy] = this.overlay.shareOf(event).map((share, n) => share - from[n]);
    const [x, y, width, height] = box;
    if (!corner) return this.move([x + dx, y + dy, width, height]);
    const [left, right] = corner[0] ? [x, x + width + dx] : [x + dx, x + width];
    const [top, low] = corner[1] ? [y, y + height + dy] : [y + dy, y + height];
    const sides = [left, right, top, low].map((side) => Math.min(1, Math.max(0, side)));
    return this.move([sides[0], sides[2], sides[1] - sides[0], sides[3] - sides[2]]);
  }

  released() {
    this.hold = undefined;
  }
}
