// Saves the rows of the editor a moment after one stops typing, tries again when the line is cut, and says how it stands.

const AFTER_MS = 1200;
const AGAIN_MS = 5000;

export class Keeper {
  constructor(form, rows, hasUnfinished) {
    this.form = form;
    this.rows = rows;
    this.hasUnfinished = hasUnfinished;
    this.state = form.querySelector("[data-cue-state]");
    this.dirty = false;
    form.addEventListener("submit", (event) => {
      if (this.hasUnfinished()) return; // the server says what is to be mended, and keeps what was typed
      event.preventDefault();
      this.save();
    });
    window.addEventListener("beforeunload", (event) => this.dirty && event.preventDefault());
    document.addEventListener("visibilitychange", () => document.hidden && this.dirty && this.save());
  }

  changed() {
    this.dirty = true;
    this.say("");
    clearTimeout(this.waiting);
    this.waiting = setTimeout(() => this.save(), AFTER_MS);
  }

  note() {
    const note = new FormData(this.form);
    for (const name of ["start", "end", "text"]) note.delete(name);
    for (const row of this.rows()) for (const [name, value] of Object.entries(row)) note.append(name, value);
    return note;
  }

  async save() {
    clearTimeout(this.waiting);
    if (this.saving) return this.changed(); // one at a time: each names the revision that it follows
    this.saving = true;
    this.dirty = false;
    try {
      const answer = await fetch(this.form.action, { method: "POST", body: this.note(), headers: { Accept: "application/json" }, keepalive: true });
      if (!answer.ok && answer.status !== 409) throw new Error(answer.status);
      this.take(await answer.json());
    } catch {
      this.dirty = true;
      this.say("Pas encore enregistré : la page ne répond pas. Nous réessayons.");
      this.waiting = setTimeout(() => this.save(), AGAIN_MS);
    } finally {
      this.saving = false;
    }
  }

  take({ revision, count, fault }) {
    const { elements } = this.form;
    elements.revision.value = revision;
    if (fault) {
      this.dirty = true;
      return this.say(fault);
    }
    elements.count.value = count;
    return this.say(this.dirty ? "" : "Enregistré.");
  }

  say(text) {
    this.state.textContent = text;
  }
}
