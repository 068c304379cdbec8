// An @ in a comment opens the list of the people who may be mentioned.

const SHOWN = 6;
const CALL = /(?:^|[\s(«])@([\p{L}'’-]*(?: [\p{L}'’-]*)?)$/u;
const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

let list;
let words;

function close() {
  list?.remove();
  list = undefined;
  words?.removeAttribute("aria-activedescendant");
  words?.removeAttribute("aria-controls");
  words = undefined;
}

function found(form, typed) {
  const names = [...new Set([...form.querySelectorAll("[data-name]")].map((place) => place.textContent))];
  const wanted = plain(typed);
  return names.filter((name) => plain(name).startsWith(wanted) || plain(name).includes(` ${wanted}`)).slice(0, SHOWN);
}

function choose(option) {
  const before = words.value.slice(0, words.selectionStart).replace(/@[^@]*$/, `@${option.textContent} `);
  const after = words.value.slice(words.selectionStart);
  words.value = before + after;
  words.setSelectionRange(before.length, before.length);
  words.dispatchEvent(new Event("input", { bubbles: true }));
  close();
}

function mark(option) {
  for (const other of list.children) other.setAttribute("aria-selected", String(other === option));
  words.setAttribute("aria-activedescendant", option.id);
}

function open(textarea, names) {
  close();
  words = textarea;
  list = document.createElement("ul");
  list.className = "names";
  list.id = "noms";
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", "Personnes à mentionner");
  for (const [rank, name] of names.entries()) {
    const option = document.createElement("li");
    option.id = `nom-${rank}`;
    option.setAttribute("role", "option");
    option.textContent = name;
    list.append(option);
  }
  textarea.after(list);
  textarea.setAttribute("aria-controls", list.id);
  mark(list.firstElementChild);
}

document.addEventListener("input", (event) => {
  if (!event.target.matches("[data-words]")) return;
  const call = CALL.exec(event.target.value.slice(0, event.target.selectionStart));
  const names = call ? found(event.target.form, call[1]) : [];
  if (names.length && !(names.length === 1 && call[1] === names[0])) open(event.target, names);
  else close();
});

const chosen = () => list.querySelector("[aria-selected=true]");
const ACTS = {
  ArrowDown: () => mark(chosen().nextElementSibling ?? list.firstElementChild),
  ArrowUp: () => mark(chosen().previousElementSibling ?? list.lastElementChild),
  Enter: () => choose(chosen()),
  Tab: () => choose(chosen()),
  Escape: close,
};

document.addEventListener(
  "keydown",
  (event) => {
    if (!list || event.target !== words || event.ctrlKey || event.metaKey || !ACTS[event.key]) return;
    event.preventDefault();
    ACTS[event.key]();
  },
  true,
);

document.addEventListener("pointerdown", (event) => {
  const option = event.target.closest(".names [role=option]");
  if (!option) return;
  event.preventDefault(); // the focus stays in the text
  choose(option);
});

document.addEventListener("focusout", (event) => event.target === words && close());
