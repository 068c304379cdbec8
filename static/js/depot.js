// The deposit of a film: sent in chunks that survive a cut, a pause, a reload; without this script the form sends the file itself.

import "../vendor/tus/tus.min.js"; // an old-style script: it puts `tus` on the window
import { abandon, draftOf, fingerprintFor, idOf, keepDraft, listed, resumable } from "./depot-envois.js";
import { left, size, Speed } from "./depot-texte.js";

const CHUNK_BYTES = 8 * 1024 * 1024; // also above the smallest part that S3 takes
const RETRIES_MS = [0, 1000, 3000, 5000, 10000, 20000, 30000];
const TOLD = new Set([403, 413, 507]); // what the server refuses in words for people
const SAID_EVERY = 25; // per cent
const STATES = {
  sending: "Envoi en cours.",
  paused: "Envoi en pause. Rien n’est perdu.",
  offline: "Réseau coupé. L’envoi reprendra tout seul.",
  done: "Le fichier est arrivé.",
  failed: "",
};
const NOTED = "C’est noté\u00a0: le film sera préparé dès la fin de l’envoi. Gardez cette page ouverte.";

class Depot {
  constructor(form) {
    this.form = form;
    this.person = form.dataset.person;
    this.parts = Object.fromEntries([...form.querySelectorAll("[data-part]")].map((part) => [part.dataset.part, part]));
    this.input = form.querySelector("input[type=file]");
    this.hidden = form.elements.upload;
    this.button = form.querySelector("[type=submit]");
    this.headers = { "X-CSRFToken": form.elements.csrfmiddlewaretoken.value };
    this.entries = listed(form);
    this.listen();
    this.lookBack();
  }

  listen() {
    const { form, parts } = this;
    this.input.addEventListener("change", () => this.input.files[0] && this.choose(this.input.files[0]));
    parts.pause.addEventListener("click", () => this.pause());
    parts.resume.addEventListener("click", () => this.resume(parts.pause));
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
    if (file.size > most) return `Ce fichier pèse ${size(file.size)}\u00a0: la limite est de ${size(most)}.`;
    if (/^(image|audio|text)\/|^application\/pdf/.test(file.type)) return "Ce fichier n’est pas un film. Choisissez une vidéo.";
    return "";
  }

  async choose(file) {
    this.upload?.abort();
    this.upload = undefined;
    this.file = file;
    this.hidden.value = "";
    this.deposited("");
    this.parts.name.textContent = `${file.name} (${size(file.size)})`;
    const refusal = this.refusalOf(file);
    if (refusal) return this.fail(refusal, { again: false });
    const upload = this.prepare(file);
    const previous = await resumable(upload, file, this.entries);
    if (file !== this.file) return undefined; // another file was chosen meanwhile
    this.upload = upload;
    if (previous) this.goOnWith(previous);
    return this.resume();
  }

  goOnWith(previous) {
    this.upload.resumeFromPreviousUpload(previous);
    const entry = this.entries.find((one) => one.uploadUrl === previous.uploadUrl);
    entry.note.remove();
    this.deposited(entry.filmUrl);
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
    if (this.waiting) this.depositEarly();
  }

  resume(focusOn) {
    if (!navigator.onLine) return this.show("offline");
    this.speed = new Speed();
    this.show("sending");
    this.upload.start();
    navigator.wakeLock?.request("screen").then((lock) => (this.lock = lock), () => {}); // a sleeping phone stops sending
    focusOn?.focus();
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
    if (this.filmUrl) location.assign(this.filmUrl);
    else if (this.waiting) this.form.requestSubmit(this.button);
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
    if (status === 403 && !sentenceOf(answer)) return this.fail("Votre session a changé. Actualisez la page, puis choisissez de nouveau le même fichier.");
    if (status >= 400 && status < 500) return this.fail(sentenceOf(answer) || "Ce fichier ne peut pas être reçu.", { again: false });
    return this.fail(sentenceOf(answer) || "L’envoi s’est arrêté\u00a0: le serveur ne répond pas. Reprenez quand la connexion est revenue.");
  }

