// Films are sent one after the other, in chunks that survive a cut, a pause, a reload.

import { fingerprint, isOf, listed } from "./depot-envois.js";
import { Film } from "./depot-film.js";
import { ProjectDialog } from "./depot-projet.js";
import { summary } from "./depot-texte.js";

const BUSY = new Set(["sending", "paused", "offline", "failed"]); // the others wait
const AT_STAKE = new Set(["queued", "sending", "offline"]);

class Depot {
  constructor(root) {
    this.root = root;
    this.person = root.dataset.person;
    this.endpoint = root.dataset.endpoint;
    this.single = "single" in root.dataset; // it takes the place of one film
    this.maxBytes = Number(root.dataset.maxBytes);
    this.parts = Object.fromEntries([...root.querySelectorAll("[data-depot-part]")].map((part) => [part.dataset.depotPart, part]));
    this.headers = { "X-CSRFToken": this.parts.plain.elements.csrfmiddlewaretoken.value };
    this.films = [];
    this.made = 0;
    const entries = this.single ? [] : listed(root); // those are other films: none of them is to take that place
    this.furnish();
    this.listen();
    new ProjectDialog(this.parts.project, (...made) => this.projectMade(...made));
    for (const entry of entries) this.add(new Film(this, { entry }));
    if (this.input.files.length) this.choose(this.input.files); // chosen before this script came
  }

  // The plain form gives its file field to the picker, and its other fields to each film.
  furnish() {
    const { plain, picker, camera } = this.parts;
    this.input = plain.querySelector("input[type=file]");
    this.fields = plain.querySelector("[data-fields]");
    this.input.multiple = !this.single;
    this.input.required = false;
    picker.prepend(this.input.closest(".field"));
    picker.hidden = false;
    camera.hidden = !matchMedia("(pointer: coarse)").matches; // elsewhere the field itself is enough
    plain.remove();
    this.root.dataset.ready = "yes";
  }

  newCard() {
    this.made += 1;
    const card = this.parts.card.content.firstElementChild.cloneNode(true);
    const fields = this.fields.cloneNode(true);
    for (const element of [fields, ...fields.querySelectorAll("*")]) {
      for (const name of ["id", "for", "aria-describedby"]) {
        if (element.hasAttribute(name)) element.setAttribute(name, element.getAttribute(name).replace(/\bid_/g, `film${this.made}_`));
      }
    }
    const form = card.querySelector("form");
    form.elements.card.value = this.made;
    card.querySelector("[data-part=fields]").append(...fields.childNodes);
    card.querySelector("[data-part=name]").id = `film${this.made}`;
    card.setAttribute("aria-labelledby", `film${this.made}`);
    return card;
  }

  listen() {
    this.input.addEventListener("change", () => this.choose(this.input.files));
    this.parts.camera.addEventListener("click", () => this.openCamera());
    window.addEventListener("offline", () => this.sending()?.stop("offline"));
    window.addEventListener("online", () => this.backOnline());
    window.addEventListener("beforeunload", (event) => this.films.some((film) => AT_STAKE.has(film.state)) && event.preventDefault());
    window.addEventListener("pagehide", () => this.films.filter((film) => film.dropping).forEach((film) => film.forget()));
    for (const name of ["dragover", "drop"]) document.addEventListener(name, (event) => this.dropped(event));
  }

  openCamera() {
    this.input.setAttribute("capture", "environment");
    this.input.click();
    this.input.removeAttribute("capture");
  }

  dropped(event) {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    if (event.type === "drop") this.choose(event.dataTransfer.files);
  }

  // A new project can be chosen for every film, and is for the one beside which it was made.
  projectMade(id, title, select) {
    const selects = [this.fields, ...this.films.map((film) => film.root)].map((place) => place.querySelector("[name=project]"));
    for (const one of new Set(selects)) one?.add(new Option(title, id));
    select.value = id;
    select.dispatchEvent(new Event("input", { bubbles: true })); // it is remembered as if chosen by hand
    select.focus();
    this.say(`Projet « ${title} » enregistré et choisi.`);
  }

  // --- Choosing ----------------------------------------------------------------------------------------------------------
  async choose(files) {
    const chosen = this.single ? [...files].slice(0, 1) : [...files];
    this.input.value = ""; // the films stand in the list below; the same may be chosen again
    for (const file of chosen) if (this.isOpen) await this.take(file);
    this.next();
  }

  async take(file) {
    const print = await fingerprint(file).catch(() => "");
    const lacking = this.films.find((film) => film.state === "lacking" && isOf(film.entry, file, print));
    if (lacking) return lacking.take(file, print);
    const twin = print && this.films.find((film) => film.print === print && film.sizeBytes === file.size && !film.isOver);
    if (twin) return this.say(`${file.name} est déjà dans la liste.`);
    const film = new Film(this, { file, print });
    this.add(film);
    return film.refuse(this.maxBytes);
  }

  // One film takes the place of another: no second one is chosen beside it.
  get isOpen() {
    return !this.single || this.films.every((film) => film.state === "refused");
  }

  add(film) {
    this.films.push(film);
    this.parts.films.append(film.root);
    this.changed();
  }

  remove(film) {
    const hadFocus = film.root.contains(document.activeElement);
    this.films = this.films.filter((one) => one !== film);
    film.root.remove();
    if (hadFocus) this.input.focus();
    this.changed();
  }

  // --- One at a time -------------------------------------------------------------------------------------------------------
  sending() {
    return this.films.find((film) => film.state === "sending");
  }

  next() {
    if (this.films.some((film) => BUSY.has(film.state))) return;
    const film = this.films.find((one) => one.state === "queued");
    if (film && !navigator.onLine) film.show("offline");
    else film?.start();
  }

  resume(film) {
    const hadFocus = film.root.contains(document.activeElement);
    if (!navigator.onLine) film.show("offline");
    else if (this.sending() && this.sending() !== film) film.show("queued");
    else film.start();
    if (hadFocus) film.parts.pause.focus();
  }

  backOnline() {
    const stopped = this.films.find((film) => film.state === "offline") ?? this.films.find((film) => film.state === "failed");
    if (stopped) this.resume(stopped);
    else this.next();
  }

  // --- What the whole page says ----------------------------------------------------------------------------------------------
  // Called at each change of a film; what follows from it is done once, when all of them have settled.
  changed() {
    this.settling ??= setTimeout(() => this.settle());
  }

  settle() {
    this.settling = undefined;
    this.next();
    const counted = this.films.filter((film) => !["dropped", "refused"].includes(film.state));
    const done = counted.filter((film) => film.state === "deposited");
    const over = done.length > 0 && done.length === counted.length;
    const text = summary(done.length, counted.length);
    const place = this.parts.summary;
    if (place.textContent !== text) place.textContent = text;
    this.parts.picker.hidden = !this.isOpen;
    if (this.sending()) this.stayAwake();
    else this.rest();
    if (over && this.films.length === 1 && !done[0].told) location.assign(done[0].filmUrl);
  }

  // A sleeping phone stops sending.
  stayAwake() {
    this.lock ??= navigator.wakeLock?.request("screen").catch(() => null);
  }

  rest() {
    this.lock?.then((lock) => lock?.release());
    this.lock = undefined;
  }

  say(text) {
    this.parts.said.textContent = text;
  }
}

for (const root of document.querySelectorAll("[data-depot]")) new Depot(root);
