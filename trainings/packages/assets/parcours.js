// One module of a path: a step at a time, questions marked here, and what is done told to the platform that plays it
// (SCORM 1.2). Without such a platform everything works, and nothing is kept.

const LONGEST_CHAIN = 500; // frames to look through for the platform, as the standard says
const DONE = "1";

const steps = [...document.querySelectorAll("main > section")];
const links = [...document.querySelectorAll("nav li")];
const keys = JSON.parse(document.getElementById("reponses").textContent);
const marked = keys.map((questions) => questions.length > 0);
const began = Date.now();

const api = find(window) || (window.opener ? find(window.opener) : null);
let isOpen = false;
let done = steps.map(() => "0");
let best = {}; // of each step with questions, the best result so far, in percent
let kept = ""; // the state that the platform had, if it was an end
let shown = 0;

function find(from) {
  let frame = from;
  for (let hops = 0; hops < LONGEST_CHAIN; hops += 1) {
    try {
      if (frame.API) return frame.API;
    } catch {
      return null; // a frame of another site
    }
    if (!frame.parent || frame.parent === frame) return null;
    frame = frame.parent;
  }
  return null;
}

const read = (name) => (isOpen ? String(api.LMSGetValue(name)) : "");
const tell = (name, value) => isOpen && api.LMSSetValue(name, String(value));

function start() {
  isOpen = Boolean(api) && String(api.LMSInitialize("")) === "true";
  if (!isOpen) {
    document.getElementById("avis").textContent =
      "Cette page est ouverte hors d’une plateforme de formation : votre avancement n’est pas noté.";
  }
  const status = read("cmi.core.lesson_status");
  if (["passed", "completed"].includes(status)) kept = status;
  recall(read("cmi.suspend_data"));
  const last = Number.parseInt(read("cmi.core.lesson_location"), 10);
  for (const hidden of document.querySelectorAll("nav, form button, [data-done], .moves")) hidden.hidden = false;
  steps.forEach(prepare);
  show(steps[last] ? last : 0, false);
  save();
}

function recall(text) {
  try {
    const found = JSON.parse(text);
    done = steps.map((_, rank) => (String(found.d)[rank] === DONE ? DONE : "0"));
    best = Object.fromEntries(Object.entries(found.b).filter(([rank, value]) => marked[rank] && value >= 0 && value <= 100));
  } catch {
    // the first time, or a state that is not ours
  }
}

function prepare(section, rank) {
  section.querySelector("[data-done]")?.addEventListener("click", () => finish(rank));
  section.querySelector("form")?.addEventListener("submit", (event) => {
    event.preventDefault();
    mark(section, rank);
  });
  for (const button of section.querySelectorAll("[data-move]")) {
    button.addEventListener("click", () => show(rank + Number(button.dataset.move), true));
  }
  links[rank].querySelector("a").addEventListener("click", (event) => {
    event.preventDefault();
    show(rank, true);
  });
}

function show(rank, byHand) {
  shown = rank;
  steps.forEach((section, other) => { section.hidden = other !== rank; });
  links.forEach((line, other) => {
    const link = line.querySelector("a");
    if (other === rank) link.setAttribute("aria-current", "step");
    else link.removeAttribute("aria-current");
  });
  if (byHand) {
    steps[rank].querySelector("h2").focus();
    tell("cmi.core.lesson_location", rank);
  }
  draw();
}

function draw() {
  links.forEach((line, rank) => {
    const result = rank in best ? `, ${best[rank]} %` : "";
    line.querySelector("[data-state]").textContent = done[rank] === DONE ? `fait${result}` : result.slice(2);
  });
}

function finish(rank) {
  done[rank] = DONE;
  save();
  if (rank + 1 < steps.length) show(rank + 1, true);
  else {
    draw();
    document.getElementById("avis").textContent = isEnd()
      ? "Vous avez terminé ce module."
      : "C’était la dernière étape. D’autres restent à faire : la liste ci-dessus les montre.";
  }
}

const isEnd = () => done.every((one) => one === DONE);

function folded(text) {
  const bare = text.toLowerCase().replaceAll("ß", "ss").replaceAll("’", "'").normalize("NFKD").replace(/\p{M}/gu, "");
  return bare.trim().replace(/\s+/g, " ").replace(/[ .!]+$/, "");
}

// What was answered: the ranks that were chosen, or, of a short answer, the rank of the wording that it matches.
function answerOf(field, key) {
  if (key.kind === "SHORT") {
    const rank = key.right.indexOf(folded(field.querySelector("input").value));
    return { isRight: rank >= 0, ranks: rank >= 0 ? [rank] : [] };
  }
  if (key.kind === "ORDER") {
    const places = [...field.querySelectorAll("select")];
    return { isRight: places.every((place) => Number(place.value) === Number(place.dataset.rank) + 1), ranks: [] };
  }
  const ranks = [...field.querySelectorAll("input:checked")].map((input) => Number(input.value));
  return { isRight: ranks.length === key.right.length && ranks.every((rank) => key.right.includes(rank)), ranks };
}

function mark(section, rank) {
  const fields = [...section.querySelectorAll("fieldset")];
  let right = 0;
  fields.forEach((field, number) => {
    const key = keys[rank][number];
    const { isRight, ranks } = answerOf(field, key);
    right += isRight;
    const lines = [isRight ? "C’est juste." : "Ce n’est pas encore juste.", ...ranks.map((one) => key.said[one]), key.feedback];
    const said = field.querySelector(".said");
    said.replaceChildren(...lines.filter(Boolean).map((line) => {
      const paragraph = document.createElement("p");
      paragraph.textContent = line;
      return paragraph;
    }));
    said.dataset.right = isRight;
    said.hidden = false;
  });
  const percent = Math.floor((100 * right) / fields.length);
  const needed = Number(section.dataset.pass);
  best[rank] = Math.max(best[rank] ?? 0, percent);
  if (percent >= needed) done[rank] = DONE;
  section.querySelector(".result").textContent =
    `${right} juste${right > 1 ? "s" : ""} sur ${fields.length}.` +
    (percent >= needed ? " Cette étape est faite." : ` Il en faut ${needed} % : revoyez vos réponses, puis vérifiez de nouveau.`);
  draw();
  save();
}

function save() {
  if (!isOpen) return;
  const results = marked.flatMap((has, rank) => (has ? [best[rank] ?? 0] : []));
  tell("cmi.suspend_data", JSON.stringify({ d: done.join(""), b: best }));
  tell("cmi.core.lesson_location", shown);
  if (results.length) {
    tell("cmi.core.score.min", 0);
    tell("cmi.core.score.max", 100);
    tell("cmi.core.score.raw", Math.round(results.reduce((sum, one) => sum + one, 0) / results.length));
  }
  if (!kept && isEnd()) kept = results.length ? "passed" : "completed";
  tell("cmi.core.lesson_status", kept || "incomplete");
  tell("cmi.core.session_time", timespan(Date.now() - began));
  tell("cmi.core.exit", kept ? "" : "suspend");
  api.LMSCommit("");
}

// hours:minutes:seconds, as SCORM 1.2 writes a time
function timespan(milliseconds) {
  const seconds = Math.floor(milliseconds / 1000);
  const two = (number) => String(number).padStart(2, "0");
  return `${String(Math.min(9999, Math.floor(seconds / 3600))).padStart(4, "0")}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}.00`;
}

function leave() {
  if (!isOpen) return;
  save();
  api.LMSFinish("");
  isOpen = false;
}

// All is told at each change: what a browser may refuse to send while it closes a page is only the last seconds.
window.addEventListener("pagehide", leave);
start();
