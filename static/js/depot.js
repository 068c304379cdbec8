// The deposit of a film: sent in chunks that survive a cut, a pause, a reload; without this script the form sends the file itself.

import "../vendor/tus/tus.min.js"; // an old-style script: it puts `tus` on the window
import { abandon, draftOf, fingerprintFor, idOf, keepDraft, unfinished } from "./depot-envois.js";
import { left, size, Speed } from "./depot-texte.js";

const CHUNK_BYTES = 8 * 1024 * 1024; // also above the smallest part that S3 takes
const RETRIES_MS = [0, 1000, 3000, 5000, 10000, 20000, 30000];
const SAID_EVERY = 25; // per cent
const STATES = {
  idle: "",
  sending: "Envoi en cours.",
  paused: "Envoi en pause. Rien n’est perdu.",
  offline: "Réseau coupé. L’envoi reprendra tout seul.",
  done: "Le fichier est arrivé.",
  failed: "",
};

class Depot {
  constructor(form) {
    this.form = form;
    this.person = form.dataset.person;
    this.parts = Object.fromEntries([...form.querySelectorAll("[data-part]")].map((part) => [part.dataset.part, part]));
    this.input = form.querySelector("input[type=file]");
    this.hidden = form.querySelector("[name=upload]");
    this.button = form.querySelector("[type=submit]");
    this.headers = { "X-CSRFToken": form.querySelector("[name=csrfmiddlewaretoken]").value };
    this.state = "idle";
    form.dataset.pret = ""; // the style sheet shows what needs this script
    this.listen();
    this.lookBack();
  }

  listen() {
    const { form, parts } = this;
    this.input.addEventListener("change", () => this.input.files[0] && this.choose(this.input.files[0]));
    parts.pause.addEventListener("click", () => this.pause());
    parts.resume.addEventListener("click", () => this.resume());
    form.addEventListener("input", () => this.remember());
    form.addEventListener("submit", (event) => this.submitted(event));
    window.addEventListener("offline", () => this.state === "sending" && this.stop("offline"));
    window.addEventListener("online", () => ["offline", "failed"].includes(this.state) && this.upload && this.resume());
    window.addEventListener("beforeunload", (event) => this.state === "sending" && event.preventDefault());
    for (const name of ["dragover", "drop"]) form.addEventListener(name, (event) => this.dropped(event));
  }

  dropped(event) {
    event.preventDefault();
    if (event.type !== "drop" || !event.dataTransfer.files.length) return;
    this.input.files = event.dataTransfer.files;
    this.choose(event.dataTransfer.files[0]);
  }

  // --- Sending ------------------------------------------------------------------------------------------------------
  refusalOf(file) {
    const most = Number(this.form.dataset.maxBytes);
    if (!file.size) return "Ce fichier est vide.";
    if (most && file.size > most) return `Ce fichier pèse ${size(file.size)} : la limite est de ${size(most)}.`;
    if (/^(image|audio|text|application\/pdf)/.test(file.type)) return "Ce fichier n’est pas un film. Choisissez une vidéo.";
    return "";
  }

  async choose(file) {
    this.upload?.abort();
    const refusal = this.refusalOf(file);
    if (refusal) return this.fail(refusal, { again: false });
    this.file = file;
    this.parts.name.textContent = `${file.name} (${size(file.size)})`;
    this.upload = this.prepare(file);
    const previous = await this.upload.findPreviousUploads();
    if (previous.length) this.upload.resumeFromPreviousUpload(previous.at(-1));
    this.parts.unfinished.replaceChildren();
    this.resume();
    return undefined;
  }

  prepare(file) {
    return new window.tus.Upload(file, {
      endpoint: this.form.dataset.endpoint,
      chunkSize: CHUNK_BYTES,
      retryDelays: RETRIES_MS,
      headers: this.headers,
      fingerprint: fingerprintFor(this.person),
      metadata: { filename: file.name, filetype: file.type },
      onUploadUrlAvailable: () => this.located(),
      onProgress: (sent, total) => this.showProgress(sent, total),
      onSuccess: () => this.arrived(),
      onError: (error) => this.broken(error),
    });
  }

  located() {
    this.hidden.value = idOf(this.upload.url);
    this.remember();
  }

  resume() {
    if (!navigator.onLine) return this.show("offline");
    this.speed = new Speed();
    this.show("sending");
    this.upload.start();
    navigator.wakeLock?.request("screen").then((lock) => (this.lock = lock), () => {}); // a sleeping phone stops sending
    return undefined;
  }

  pause() {
    this.stop("paused");
    this.parts.resume.focus();
  }

  stop(state) {
    this.upload.abort();
    this.show(state);
  }

  arrived() {
    this.hidden.value = idOf(this.upload.url);
    this.showProgress(this.file.size, this.file.size);
    this.show("done");
    if (this.waiting) this.form.requestSubmit(this.button);
  }

