// One film of the deposit: its bytes on their way, and the form that describes it meanwhile.

import "../vendor/tus/tus.min.js"; // an old-style script: it puts `tus` on the window
import { abandon, draftOf, dropDraft, idOf, keepDraft, sendIndex } from "./depot-envois.js";
import { depositedAs, left, size, Speed, STATES, NOTED, refusalOf, sentenceOf, whyBroken } from "./depot-texte.js";

const CHUNK_BYTES = 8 * 1024 * 1024; // also above the smallest part that S3 takes
const RETRIES_MS = [0, 1000, 3000, 5000, 10000, 20000, 30000];
const SAID_EVERY = 25; // per cent
const UNDO_WITHIN_MS = 10_000;
const FIELDS = ["title", "group", "project"];

export class Film {
  constructor(depot, { file, print = "", entry }) {
    this.depot = depot;
    this.root = depot.newCard();
    this.form = this.root.querySelector("form");
    this.parts = Object.fromEntries([...this.root.querySelectorAll("[data-part]")].map((part) => [part.dataset.part, part]));
    this.file = file;
    this.print = print || entry?.print || "";
    this.entry = entry;
    this.url = entry?.url;
    this.upload = null;
    this.sentBytes = 0; // in their turn
    this.ahead = { sent: 0, bytes: 0 }; // of the index, which leaves twice
    this.listen();
    this.name(file ?? entry);
    this.restore();
    if (entry) this.adopt(entry);
    else this.show("queued");
  }

  listen() {
    const { form, parts } = this;
    parts.pause.addEventListener("click", () => this.pause());
    parts.resume.addEventListener("click", () => this.depot.resume(this));
    parts.drop.addEventListener("click", () => this.drop());
    parts.undo.addEventListener("click", () => this.putBack());
    form.addEventListener("input", () => this.remember());
    form.addEventListener("submit", (event) => this.submitted(event));
  }

  name(of) {
    this.sizeBytes = of.size;
    this.parts.name.textContent = of.name;
    this.parts.size.textContent = size(of.size);
    for (const place of this.root.querySelectorAll("[data-of]")) place.textContent = ` ${place.dataset.of} ${of.name}`;
  }

  get isArrived() {
    return this.state === "arrived" || this.state === "deposited";
  }

  get isOver() {
    return ["deposited", "dropped", "refused"].includes(this.state);
  }

  // --- An upload that the server knew before this page ----------------------------------------------------------------
  adopt(entry) {
    this.form.elements.upload.value = entry.id;
    const typed = this.form.elements.title.value; // restored: another tab may have deposited the film meanwhile
    this.described(entry.filmUrl, entry.title, typed === entry.title ? "" : typed);
    this.progressOf(entry.percent, `${entry.percent}\u00a0% déjà envoyés`);
    this.show(entry.whole ? "arrived" : "lacking");
  }

  // The file of an unfinished upload has been chosen again.
  take(file, print) {
    this.file = file;
    this.print ||= print;
    this.show("queued");
  }

  // --- Sending ----------------------------------------------------------------------------------------------------------
  refuse(maxBytes) {
    const refusal = refusalOf(this.file, maxBytes);
    if (refusal) this.fail(refusal, { again: false });
    return refusal;
  }

  start() {
    this.upload ??= this.prepare();
    this.speed = new Speed();
    this.show("sending");
    this.upload.start();
  }

  prepare() {
    return new window.tus.Upload(this.file, {
      endpoint: this.depot.endpoint,
      uploadUrl: this.url,
      chunkSize: CHUNK_BYTES,
      retryDelays: RETRIES_MS,
      headers: this.depot.headers,
      storeFingerprintForResuming: false, // the server lists what it keeps, in this browser or another
      metadata: { filename: this.file.name, filetype: this.file.type, fingerprint: this.print },
      onBeforeRequest: (request) => this.beforeRequest(request),
      onAfterResponse: (request, response) => this.afterResponse(response),
      onUploadUrlAvailable: () => this.located(),
      onProgress: (sent, total) => this.showProgress(sent, total),
      onSuccess: () => this.arrived(),
      onError: (error) => this.broken(error),
    });
  }

