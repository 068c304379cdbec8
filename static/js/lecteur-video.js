// <lecteur-video>: our player, in light DOM, around the page's own <video>. hls.js is fetched at the first play only.
// It says where it stands with the event `lecteur:temps` ({seconds}); a click on any [data-at] of its page seeks there.

import { BAR, icon } from "./lecteur-video-commandes.js";
import { clock, words } from "./lecteur-video-temps.js";

const STEP_S = 10;
const ARROW_S = 5;
const SLOW = new Set(["slow-2g", "2g", "3g"]);
const RETRY_MS = 3000;
const KEYS = {
  k: (player) => player.toggle(),
  j: (player) => player.seek(player.time - STEP_S),
  l: (player) => player.seek(player.time + STEP_S),
  m: (player) => player.mute(),
  f: (player) => player.full(),
};

class LecteurVideo extends HTMLElement {
  connectedCallback() {
    this.video = this.querySelector("video");
    if (!this.video || this.bar) return;
    this.source = this.video.querySelector("source").src.split("#")[0];
    this.startAt = Number(this.dataset.start) || 0;
    this.takeOver();
    this.listen();
    this.showTime();
    if (document.readyState === "complete") setTimeout(() => this.say("Le film est prêt."), 200); // it has come by itself
  }

  disconnectedCallback() {
    this.leaving.abort();
    clearTimeout(this.retry);
    clearTimeout(this.saying);
    this.hls?.destroy();
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
    this.parts.position.max = this.duration || 1;
    this.dataset.state = "idle";
  }

  listen() {
    const { video, bar, parts } = this;
    this.leaving = new AbortController(); // what listens to the whole page stops with the player
    document.addEventListener("click", (event) => this.pageClicked(event), { signal: this.leaving.signal });
    document.addEventListener("fullscreenchange", () => this.showFull(), { signal: this.leaving.signal });
    this.addEventListener("keydown", (event) => this.keyPressed(event));
    bar.addEventListener("click", (event) => this[event.target.closest("[data-action]")?.dataset.action]?.());
    video.addEventListener("click", () => this.toggle());
    for (const name of ["play", "playing", "pause", "ended"]) video.addEventListener(name, () => this.showState());
    for (const name of ["timeupdate", "seeked", "durationchange"]) video.addEventListener(name, () => this.showTime());
    video.addEventListener("loadedmetadata", () => this.goToStart());
    video.addEventListener("waiting", () => this.showWaiting());
    video.addEventListener("volumechange", () => this.showVolume());
    video.addEventListener("error", () => !this.hls && video.error && this.fail("Ce film ne se lit pas dans ce navigateur."));
    parts.position.addEventListener("input", () => this.seek(Number(parts.position.value)));
    parts.volume.addEventListener("input", () => this.setVolume(Number(parts.volume.value)));
    parts.speed.addEventListener("change", () => this.setSpeed(Number(parts.speed.value)));
    parts.quality.addEventListener("change", () => (this.hls.currentLevel = Number(parts.quality.value)));
  }

  act(name) {
    return this.bar.querySelector(`[data-action="${name}"]`);
  }

