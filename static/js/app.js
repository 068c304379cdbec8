// What every page needs, and no more: say what has just happened, put the focus where it helps, close the menus.

const FOCUSABLE = "[aria-invalid='true'], input:not([type='hidden']), select, textarea, button, a[href], [tabindex]";
const live = document.getElementById("annonce");

function announce(text) {
  if (!live || !text) return;
  live.textContent = "";
  setTimeout(() => { live.textContent = text; }, 100); // the same text twice is read twice
}

// The server marks its answer: data-annonce says what to read aloud, data-focus where to go next.
function settle() {
  const said = [...document.querySelectorAll("[data-annonce]")];
  announce(said.map((element) => element.dataset.annonce).join(" "));
  for (const element of said) element.removeAttribute("data-annonce");

  const marked = [...document.querySelectorAll("[data-focus]")];
  for (const element of marked) element.removeAttribute("data-focus");
  const target = marked[0]?.matches(FOCUSABLE) ? marked[0] : marked[0]?.querySelector(FOCUSABLE);
  target?.focus();
}

// The network or the server failed: say so where one looks, and lose nothing of the page.
function failed() {
  const template = document.getElementById("panne");
  const place = document.getElementById("messages");
  if (!template || !place) return;
  place.replaceChildren(template.content.cloneNode(true));
  announce(place.textContent.trim());
}

document.addEventListener("htmx:after:settle", settle);
document.addEventListener("htmx:finally:request", settle);
document.addEventListener("htmx:error", failed);
document.addEventListener("htmx:response:error", (event) => {
  const status = event.detail.ctx.response.status;
  if (status !== 422 && status !== 409) failed(); // those two bring their own explanation
});

const openMenus = () => document.querySelectorAll("details.menu[open]");

document.addEventListener("click", (event) => {
  for (const menu of openMenus()) if (!menu.contains(event.target)) menu.open = false;
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of openMenus()) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});
document.addEventListener("focusin", (event) => {
  for (const menu of openMenus()) if (!menu.contains(event.target)) menu.open = false;
});

settle();
