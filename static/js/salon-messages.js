// The messages on the screen: put in their place by number, replaced when they change, nothing jumps under the reader.

const NEAR_THE_END = 200; // pixels
const ANNOUNCE_EVERY_MS = 3000;
const CARDS_WITHIN_MS = 1500; // all open pages ask for the cards of one message: not in the same instant

const salon = document.querySelector(".salon");
const list = salon.querySelector(".posts");
const button = salon.querySelector("[data-news]");
const me = salon.dataset.me;
let unseen = 0;
let toSay = [];

export const atEnd = "atEnd" in salon.dataset;
const rows = () => [...list.querySelectorAll(":scope > .post")];
const seqOf = (row) => Number(row.dataset.seq);

function isNearTheEnd() {
  const last = rows().at(-1);
  return !last || last.getBoundingClientRect().bottom < window.innerHeight + NEAR_THE_END;
}

export function press(row) {
  for (const sign of row.querySelectorAll(".reaction[data-who]")) {
    sign.setAttribute("aria-pressed", String(sign.dataset.who.split(" ").includes(me)));
  }
}

async function askCards(quotes) {
  const address = new URL(salon.dataset.cards, window.location.href);
  address.searchParams.set("n", quotes.map((quote) => quote.dataset.quote).join(","));
  let answer;
  try {
    answer = await fetch(address, { redirect: "manual" });
  } catch {
    return; // no network: the next reading of the page shows them
  }
  if (!answer.ok) return;
  const cards = await answer.json();
  for (const quote of quotes) {
    const card = cards[quote.dataset.quote];
    if (card) quote.replaceChildren(...new DOMParser().parseFromString(card, "text/html").body.childNodes);
    delete quote.dataset.asked;
  }
}

function draw(row) {
  press(row);
  const quotes = [...row.querySelectorAll("[data-asked]")];
  if (quotes.length) setTimeout(askCards, row.dataset.author === me ? 0 : Math.random() * CARDS_WITHIN_MS, quotes);
}

function replace(known, row) {
  const focused = known.contains(document.activeElement) ? document.activeElement : undefined;
  const box = known.querySelector(".reactions[open]");
  const cards = new Map([...known.querySelectorAll("[data-quote]:not([data-asked])")].map((one) => [one.dataset.quote, one]));
  known.replaceWith(row);
  if (box) row.querySelector(".reactions")?.setAttribute("open", "");
  for (const quote of row.querySelectorAll("[data-asked]")) {
    const seen = cards.get(quote.dataset.quote);
    if (seen) quote.replaceWith(seen);
  }
  if (focused === known) row.focus();
  else if (focused) {
    const same = focused.getAttribute("formaction") && row.querySelector(`[formaction="${focused.getAttribute("formaction")}"][value="${focused.value}"]`);
    (same ?? row).focus();
  }
}

function place(row) {
  const after = rows().find((other) => seqOf(other) > seqOf(row));
  if (after) after.before(row);
  else list.append(row);
}

function isForThisPage(seq) {
  const shown = rows();
  if (!atEnd) return shown.length > 0 && seq > seqOf(shown[0]) && seq < seqOf(shown.at(-1));
  return !shown.length || seq > seqOf(shown[0]);
}

function say() {
  const live = document.getElementById("annonce");
  const count = toSay.length;
  if (live && count) live.textContent = count > 1 ? `${count} nouveaux messages.` : `Nouveau message de ${toSay[0]}.`;
  toSay = [];
}
setInterval(say, ANNOUNCE_EVERY_MS);

function count() {
  const place = button.parentElement;
  place.hidden = unseen === 0;
  button.textContent = unseen > 1 ? `${unseen} nouveaux messages` : "1 nouveau message";
}

function toEnd() {
  if (!atEnd) {
    window.location.assign(window.location.pathname);
    return;
  }
  unseen = 0;
  count();
  const last = rows().at(-1);
  last?.scrollIntoView({ block: "end" });
}

// Put these messages on the screen: those that are new to it at their place, the others over what they were.
export function show(posts) {
  const follow = atEnd && isNearTheEnd();
  for (const post of posts) {
    const row = new DOMParser().parseFromString(post.html, "text/html").querySelector(".post");
    const known = document.getElementById(row.id);
    if (known && Number(known.dataset.changed) >= post.changed) continue;
    const isNew = post.seq === post.changed && row.dataset.author !== me;
    if (known) replace(known, row);
    else if (isForThisPage(post.seq)) place(row);
    if (!known && isNew) {
      row.classList.add("post--new");
      toSay.push(row.querySelector("strong").textContent);
      if (!follow) unseen += 1;
    }
    if (row.isConnected) draw(row);
  }
  salon.querySelector("[data-empty]")?.remove();
  count();
  if (follow && posts.length) toEnd();
}

export function mine(seq) {
  document.getElementById(`m-${seq}`)?.scrollIntoView({ block: "nearest" });
}

// The right to read is gone: nothing of what was said stays on the screen, but for what one was writing oneself.
export function turnAway() {
  const said = "Ce salon n’est plus ouvert à vous. Actualisez la page.";
  const words = salon.querySelector("textarea")?.value.trim();
  const note = Object.assign(document.createElement("p"), { className: "alert alert--warning", textContent: said });
  const kept = Object.assign(document.createElement("textarea"), { className: "input", readOnly: true, value: words ?? "", ariaLabel: "Ce que vous écriviez" });
  salon.replaceChildren(note, ...(words ? [kept] : []));
  document.getElementById("annonce").textContent = said;
}

export const isSeen = () => atEnd && document.visibilityState === "visible" && isNearTheEnd();

button.addEventListener("click", toEnd);
document.addEventListener("scroll", () => {
  if (unseen && isSeen()) {
    unseen = 0;
    count();
  }
}, { passive: true });
for (const row of rows()) press(row);