  broken(error) {
    const answer = error.originalResponse;
    const status = answer?.getStatus() ?? 0;
    const landed = answer?.getUnderlyingObject()?.responseURL;
    if (!navigator.onLine) return this.show("offline");
    if (status === 404 || status === 410) return this.choose(this.file); // expired there: begin anew
    if (landed && new URL(landed).pathname !== new URL(error.originalRequest.getURL(), location).pathname) {
      return this.fail("Votre session a pris fin. Connectez-vous dans un autre onglet, puis reprenez l’envoi.");
    }
    if (status === 403) return this.fail("Votre session a changé. Actualisez la page, puis choisissez de nouveau le même fichier.");
    if (status >= 400 && status < 500) return this.fail(sentenceOf(answer) || "Ce fichier ne peut pas être reçu.", { again: false });
    return this.fail("L’envoi s’est arrêté : le serveur ne répond pas. Reprenez quand la connexion est revenue.");
  }

  fail(text, { again = true } = {}) {
    this.show("failed");
    this.parts.state.textContent = text;
    this.parts.resume.hidden = !again;
    this.waiting = false;
    this.parts.waiting.textContent = "";
  }

  // --- What is shown ------------------------------------------------------------------------------------------------
  show(state) {
    this.state = state;
    this.form.dataset.state = state;
    this.parts.state.textContent = STATES[state];
    this.parts.panel.hidden = state === "idle" || !this.file;
    this.parts.pause.hidden = state !== "sending";
    this.parts.resume.hidden = !["paused", "failed"].includes(state);
    if (state !== "sending") this.lock?.release();
  }

  showProgress(sent, total) {
    const percent = Math.floor((100 * sent) / total);
    this.speed?.mark(sent);
    this.parts.bar.value = percent;
    const perSecond = this.speed?.perSecond() ?? 0;
    const pace = perSecond && sent < total ? ` · ${size(perSecond)}/s · ${left((total - sent) / perSecond)}` : "";
    this.parts.detail.textContent = `${percent}\u00a0% · ${size(sent)} sur ${size(total)}${pace}`;
    const step = Math.floor(percent / SAID_EVERY) * SAID_EVERY;
    if (this.state === "sending" && step > (this.said ?? 0) && step < 100) this.parts.state.textContent = `Envoi en cours, ${step}\u00a0% envoyés.`;
    this.said = step;
  }

  // --- Reloads and early submissions --------------------------------------------------------------------------------
  async lookBack() {
    const entries = await unfinished(this.person);
    if (this.file) return; // a file was chosen meanwhile
    this.restore(draftOf(this.person, entries.map((entry) => entry.id)));
    const whole = entries.find((entry) => entry.place && entry.place.offset === entry.place.length);
    if (whole) this.adopt(whole);
    this.parts.unfinished.replaceChildren(...entries.filter((entry) => entry !== whole).map((entry) => this.reminder(entry)));
  }

  restore(draft) {
    for (const [name, value] of Object.entries(draft?.fields ?? {})) {
      const field = this.form.elements[name];
      if (field && !field.value) field.value = value;
    }
  }

  adopt(entry) {
    this.hidden.value = entry.id;
    this.file = { size: entry.size };
    this.parts.name.textContent = `${entry.metadata.filename} (${size(entry.size)})`;
    this.showProgress(entry.size, entry.size);
    this.show("done");
    this.parts.state.textContent = "Ce fichier est déjà arrivé. Il ne reste qu’à le déposer.";
  }

  reminder(entry) {
    const note = this.parts.reminder.content.cloneNode(true).firstElementChild;
    note.querySelector("[data-name]").textContent = `${entry.metadata.filename} (${size(entry.size)})`;
    const percent = entry.place ? Math.floor((100 * entry.place.offset) / entry.place.length) : null;
    note.querySelector("[data-share]").textContent = percent === null ? "" : ` Déjà envoyé : ${percent}\u00a0%.`;
    note.querySelector("button").addEventListener("click", async () => {
      await abandon(entry, this.headers);
      note.remove();
      this.parts.state.textContent = "Envoi abandonné.";
      this.input.focus();
    });
    return note;
  }

  remember() {
    const { title, group } = this.form.elements;
    if (this.hidden.value) keepDraft(this.person, { upload: this.hidden.value, fields: { title: title.value, group: group.value } });
  }

  submitted(event) {
    const sending = this.file && ["sending", "paused", "offline", "failed"].includes(this.state);
    if (!sending) {
      this.input.disabled = Boolean(this.hidden.value); // the file is already there: not a second time
      return;
    }
    event.preventDefault();
    if (this.state === "failed" && this.parts.resume.hidden) return this.input.focus();
    this.waiting = true;
    this.parts.waiting.textContent = "C’est noté : le film sera déposé dès la fin de l’envoi. Gardez cette page ouverte.";
    return undefined;
  }
}

function sentenceOf(answer) {
  const plain = (answer?.getHeader("Content-Type") || "").startsWith("text/plain");
  return plain ? answer.getBody().slice(0, 300) : "";
}

for (const form of document.querySelectorAll("[data-depot]")) new Depot(form);
