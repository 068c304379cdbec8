// A form is left by Escape, or by its own link: what was typed in it is kept.

import { isKept, keep } from "./brouillons.js";

function leave(form) {
  if (isKept(form)) keep(form);
  if (form.matches("[data-moment-form]")) {
    document.querySelector("lecteur-video [data-action=toggle]")?.focus();
    return;
  }
  form.closest(".moment")?.focus();
  if (!form.querySelector("textarea").value.trim() || isKept(form)) form.remove();
}

document.addEventListener("keydown", (event) => {
  const form = event.key === "Escape" && !event.defaultPrevented && event.target.closest("[data-moment-form], [data-words-form]");
  if (form) leave(form);
});

document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-close]");
  if (!link) return;
  event.preventDefault();
  const form = link.closest("form");
  form.closest(".moment")?.focus();
  form.remove();
});