  async beforeRequest(request) {
    const indexUrl = this.indexUrl;
    if (request.getMethod() !== "PATCH" || !indexUrl) return;
    this.indexUrl = ""; // once: without it the film arrives all the same
    const { signal } = (this.indexing = new AbortController());
    await sendIndex(this.file, indexUrl, this.depot.headers, { signal, onProgress: (...ahead) => this.showAhead(...ahead) });
    this.ahead.bytes = this.ahead.sent; // no more of it will leave
    this.indexing = undefined;
    if (!signal.aborted) return;
    this.indexUrl = undefined; // asked again when the film goes on
    throw new Error("paused"); // or the chunk would leave all the same
  }

  showAhead(sent, bytes) {
    this.ahead = { sent, bytes };
    this.showProgress(this.sentBytes, this.sizeBytes);
  }

  afterResponse(response) {
    this.indexUrl ??= response.getHeader("Upload-Index") || undefined;
    this.sentBytes = Number(response.getHeader("Upload-Offset") ?? this.sentBytes);
    const twin = response.getHeader("Same-Film");
    if (!twin) return;
    this.parts.twin.hidden = false;
    this.parts.twinlink.href = twin;
  }

  located() {
    this.url = this.upload.url;
    this.form.elements.upload.value = idOf(this.url);
    if (this.waiting) this.describe();
  }

  pause() {
    this.stop("paused");
    this.parts.resume.focus();
  }

  stop(state) {
    this.upload?.abort();
    this.indexing?.abort();
    this.show(state);
  }

  arrived() {
    this.form.elements.upload.value = idOf(this.upload.url);
    this.showProgress(this.sizeBytes, this.sizeBytes);
    this.show("arrived");
    if (this.waiting) this.describe();
  }

  broken(error) {
    if (!navigator.onLine) return this.show("offline");
    const fault = whyBroken(error);
    if (!fault.gone) return this.fail(fault.text, { again: fault.again });
    this.upload = this.url = this.indexUrl = undefined; // expired there: begin anew
    this.ahead = { sent: 0, bytes: 0 };
    this.form.elements.upload.value = "";
    return this.depot.resume(this);
  }

  fail(text, { again }) {
    this.show(again ? "failed" : "refused");
    this.parts.state.textContent = text;
    if (!again) this.parts.waiting.textContent = "";
    if (!again) this.waiting = false;
  }

  // --- Describing, before or after the last byte ------------------------------------------------------------------------
  submitted(event) {
    event.preventDefault();
    if (this.state === "refused" || this.filmUrl) return;
    this.waiting = true;
    this.parts.waiting.textContent = this.isArrived ? "" : NOTED;
    if (this.form.elements.upload.value) this.describe();
  }

  // Writes down what was typed, at once. If the network is cut, it is tried again when the film has arrived.
  async describe() {
    if (this.filmUrl || this.asking) return;
    this.asking = true;
    const typed = new FormData(this.form);
    const answer = await fetch(this.form.action, { method: "POST", body: typed, headers: { "HX-Request": "true" } }).catch(() => null);
    this.asking = false;
    if (answer?.status === 409) {
      const known = await answer.json();
      this.described(known.url, known.title, typed.get("title"));
    } else if (answer?.redirected && answer.ok && /\/films\/[0-9a-f-]{36}\/$/.test(new URL(answer.url).pathname)) {
      this.described(answer.url, typed.get("title"));
    } else if (answer?.status === 422) this.correct(await answer.text());
    else this.parts.waiting.textContent = sentenceOf(answer, this.isArrived);
  }

  correct(fields) {
    this.waiting = false;
    this.parts.waiting.textContent = "";
    this.parts.fields.innerHTML = fields;
    const bad = this.parts.fields.querySelector("[aria-invalid='true']") ?? this.parts.fields.querySelector("[tabindex]");
    bad?.focus();
  }

