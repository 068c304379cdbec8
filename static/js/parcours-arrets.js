// Where the author asks a question, the player stops and the question shows beside it. Without this module, the questions
// stand under the film.

const BEGIN_S = 0.05; // a question at the first second is asked once the film moves

export class Stops {
  constructor(section, player) {
    this.player = player;
    this.begin = Number(player.dataset.in) || 0;
    this.all = [...section.querySelectorAll("[data-arret]")].map((box) => ({ box, at: Number(box.dataset.arret), isDone: "fait" in box.dataset }));
    for (const { box, isDone } of this.all) {
      box.hidden = !isDone;
      box.querySelector("[data-continuer]").hidden = false;
    }
    player.addEventListener("lecteur:temps", ({ detail }) => this.show(detail.seconds));
    section.addEventListener("click", ({ target }) => target.closest("[data-continuer]") && this.goOn());
  }

  // One that the film has passed, by playing or by a jump, may be answered.
  show(seconds) {
    for (const stop of this.all) if (stop.at <= seconds && seconds > this.begin) stop.box.hidden = false;
  }

  pass(from, to) {
    const met = this.all.find((stop) => !stop.isDone && from < Math.max(stop.at, this.begin + BEGIN_S) && stop.at <= to);
    if (met) this.ask(met);
  }

  ask(stop) {
    stop.isDone = true; // asked once: who plays again is not stopped again
    this.player.video.pause();
    if (document.fullscreenElement) document.exitFullscreen();
    stop.box.hidden = false;
    stop.box.querySelector("[data-titre]").focus();
  }

  goOn() {
    this.player.play();
    this.player.act("toggle").focus();
  }
}
