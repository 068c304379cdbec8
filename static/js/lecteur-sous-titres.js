// Captions in the player: which language, how large. The choice is kept on this device for the next film.

const KEPT = "lecteur-sous-titres";

function remembered() {
  try {
    return JSON.parse(localStorage.getItem(KEPT)) ?? {};
  } catch {
    return {};
  }
}

function remember(wish) {
  try {
    localStorage.setItem(KEPT, JSON.stringify(wish));
  } catch {
    // a private window keeps nothing, and nothing is lost
  }
}

export class Captions {
  constructor(player) {
    this.player = player;
    this.tracks = [...player.video.textTracks].filter((track) => track.kind === "captions");
    this.wish = { language: "", size: "", ...remembered() };
    const { captions, size } = player.parts;
    player.parts["captions-label"].hidden = !this.tracks.length;
    captions.replaceChildren(
      new Option("Sans sous-titres", ""),
      ...this.tracks.map((track) => new Option(`Sous-titres : ${track.label.toLowerCase()}`, track.language)),
    );
    captions.addEventListener("change", () => this.choose(captions.value));
    size.addEventListener("change", () => this.choose(this.wish.language, size.value));
    this.show();
  }

  choose(language, size = this.wish.size) {
    this.wish = { ...this.wish, language, size, last: language || this.wish.last };
    remember(this.wish);
    this.show();
  }

  toggle() {
    if (!this.tracks.length) return this.player.note("Ce film n’a pas de sous-titres.");
    const last = this.tracks.find((track) => track.language === this.wish.last) ?? this.tracks[0];
    return this.choose(this.shown ? "" : last.language);
  }

  show() {
    const { captions, size, "size-label": label } = this.player.parts;
    this.shown = this.tracks.find((track) => track.language === this.wish.language);
    for (const track of this.tracks) track.mode = track === this.shown ? "showing" : "disabled";
    captions.value = this.shown?.language ?? "";
    size.value = this.wish.size;
    label.hidden = !this.shown;
    this.player.dataset.cueSize = this.wish.size;
  }
}
