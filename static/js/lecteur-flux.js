// The stream under the player: hls.js, fetched at the first play only, or the browser's own HLS (iPhone).

const SLOW = new Set(["slow-2g", "2g", "3g"]);
const RETRY_MS = 3000;
const STALL_MS = 6000; // one wait as long as this, or two waits within a minute: the line is slow
const MINUTE_MS = 60_000;
const SOUND = "sound";
const UNREADABLE = "Ce film ne se lit pas dans ce navigateur.";

const short = (level) => Math.min(level.width, level.height);

export class Stream {
  constructor(player, source) {
    this.player = player;
    this.video = player.video;
    this.source = source;
    this.wanted = "-1"; // the short side that was chosen, "-1" for what the line carries, or the sound alone
    this.stalls = [];
    this.video.addEventListener("waiting", () => this.waits());
    this.video.addEventListener("playing", () => clearTimeout(this.stalling));
    player.parts.quality.addEventListener("change", () => this.choose(player.parts.quality.value));
  }

  open(at) {
    this.opened ??= this.load(at).catch((error) => {
      this.opened = undefined;
      throw error;
    });
    return this.opened;
  }

  async load(at) {
    if ("MediaSource" in window || "ManagedMediaSource" in window) {
      this.Hls = (await import("../vendor/hls/hls.light.min.js")).default;
      if (this.Hls.isSupported()) return this.attach(this.source, at);
    }
    this.video.src = this.source;
    this.video.load();
    return undefined;
  }

  async lose(fault, hls = this.hls) {
    (await import("./lecteur-perte.js")).lose(this, hls, fault);
  }

  close() {
    clearTimeout(this.retry);
    clearTimeout(this.stalling);
    this.hls?.destroy();
  }

  // Begin a stream at a second; the former one, if any, is over.
  attach(source, at) {
    const former = this.hls;
    this.hls = this.make({ startPosition: at }); // a list that still grows must not start at its end
    former?.destroy();
    this.hls.attachMedia(this.video);
    this.hls.loadSource(source);
  }

  make(more) {
    const line = navigator.connection;
    const slow = line?.saveData || SLOW.has(line?.effectiveType);
    const hls = new this.Hls({ startLevel: slow ? 0 : -1, capLevelToPlayerSize: true, ...more });
    hls.on(this.Hls.Events.MANIFEST_PARSED, (_, parsed) => {
      if (this.wanted !== SOUND) this.hasSound = parsed.audioTracks.length > 0;
      if (hls !== this.hls) return;
      this.list();
      if (Number(this.wanted) > 0) hls.startLevel = hls.loadLevel = this.levelOf(this.wanted);
    });
    hls.on(this.Hls.Events.LEVEL_SWITCHED, () => this.show());
    hls.on(this.Hls.Events.ERROR, (_, fault) => hls === this.hls && this.recover(fault));
    return hls;
  }

  // Better pictures have been made: same film, same second, same choices.
  async renew() {
    if (!this.opened || this.wanted === SOUND) return;
    const { renew } = await import("./lecteur-suite.js");
    renew(this);
  }

  // --- Quality ------------------------------------------------------------------------------------------------------
  list() {
    if (this.wanted === SOUND) return; // its list knows no picture: the choices stay
    const { quality, "quality-label": label } = this.player.parts;
    const sizes = [...new Set(this.hls.levels.map(short))].sort((a, b) => b - a);
    const options = [new Option("Auto", "-1"), ...sizes.map((size) => new Option(`${size}p`, size))];
    if (this.hasSound) options.push(new Option("Son seul", SOUND));
    quality.replaceChildren(...options);
    if (!options.some((option) => option.value === this.wanted)) this.wanted = "-1";
    quality.value = this.wanted;
    label.hidden = options.length < 3;
  }

  choose(wanted) {
    const hadSound = this.wanted === SOUND;
    this.wanted = wanted;
    this.player.dataset.soundOnly = wanted === SOUND ? "yes" : "no";
    this.player.parts.quality.value = wanted;
    if (!this.hls) return;
    if (wanted === SOUND || hadSound) this.goOn(wanted === SOUND ? this.player.dataset.sound : this.source);
    else this.hls.currentLevel = this.levelOf(wanted);
    this.show();
  }

  // Another stream, at the same second, playing if it was.
  goOn(source) {
    const { currentTime, paused } = this.video;
    this.attach(source, currentTime);
    if (!paused) this.player.play();
  }

  levelOf(wanted) {
    return this.hls.levels.findIndex((level) => short(level) === Number(wanted)); // -1: what the line carries
  }

  show() {
    const level = this.hls.levels[this.hls.currentLevel];
    const auto = this.player.parts.quality.options[0];
    if (auto && level?.height) auto.textContent = this.hls.autoLevelEnabled ? `Auto (${short(level)}p)` : "Auto";
  }

  // --- What goes wrong ----------------------------------------------------------------------------------------------
  get details() {
    return this.hls?.latestLevelDetails ?? this.hls?.levels[this.hls.currentLevel]?.details;
  }

  // Where the film ends for now: what follows is still being made.
  get edge() {
    const { details } = this;
    return details?.live ? details.edge : Infinity;
  }

  waits() {
    clearTimeout(this.stalling);
    if (this.video.seeking || !this.video.currentTime) return;
    if (this.video.currentTime > this.edge - 1) return;
    const now = performance.now();
    this.stalls = [...this.stalls.filter((at) => now - at < MINUTE_MS), now];
    if (this.stalls.length > 1) this.tooSlow();
    else this.stalling = setTimeout(() => this.tooSlow(), STALL_MS);
  }

  tooSlow() {
    if (this.video.paused || this.wanted === SOUND || !this.hasSound) return;
    this.stalls = [];
    this.player.offerSound();
  }

  recover(fault) {
    const { player, hls, Hls } = this;
    const status = fault.response?.code;
    if ([401, 403, 404].includes(status)) this.lose(fault);
    else if (fault.type === Hls.ErrorTypes.NETWORK_ERROR) {
      if (this.video.readyState < 3) player.say("La connexion est coupée. La lecture reprendra toute seule.");
      if (fault.fatal) this.retry = setTimeout(() => this.again(), RETRY_MS);
    } else if (!fault.fatal) {
      return; // hls.js mends it by itself
    } else if (fault.type === Hls.ErrorTypes.MEDIA_ERROR && !this.recovered) {
      this.recovered = true;
      hls.recoverMediaError();
    } else {
      player.fail(UNREADABLE);
    }
  }

  again() {
    if (this.hls.levels.length) this.hls.startLoad();
    else this.hls.loadSource(this.source);
  }
}