  // `dropped`: what was typed here in vain, the film having been deposited from another tab.
  described(filmUrl, title, dropped) {
    this.filmUrl = filmUrl;
    if (!filmUrl) return;
    dropDraft(this.depot.person, this.draftKey);
    this.form.elements.title.value = title;
    this.parts.told.textContent = this.told = dropped ? depositedAs(title, dropped) : "";
    this.parts.waiting.textContent = NOTED;
    for (const name of FIELDS) if (this.form.elements[name]) this.form.elements[name].disabled = true;
    this.parts.submit.hidden = true;
    if (this.told) this.parts.body.hidden = true;
    if (this.isArrived) this.show("deposited");
    this.depot.changed();
  }

  get draftKey() {
    return this.print || this.form.elements.upload.value;
  }

  remember() {
    const typed = FIELDS.map((name) => [name, this.form.elements[name]?.value ?? ""]);
    keepDraft(this.depot.person, this.draftKey, Object.fromEntries(typed));
  }

  restore() {
    if (this.entry) this.form.elements.upload.value = this.entry.id;
    for (const [name, value] of Object.entries(draftOf(this.depot.person, this.draftKey))) {
      const field = this.form.elements[name];
      if (field && value) field.value = value;
    }
  }

  // --- Giving up, and taking it back --------------------------------------------------------------------------------------
  drop() {
    this.before = { sending: "queued", offline: "queued", failed: "paused" }[this.state] ?? this.state;
    this.stop("dropped");
    this.parts.undo.focus();
    this.dropping = setTimeout(() => this.forget(), UNDO_WITHIN_MS);
  }

  putBack() {
    clearTimeout(this.dropping);
    this.dropping = undefined;
    this.show(this.before);
    this.parts.drop.focus();
  }

  // Also called when the page is left.
  forget() {
    clearTimeout(this.dropping);
    this.dropping = undefined;
    if (this.url) abandon(this.url, this.depot.headers);
    dropDraft(this.depot.person, this.draftKey);
    this.depot.remove(this);
  }

  // --- What is shown ------------------------------------------------------------------------------------------------------
  show(state) {
    if (state === "arrived" && this.filmUrl) state = "deposited";
    this.state = state;
    this.root.dataset.state = state;
    const { parts } = this;
    parts.state.textContent = STATES[state];
    parts.pause.hidden = state !== "sending";
    parts.resume.hidden = !["paused", "failed"].includes(state);
    parts.drop.hidden = ["deposited", "dropped"].includes(state);
    parts.progress.hidden = ["queued", "refused", "deposited", "dropped"].includes(state);
    parts.body.hidden = Boolean(this.told) || ["deposited", "dropped", "refused"].includes(state);
    parts.undo.hidden = state !== "dropped";
    parts.see.hidden = state !== "deposited";
    if (state === "deposited") parts.seelink.href = this.filmUrl;
    if (state === "deposited") parts.title.textContent = this.form.elements.title.value;
    this.depot.changed();
  }

  progressOf(percent, text) {
    this.parts.bar.value = percent;
    this.parts.detail.textContent = text;
  }

  // All that must leave counts, the index that goes ahead too; in bytes, it is said as a share of the film.
  showProgress(sent, total) {
    this.sentBytes = sent;
    const [gone, all] = [sent + this.ahead.sent, total + this.ahead.bytes];
    const percent = Math.floor((100 * gone) / all);
    this.speed?.mark(gone);
    const perSecond = this.speed?.perSecond() ?? 0;
    const pace = perSecond && gone < all ? ` · ${size(perSecond)}/s · ${left((all - gone) / perSecond)}` : "";
    this.progressOf(percent, `${percent}\u00a0% · ${size((gone / all) * total)} sur ${size(total)}${pace}`);
    const step = Math.floor(percent / SAID_EVERY) * SAID_EVERY;
    if (this.state === "sending" && step > (this.said ?? 0) && step < 100) this.depot.say(`${step}\u00a0% envoyés.`);
    this.said = step;
  }
}
