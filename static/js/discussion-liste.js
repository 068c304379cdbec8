// The list of comments, brought up to date row by row: what has not changed is not touched, what one is writing stays.

const list = () => document.getElementById("commentaires");
const COPIED = ["etat", "adresse", "de", "a"];

function announce(count) {
  const live = document.getElementById("annonce");
  if (count && live) live.textContent = count > 1 ? `${count} commentaires nouveaux ou modifiés.` : "Un commentaire nouveau ou modifié.";
}

const isWriting = (row) => [...row.querySelectorAll("textarea")].some((words) => words.value.trim());

function replaceRow(known, row) {
  const form = known.querySelector(".moment__form");
  if (form.childElementCount) row.querySelector(".moment__form").replaceWith(form);
  const hadFocus = known === document.activeElement;
  const inside = known.contains(document.activeElement) && !hadFocus ? document.activeElement : undefined;
  known.replaceWith(row);
  if (hadFocus) row.focus();
  else if (inside?.isConnected) inside.focus();
}

function mergeRows(old, fresh, isNews) {
  const left = new Map([...old.children].map((row) => [row.id, row]));
  let place = old.firstElementChild;
  let changed = 0;
  for (let row of [...fresh.children]) {
    const known = left.get(row.id);
    left.delete(row.id);
    if (known && known.dataset.version === row.dataset.version) row = known;
    else {
      changed += 1;
      if (isNews) row.classList.add("moment--new");
      if (known === place) place = row;
      if (known) replaceRow(known, row);
    }
    if (row === place) place = place.nextElementSibling;
    else old.insertBefore(row, place);
  }
  for (const row of left.values()) if (!isWriting(row)) row.remove();
  old.start = fresh.start;
  return changed;
}

function mergePart(here, there, selector) {
  const [old, fresh] = [here.querySelector(selector), there.querySelector(selector)];
  if (old?.contains(document.activeElement)) return;
  if (old && fresh) old.replaceWith(fresh);
  else if (old) old.remove();
  else if (fresh) here.querySelector(".moments").after(fresh);
}

function drawTimeline(fresh) {
  const line = fresh.querySelector("#reperes");
  if (!line) return;
  line.removeAttribute("data-hx-swap-oob");
  document.getElementById("reperes")?.replaceWith(line);
}

function merge(fresh, isNews) {
  const here = list();
  drawTimeline(fresh);
  const [old, rows] = [here.querySelector(".moments"), fresh.querySelector(".moments")];
  if (old && rows) {
    const changed = mergeRows(old, rows, isNews);
    if (isNews) announce(changed);
    for (const name of COPIED) here.dataset[name] = fresh.dataset[name];
    for (const selector of [".discussion__count", "select[name=par]", ".pagination"]) mergePart(here, fresh, selector);
    window.htmx?.process(here);
  } else {
    here.replaceWith(fresh);
    if (isNews) announce(rows?.childElementCount ?? 0);
    window.htmx?.process(fresh);
  }
  document.dispatchEvent(new CustomEvent("discussion:change"));
}

// Ask for what has changed in the list, or (`address`) for another page of it; false if it is not for this person any more.
export async function refresh(address) {
  const asked = new URL(address ?? list().dataset.adresse, window.location.href);
  asked.searchParams.set("etat", address ? "" : list().dataset.etat);
  let answer;
  try {
    answer = await fetch(asked, { headers: { "HX-Request": "true" } });
  } catch {
    return true; // no network: it will be asked again
  }
  if (answer.status === 204 || answer.status >= 500) return true;
  if (!answer.ok || answer.headers.has("HX-Redirect")) return false;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("commentaires");
  if (!fresh) return false;
  if (list()) merge(fresh, !address);
  return true;
}

// The right to read is gone: nothing of what was said stays on the screen, but for what one was writing oneself.
export function turnAway() {
  const said = "Cette discussion n’est plus visible pour vous. Actualisez la page.";
  const note = Object.assign(document.createElement("p"), { className: "alert alert--warning", textContent: said });
  list()?.replaceChildren(note);
  for (const form of document.querySelectorAll("[data-moment-form]")) {
    const words = form.querySelector("textarea");
    if (words.value.trim()) form.replaceWith(Object.assign(words, { readOnly: true, ariaLabel: "Ce que vous écriviez" }));
    else form.remove();
  }
  document.querySelectorAll("#reperes > .repere, #reperes > .bande").forEach((mark) => mark.remove());
  document.getElementById("annonce").textContent = said;
}
