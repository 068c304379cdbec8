// Beats: what was played, told to the server every ten seconds, at a pause and as the page closes. What could not be told
// waits in this browser for a day. Told twice, it counts once: nothing is lost by asking again.

const EVERY_MS = 10_000;
const KEPT_MS = 24 * 3600 * 1000;
const AT_ONCE = 40; // stretches of one beat
const STORED_EVERY_MS = 1000;
const CUT = "La connexion est coupée : ce que vous voyez est gardé ici, et compté quand elle revient.";
const SIGNED_OUT = "Connectez-vous de nouveau dans un autre onglet : ce que vous voyez est gardé ici en attendant.";
const STALE = "Actualisez la page pour que la suite compte : ce que vous avez vu est gardé ici.";
const WATCHED = "C’est vu.";
const PREFIX = "suivi:";

const ms = (seconds) => Math.round(1000 * seconds);

// Private windows may have no storage: then what waits goes with the page.
function stored(act) {
  try {
    return act(localStorage);
  } catch {
    return undefined;
  }
}

// Returns what the server says of a beat, or why it said nothing.
async function tell(form, { token, played, at_s }) {
  const { value: csrfmiddlewaretoken } = document.querySelector("[name=csrfmiddlewaretoken]"); // every page has one
  const body = new URLSearchParams({ csrfmiddlewaretoken, token, played: played.map((pair) => pair.join("-")).join(","), at_s });
  try {
    const answer = await fetch(form.action, { method: "POST", body, keepalive: true, redirect: "manual" });
    if (answer.type === "opaqueredirect") return { waits: SIGNED_OUT };
    if (answer.headers.get("Content-Type")?.startsWith("application/json")) return await answer.json();
    return { waits: answer.status < 500 ? STALE : CUT };
  } catch {
    return { waits: CUT };
  }
}

// What an earlier page of the same person could not tell: its network was cut, or it was closed too fast.
export async function sendLeftovers(form) {
  const names = stored((place) => Object.keys(place).filter((name) => name.startsWith(PREFIX))) ?? [];
  for (const name of names) {
    const left = stored((place) => JSON.parse(place.getItem(name)));
    const isOld = !(Date.now() - left?.kept_at < KEPT_MS);
    if (isOld || (form && left.who === form.dataset.qui && !(await tell(form, left)).waits)) stored((place) => place.removeItem(name));
  }
}

export class Beats {
  constructor(section, player) {
    this.section = section;
    this.player = player;
    this.form = section.querySelector("[data-suivi-note]");
    this.words = section.querySelector("[data-suivi-mots]");
    this.part = section.querySelector("[data-suivi-part]");
    this.state = section.querySelector("[data-suivi-etat]");
    this.name = `${PREFIX}${crypto.randomUUID?.() ?? Math.random()}`;
    this.unsent = [];
    this.sending = [];
    this.sentAt = this.storedAt = performance.now();
    const { signal } = player.leaving;
    for (const name of ["pause", "ended"]) player.video.addEventListener(name, () => this.send(true));
    document.addEventListener("visibilitychange", () => document.hidden && this.send(), { signal });
    window.addEventListener("pagehide", () => this.send(), { signal });
    window.addEventListener("online", () => this.send(), { signal });
  }

  add(from, to) {
    const stretch = [ms(from), ms(to)];
    if (this.over || stretch[0] === stretch[1]) return;
    const last = this.unsent.at(-1);
    if (last?.[1] === stretch[0]) last[1] = stretch[1];
    else this.unsent.push(stretch);
    this.started = true;
    const now = performance.now();
    if (now - this.storedAt > STORED_EVERY_MS) this.store();
    if (now - this.sentAt >= EVERY_MS) this.send();
  }

  note(played) {
    return { token: this.form.elements.token.value, played, at_s: this.player.time.toFixed(3) };
  }

  store() {
    this.storedAt = performance.now();
    const waiting = [...this.sending, ...this.unsent];
    const left = { ...this.note(waiting), who: this.form.dataset.qui, kept_at: Date.now() };
    stored((place) => (waiting.length ? place.setItem(this.name, JSON.stringify(left)) : place.removeItem(this.name)));
  }

  async send(aloud = false) {
    if (!this.started || this.over) return;
    this.store();
    if (this.sending.length) return; // one at a time; what is left goes after it
    clearTimeout(this.again);
    this.sentAt = performance.now();
    this.sending = this.unsent.splice(0, AT_ONCE);
    const told = await tell(this.form, this.note(this.sending));
    if (told.waits) this.unsent.unshift(...this.sending);
    this.sending = [];
    this.take(told, aloud);
    this.store();
    if (told.waits) this.again = setTimeout(() => this.send(), EVERY_MS);
    else if (this.unsent.length && this.player.video.paused) this.send(aloud);
  }

  take({ waits, fault, words, percent, watched }, aloud) {
    this.over = Boolean(fault);
    if (this.over) this.unsent = [];
    this.say(waits ?? fault ?? (watched ? WATCHED : ""));
    if (!words) return;
    this.words.textContent = words;
    this.part.value = percent;
    if (aloud || (watched && !this.watched)) document.getElementById("annonce").textContent = words;
    if (watched && !this.watched) this.section.dispatchEvent(new CustomEvent("parcours:vu", { bubbles: true }));
    this.watched = watched;
  }

  say(text) {
    if (this.state.textContent !== text) this.state.textContent = text;
  }
}
