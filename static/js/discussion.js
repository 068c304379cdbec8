// The discussion beside a film: the box to write in, what others say meanwhile, what is said now.

import "./discussion-moment.js";
import "./discussion-direct.js";
import "./discussion-suivi.js";

// What helps to write is fetched once one is about to: most people watch.
async function help(words) {
  document.removeEventListener("focusin", begun);
  const before = words.value;
  await Promise.all([import("./discussion-quitter.js"), import("./discussion-noms.js")]);
  if (words.value !== before) words.dispatchEvent(new Event("input", { bubbles: true })); // typed while it came
}

function begun({ target }) {
  if (target.matches("[data-moment-form] *, [data-words-form] *")) help(target);
}

document.addEventListener("focusin", begun);
if (document.activeElement) begun({ target: document.activeElement });
