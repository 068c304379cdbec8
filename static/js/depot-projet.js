// A recording project made beside the films, without leaving the page that sends them. Without this script: its own page.

const HX = { "HX-Request": "true" };
const DOWN = "Le serveur ne répond pas. Rien n’est perdu\u00a0: réessayez dans un instant.";

export class ProjectDialog {
  // `onMade(id, title, select)`: the project is there; `select` is the field beside which it was asked for.
  constructor(dialog, onMade) {
    this.dialog = dialog;
    this.onMade = onMade;
    this.place = dialog.querySelector("[data-project-form]");
    this.said = dialog.querySelector("[data-project-said]");
    document.addEventListener("click", (event) => this.clicked(event));
    dialog.addEventListener("submit", (event) => this.submitted(event));
  }

  clicked(event) {
    const link = event.target.closest("a");
    if (link?.matches("[data-project]")) {
      event.preventDefault();
      this.open(link);
    } else if (link && this.place.contains(link)) { // « Annuler »: what was typed stays for the next time
      event.preventDefault();
      this.dialog.close();
    }
  }

  async open(link) {
    this.select = link.closest(".depot__project").querySelector("select");
    this.said.textContent = "";
    this.dialog.showModal();
    if (this.place.firstElementChild) return;
    const answer = await fetch(link.href, { headers: HX }).catch(() => null);
    if (answer?.ok && !answer.redirected) this.draw(await answer.text());
    else this.said.textContent = DOWN;
  }

  draw(form) {
    this.place.innerHTML = form;
    this.said.textContent = "";
    const first = this.place.querySelector("[aria-invalid='true']") ?? this.place.querySelector("input:not([type=hidden])");
    first?.focus();
  }

  async submitted(event) {
    event.preventDefault();
    const form = event.target;
    const typed = new FormData(form);
    const answer = await fetch(form.action, { method: "POST", body: typed, headers: HX }).catch(() => null);
    const id = answer?.redirected && answer.ok && /\/captations\/([0-9a-f-]{36})\/$/.exec(new URL(answer.url).pathname)?.[1];
    if (id) {
      this.place.replaceChildren();
      this.dialog.close();
      this.onMade(id, typed.get("title"), this.select);
    } else if (answer?.status === 422) this.draw(await answer.text());
    else this.said.textContent = DOWN;
  }
}
