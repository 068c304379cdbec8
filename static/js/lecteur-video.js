// <lecteur-video>: our player, in light DOM, around the page's own <video>.
// It says where it stands with the event `lecteur:temps` ({seconds}); a click on any [data-at] of its page seeks there.
// Its attribute data-version names what has been made of the film so far: when it changes, better pictures are taken.

import { Chapters } from "./lecteur-chapitres.js";
import { BAR, SPEEDS, icon } from "./lecteur-video-commandes.js";
import { Stream } from "./lecteur-flux.js";
import { keepPosition } from "./lecteur-reprise.js";
import { Captions } from "./lecteur-sous-titres.js";
import { clock, words } from "./lecteur-video-temps.js";
import { listenToKeys } from "./lecteur-touches.js";

const STEP_S = 10;
const NOTE_MS = 4000;

class LecteurVideo extends HTMLElement {
  static observedAttributes = ["data-version"];

  connectedCallback() {
    this.video = this.querySelector("video");
    if (!this.video || this.bar) return;
    const source = this.video.querySelector("source").src.split("#")[0];
    this.startAt = Number(this.dataset.resume ?? this.dataset.start) || 0;
    this.takeOver();
    this.stream = new Stream(this, source);
    this.listen();
    this.captions = new Captions(this);
    this.chapters = new Chapters(this);
    keepPosition(this);
    this.showTime();
    if (this.dataset.live) import("./lecteur-veille.js").then(({ watchOver }) => watchOver(this));
    if (document.readyState === "complete") setTimeout(() => this.say("Le film est prêt."), 200); // it has come by itself
  }

  disconnectedCallback() {
    this.leaving?.abort();
    clearTimeout(this.saying);
    this.stream?.close();
  }

  attributeChangedCallback(name, former, value) {
    if (former !== null && former !== value) this.stream?.renew();
  }

  takeOver() {
    this.video.querySelector("source").remove();
    this.video.controls = false;
    this.video.load(); // forgets the source, keeps the poster
    this.bar = document.createElement("div");
    this.bar.className = "lecteur-barre";
    this.bar.innerHTML = BAR;
    this.append(this.bar);
    this.parts = Object.fromEntries([...this.bar.querySelectorAll("[data-part]")].map((part) => [part.dataset.part, part]));
    this.act("pip").hidden = !document.pictureInPictureEnabled;
    this.act("soundOnly").hidden = true;
    const marks = this.querySelector(".lecteur-chapitres");
    if (marks) this.parts.line.prepend(marks);
    this.parts.position.max = this.duration || 1;
    this.dataset.state = "idle";
  }

  listen() {
    const { video, bar, parts } = this;
    this.leaving = new AbortController(); // what listens to the whole page stops with the player
    const { signal } = this.leaving;
    document.addEventListener("click", (event) => this.pageClicked(event), { signal });
    document.addEventListener("fullscreenchange", () => this.showFull(), { signal });
    document.addEventListener("htmx:after:settle", () => this.takeVersion(), { signal });
    listenToKeys(this);
    bar.addEventListener("click", (event) => this[event.target.closest("[data-action]")?.dataset.action]?.());
    video.addEventListener("click", () => this.toggle());
    for (const name of ["play", "playing", "pause", "ended"]) video.addEventListener(name, () => this.showState());
    for (const name of ["timeupdate", "seeked", "durationchange"]) video.addEventListener(name, () => this.showTime());
    video.addEventListener("loadedmetadata", () => this.goToStart());
    video.addEventListener("waiting", () => this.showWaiting());
    video.addEventListener("volumechange", () => this.showVolume());
    video.addEventListener("error", () => !this.stream.hls && video.error && this.fail("Ce film ne se lit pas dans ce navigateur."));
    for (const name of ["pointerenter", "focusin"]) parts.line.addEventListener(name, (event) => this.lookAhead(event));
    parts.position.addEventListener("input", () => this.seek(Number(parts.position.value)));
    parts.volume.addEventListener("input", () => this.setVolume(Number(parts.volume.value)));
    parts.speed.addEventListener("change", () => this.setSpeed(Number(parts.speed.value)));
  }

  // The page has just been told how far the film is prepared.
  takeVersion() {
    const told = document.getElementById("preparation")?.dataset.version;
    if (told && told !== this.dataset.version) this.dataset.version = told;
  }

  // What the timeline shows is fetched once one looks at it.
  lookAhead(event) {
    this.preview ??= import("./lecteur-apercu.js").then(({ Preview }) => new Preview(this, event));
  }

  act(name) {
    return this.bar.querySelector(`[data-action="${name}"]`);
  }

  // Of the whole film, even while the end of it is still being made.
  get duration() {
    const played = Number.isFinite(this.video.duration) && this.video.duration > 0 ? this.video.duration : 0;
    const whole = Number(this.dataset.duration) || 0;
    return this.stream?.edge < Infinity ? Math.max(played, whole) : played || whole;
  }

  get time() {
    return this.startAt ?? this.video.currentTime;
  }

  // --- What the buttons do ------------------------------------------------------------------------------------------
  async toggle() {
    if (this.attached && !this.video.paused) return this.video.pause();
    return this.play();
  }

  async play() {
    try {
      await this.attach();
      await this.video.play();
    } catch (error) {
      if (error.name === "NotAllowedError") this.say("Appuyez de nouveau sur « Lire ».");
      else if (error.name !== "AbortError") this.fail("Le film ne se charge pas. Vérifiez votre connexion, puis appuyez de nouveau sur « Lire ».");
    }
  }