  get duration() {
    return Number.isFinite(this.video.duration) && this.video.duration > 0 ? this.video.duration : Number(this.dataset.duration) || 0;
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
      if (error.name === "NotAllowedError") this.say("Appuyez de nouveau sur « Lire ».");
      else if (error.name !== "AbortError") this.fail("Le film ne se charge pas. Vérifiez votre connexion, puis appuyez de nouveau sur « Lire ».");
    }
  }

  back() {
    this.seek(this.time - STEP_S);
  }

  forward() {
    this.seek(this.time + STEP_S);
  }

  mute() {
    this.video.muted = !this.video.muted;
  }

  setVolume(volume) {
    this.video.volume = Math.min(1, Math.max(0, volume));
    this.video.muted = this.video.volume === 0;
  }

  setSpeed(speed) {
    this.video.defaultPlaybackRate = speed; // what the film starts with, if it is not there yet
    this.video.playbackRate = speed;
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
    const target = Math.min(Math.max(0, seconds), this.duration || seconds);
    if (this.attached && this.video.readyState > 0) this.video.currentTime = target;
    else this.startAt = target; // nothing is fetched for a seek before the first play
    this.showTime();
  }

  pageClicked(event) {
    const place = event.target.closest("[data-at]");
    if (!place || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    this.seek(Number(place.dataset.at));
    this.scrollIntoView({ block: "nearest" });
    this.play();
  }

  keyPressed(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const { target, key } = event;
    const onSlider = target === this.parts.position;
    const act = KEYS[key.toLowerCase()] ?? this.arrowKey(key, target, onSlider);
    if (!act || target.matches("select")) return;
    event.preventDefault();
    act(this);
  }

  arrowKey(key, target, onSlider) {
    if (target === this.parts.volume) return undefined; // the native slider does it
    if (key === "ArrowLeft") return () => this.seek(this.time - ARROW_S);
    if (key === "ArrowRight") return () => this.seek(this.time + ARROW_S);
    if (key === "ArrowUp") return () => this.setVolume(this.video.volume + 0.1);
    if (key === "ArrowDown") return () => this.setVolume(this.video.volume - 0.1);
    if (key === "Home") return () => this.seek(0);
    if (key === "End") return () => this.seek(this.duration);
    return key === " " && (onSlider || target === this.video) ? () => this.toggle() : undefined;
  }

  // --- Getting the film ---------------------------------------------------------------------------------------------
  attach() {
    this.attached ??= this.open().catch((error) => {
      this.attached = undefined;
      throw error;
    });
    return this.attached;
  }

  async open() {
    this.say("Chargement du film…");
    if ("MediaSource" in window || "ManagedMediaSource" in window) {
      const { default: Hls } = await import("../vendor/hls/hls.light.min.js");
      if (Hls.isSupported()) return this.openWithHls(Hls);
    }
    this.video.src = this.source;
    this.video.load();
    return undefined;
  }

  goToStart() {
    const wanted = this.startAt;
    this.startAt = undefined;
    if (wanted && Math.abs(wanted - this.video.currentTime) > 0.1) this.video.currentTime = wanted;
  }

  openWithHls(Hls) {
    const link = navigator.connection;
    this.hls = new Hls({
      startPosition: this.startAt ?? 0, // a list that still grows must not start at its end
      startLevel: link?.saveData || SLOW.has(link?.effectiveType) ? 0 : -1,
      capLevelToPlayerSize: true,
    });
    this.hls.on(Hls.Events.MANIFEST_PARSED, () => this.listQualities());
    this.hls.on(Hls.Events.LEVEL_SWITCHED, () => this.showQuality());
    this.hls.on(Hls.Events.ERROR, (_, fault) => this.recover(Hls, fault));
    this.hls.attachMedia(this.video);
    this.hls.loadSource(this.source);
  }

  recover(Hls, fault) {
    const status = fault.response?.code;
    if (status === 404 || status === 403 || status === 401) {
      this.hls.stopLoad();
      this.fail("Ce film n’est plus visible pour vous. Actualisez la page.");
    } else if (fault.type === Hls.ErrorTypes.NETWORK_ERROR) {
      if (this.video.readyState < 3) this.say("La connexion est coupée. La lecture reprendra toute seule.");
      if (fault.fatal) this.retry = setTimeout(() => this.fetchAgain(), RETRY_MS);
    } else if (!fault.fatal) {
      return; // hls.js mends it by itself
    } else if (fault.type === Hls.ErrorTypes.MEDIA_ERROR && !this.recovered) {
      this.recovered = true;
      this.hls.recoverMediaError();
    } else {
      this.fail("Ce film ne se lit pas dans ce navigateur.");
    }
  }

  fetchAgain() {
    if (this.hls.levels.length) this.hls.startLoad();
    else this.hls.loadSource(this.source);
  }

  listQualities() {
    const sizes = this.hls.levels.map((level, index) => [Math.min(level.width, level.height), index]);
    const options = [new Option("Auto", -1), ...sizes.sort((a, b) => b[0] - a[0]).map(([size, index]) => new Option(`${size}p`, index))];
    this.parts.quality.replaceChildren(...options);
    this.parts["quality-label"].hidden = sizes.length < 2;
  }

  // --- What is shown ------------------------------------------------------------------------------------------------
  say(text) {
    clearTimeout(this.saying);
    this.parts.message.textContent = text;
  }

  fail(text) {
    this.video.pause();
    this.dataset.state = "failed";
    this.say(text);
  }

  showWaiting() {
    clearTimeout(this.saying);
    this.saying = setTimeout(() => this.video.readyState < 3 && !this.video.paused && this.say("Chargement…"), 500);
  }

  showState() {
    const playing = !this.video.paused && !this.video.ended;
    const toggle = this.act("toggle");
    if (playing) this.say("");
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

  showQuality() {
    const level = this.hls.levels[this.hls.currentLevel];
    if (level) this.parts.quality.options[0].textContent = this.hls.autoLevelEnabled ? `Auto (${Math.min(level.width, level.height)}p)` : "Auto";
  }
}

customElements.define("lecteur-video", LecteurVideo);
