// The points of an area that moves: go from one to the next, take away the one where the film stands, put it back.

import { exact } from "./floutage-trajet.js";

const HERE_S = 0.06; // a picture lasts as long, about

export class Points {
  constructor(frame) {
    this.frame = frame;
    this.row = frame.form.querySelector("[data-trace-points]");
    const { signal } = frame.leaving;
    for (const button of this.row.querySelectorAll("[data-point]")) {
      button.addEventListener("click", () => this[button.dataset.point](), { signal });
    }
    this.restoreButton = this.row.querySelector("[data-point=restore]");
  }

  get time() {
    return this.frame.overlay.time;
  }

  get here() {
    return this.frame.path.find((point) => Math.abs(point[0] - this.time) <= HERE_S);
  }

  // A box that stands still has one point, and nothing to take away.
  show() {
    this.row.hidden = this.frame.path.length < 2 && !this.removed;
    this.restoreButton.hidden = !this.removed;
  }

  before() {
    this.go(this.frame.path.findLast((point) => point[0] < this.time - HERE_S), "C’est le premier point.");
  }

  after() {
    this.go(this.frame.path.find((point) => point[0] > this.time + HERE_S), "C’est le dernier point.");
  }

  go(point, none) {
    const { frame } = this;
    if (!point) return frame.say(none);
    frame.overlay.player.video.pause();
    frame.overlay.player.seek(point[0]);
    frame.show();
    return frame.say(`Point ${frame.path.indexOf(point) + 1} sur ${frame.path.length}, à ${exact(point[0])}.`);
  }

  remove() {
    const { frame, here } = this;
    if (!here) return frame.say("Il n’y a pas de point à cet instant : allez au précédent ou au suivant.");
    if (frame.path.length < 2) return frame.say("C’est le seul point de la zone : elle ne bouge pas.");
    this.removed = here;
    frame.take(frame.path.filter((point) => point !== here));
    return frame.say(`Point à ${exact(here[0])} retiré.`);
  }

  restore() {
    const back = this.removed;
    this.removed = undefined;
    this.row.querySelector("[data-point=remove]").focus(); // this button goes
    this.frame.take([...this.frame.path.filter((point) => point[0] !== back[0]), back].sort((a, b) => a[0] - b[0]));
    this.frame.say(`Point à ${exact(back[0])} remis.`);
  }
}
