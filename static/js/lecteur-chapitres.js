// The chapters beside the player: which one is on, and, for their author, « Ici » to say where one begins.

import { clock } from "./lecteur-video-temps.js";

export class Chapters {
  constructor(player) {
    this.player = player;
    this.links = [...document.querySelectorAll("[data-chapter]")];
    this.all = this.links.map((link) => ({ at: Number(link.dataset.at), title: link.dataset.chapter, link }));
    player.addEventListener("lecteur:temps", (event) => this.show(event.detail.seconds));
    for (const button of document.querySelectorAll("[data-chapter-here]")) {
      button.hidden = false;
      button.addEventListener("click", () => this.here(button));
    }
  }

  at(seconds) {
    return this.all.findLast((chapter) => chapter.at <= seconds);
  }

  show(seconds) {
    const now = this.at(seconds);
    if (now === this.now) return;
    this.now?.link.removeAttribute("aria-current");
    now?.link.setAttribute("aria-current", "true");
    this.now = now;
  }

  // The next one, or the beginning of this one; from its first seconds, the one before.
  go(way) {
    const { time } = this.player;
    const next = way > 0 ? this.all.find((one) => one.at > time + 0.1) : this.all.findLast((one) => one.at < time - 2);
    if (next) this.player.seek(next.at);
    else if (way < 0) this.player.seek(0);
  }

  here(button) {
    const input = button.closest(".chapitres-form__row").querySelector("[name=at]");
    input.value = clock(this.player.time);
    input.focus();
  }
}