  fail(text, { again = true } = {}) {
    this.show("failed");
    this.parts.state.textContent = text;
    this.parts.resume.hidden = !again;
    if (!again) this.parts.waiting.textContent = "";
    if (!again) this.waiting = false;
  }

  // --- Depositing before the last byte ------------------------------------------------------------------------------
  submitted(event) {
    const onItsWay = this.file && this.state !== "done";
    if (!onItsWay) {
      this.input.disabled = Boolean(this.hidden.value); // the file is already there: not a second time
      return;
    }
    event.preventDefault();
    if (this.state === "failed" && this.parts.resume.hidden) {
      this.input.focus();
      return;
    }
    this.waiting = true;
    this.parts.waiting.textContent = NOTED;
    if (this.hidden.value) this.depositEarly();
  }

  // Writes down the title and the group at once. If it cannot be, the form is sent when the film has arrived.
  async depositEarly() {
    if (this.filmUrl || this.asking) return;
    this.asking = true;
    const typed = new FormData(this.form);
    typed.delete("file");
    const answer = await fetch(this.form.action, { method: "POST", body: typed }).catch(() => null);
    this.asking = false;
    if (answer?.redirected && answer.ok) this.deposited(answer.url);
    if (this.filmUrl && this.state === "done") location.assign(this.filmUrl); // the last byte came first
  }

  deposited(filmUrl) {
    this.filmUrl = filmUrl;
    if (filmUrl) this.parts.waiting.textContent = NOTED;
    for (const field of ["title", "group", "file"]) this.form.elements[field].disabled = Boolean(filmUrl);
    this.button.disabled = Boolean(filmUrl);
  }

  // --- What is shown ------------------------------------------------------------------------------------------------
  show(state) {
    this.state = state;
    this.form.dataset.state = state;
    this.parts.state.textContent = STATES[state];
    this.parts.panel.hidden = false;
    this.parts.pause.hidden = state !== "sending";
    this.parts.resume.hidden = !["paused", "failed"].includes(state);
    this.parts.progress.hidden = state === "failed" && !this.upload;
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
    if (this.state === "sending" && step > (this.said ?? 0) && step < 100) this.parts.said.textContent = `${step}\u00a0% envoyés.`;
    this.said = step;
  }

  // --- After a reload, or in another browser ------------------------------------------------------------------------
  lookBack() {
    const draft = draftOf(this.person, this.entries);
    for (const [name, value] of Object.entries(draft?.fields ?? {})) {
      const field = this.form.elements[name];
      if (field && !field.value) field.value = value;
    }
    for (const { note, uploadUrl } of this.entries) {
      const button = note.querySelector("button");
      button.hidden = false;
      button.addEventListener("click", () => this.drop(note, uploadUrl));
    }
    const whole = this.entries.find((entry) => entry.whole && (entry.id === this.hidden.value || !this.hidden.value));
    if (whole) this.adopt(whole);
  }

  adopt(entry) {
    entry.note.remove();
    this.hidden.value = entry.id;
    this.input.required = false;
    this.file = { size: entry.size };
    this.parts.name.textContent = `${entry.name} (${size(entry.size)})`;
    this.showProgress(entry.size, entry.size);
    this.show("done");
    this.parts.state.textContent = "Ce fichier est déjà arrivé. Il ne reste qu’à le déposer.";
  }

  async drop(note, url) {
    await abandon(url, this.headers);
    this.entries = this.entries.filter((entry) => entry.note !== note);
    note.remove();
    this.parts.said.textContent = "Envoi abandonné.";
    this.input.focus();
  }

  remember() {
    const { title, group } = this.form.elements;
    if (this.hidden.value) keepDraft(this.person, { upload: this.hidden.value, fields: { title: title.value, group: group.value } });
  }
}

function sentenceOf(answer) {
  const plain = (answer?.getHeader("Content-Type") || "").startsWith("text/plain");
  return plain && TOLD.has(answer.getStatus()) ? answer.getBody().slice(0, 300) : "";
}

for (const form of document.querySelectorAll("[data-depot]")) new Depot(form);