  attach() {
    if (!this.attached) this.say("Chargement du film…");
    this.attached ??= this.stream.open(this.startAt ?? 0).catch((error) => {
      this.attached = undefined;
      throw error;
    });
    return this.attached;
  }

  back() {
    this.seek(this.time - STEP_S);
  }

  forward() {
    this.seek(this.time + STEP_S);
  }

  step(seconds) {
    this.video.pause();
    this.seek(this.time + seconds);
  }

  chapter(way) {
    this.chapters.go(way);
  }

  chapterAt(seconds) {
    return this.chapters.at(seconds);
  }

  mute() {
    this.video.muted = !this.video.muted;
  }

  setVolume(volume) {
    this.video.volume = Math.min(1, Math.max(0, volume));
    this.video.muted = this.video.volume === 0;
  }

  faster(way) {
    const at = SPEEDS.indexOf(this.video.playbackRate) + way;
    if (SPEEDS[at]) this.setSpeed(SPEEDS[at]);
  }

  setSpeed(speed) {
    this.video.defaultPlaybackRate = speed; // what the film starts with, if it is not there yet
    this.video.playbackRate = speed;
    this.parts.speed.value = speed;
  }

  soundOnly() {
    this.act("soundOnly").hidden = true;
    this.say("");
    this.stream.choose("sound");
  }

  pip() {
    if (document.pictureInPictureElement) document.exitPictureInPicture();
    else this.attach().then(() => this.video.requestPictureInPicture()).catch(() => this.say("Lancez d’abord la lecture."));
  }

  full() {
    if (document.fullscreenElement) document.exitFullscreen();
    else if (this.requestFullscreen) this.requestFullscreen().catch(() => {});
    else this.attach().then(() => this.video.webkitEnterFullscreen()); // iPhone: the picture alone
  }

  seek(seconds) {
    let target = Math.min(Math.max(0, seconds), this.duration || seconds);
    if (target > this.stream.edge) {
      target = Math.max(0, this.stream.edge - 1);
      this.note("La suite de ce film se prépare encore.");
    }
    if (this.attached && this.video.readyState > 0) this.video.currentTime = target;
    else this.startAt = target; // nothing is fetched for a seek before the first play
    this.showTime();
  }

  goToStart() {
    const wanted = this.startAt;
    this.startAt = undefined;
    if (wanted && Math.abs(wanted - this.video.currentTime) > 0.1) this.video.currentTime = wanted;
  }

  pageClicked(event) {
    const place = event.target.closest("[data-at]");
    if (!place || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    this.seek(Number(place.dataset.at));
    this.scrollIntoView({ block: "nearest" });
    this.play();
  }

  // --- What is shown ------------------------------------------------------------------------------------------------
  say(text) {
    clearTimeout(this.saying);
    if (text) this.noted = 0;
    if (performance.now() > (this.noted ?? 0)) this.parts.message.textContent = text;
  }

  // Something worth reading to its end, that playing does not wipe away.
  note(text) {
    this.say(text);
    this.noted = performance.now() + NOTE_MS;
    setTimeout(() => this.parts.message.textContent === text && this.say(""), NOTE_MS + 50);
  }

  fail(text) {
    this.video.pause();
    this.dataset.state = "failed";
    this.say(text);
  }

  offerSound() {
    this.say("La connexion est lente. Vous pouvez continuer avec le son.");
    this.act("soundOnly").hidden = false;
  }

  showWaiting() {
    clearTimeout(this.saying);
    const atEdge = this.video.currentTime > this.stream.edge - 1;
    const text = atEdge ? "La suite de ce film se prépare. La lecture reprendra toute seule." : "Chargement…";
    this.saying = setTimeout(() => this.video.readyState < 3 && !this.video.paused && this.say(text), 500);
  }

  showState() {
    const playing = !this.video.paused && !this.video.ended;
    const toggle = this.act("toggle");
    if (playing) {
      this.started = true;
      this.say("");
      this.act("soundOnly").hidden = true;
      document.getElementById("reprise")?.remove();
    }
    this.dataset.state = playing ? "playing" : "paused";
    toggle.firstElementChild.outerHTML = icon(playing ? "pause" : "play");
    toggle.querySelector("[data-word]").textContent = playing ? "Mettre en pause" : "Lire";
  }

  showTime() {
    const { position, time } = this.parts;
    position.max = this.duration || 1;
    position.value = this.time;
    position.setAttribute("aria-valuetext", `${words(this.time)} sur ${words(this.duration)}`);
    time.textContent = `${clock(this.time)} / ${clock(this.duration)}`;
    this.dispatchEvent(new CustomEvent("lecteur:temps", { bubbles: true, detail: { seconds: this.time } }));
  }

  showVolume() {
    const silent = this.video.muted || this.video.volume === 0;
    this.act("mute").firstElementChild.outerHTML = icon(silent ? "mute" : "sound");
    this.act("mute").querySelector("[data-word]").textContent = silent ? "Remettre le son" : "Couper le son";
    this.parts.volume.value = silent ? 0 : this.video.volume;
    this.parts.volume.setAttribute("aria-valuetext", `${Math.round(this.parts.volume.value * 100)} %`);
  }

  showFull() {
    this.act("full").querySelector("[data-word]").textContent = document.fullscreenElement ? "Quitter le plein écran" : "Plein écran";
  }
}

customElements.define("lecteur-video", LecteurVideo);
