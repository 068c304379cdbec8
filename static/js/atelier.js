// The workshop of paths: modules and steps are dragged to their place. Without this module, « Monter » and « Descendre » do it.

const HANDLE = "[data-etape], [data-module]";
let dragged;

const kindOf = (item) => ("etape" in item.dataset ? "etape" : "module");

for (const item of document.querySelectorAll(HANDLE)) item.draggable = true;

function listOf(item) {
  return item.closest(kindOf(item) === "etape" ? ".atelier-etapes" : ".atelier-modules");
}

// Before what, in which list, the dragged item would be put.
function placeAt(event) {
  const list = event.target.closest?.(dragged.list);
  const within = list ?? event.target.closest?.(".atelier-module")?.querySelector(dragged.list);
  if (!within) return undefined;
  const others = [...within.children].filter((one) => one !== dragged.item && one.matches(`[data-${dragged.kind}]`));
  const before = others.find((one) => {
    const box = one.getBoundingClientRect();
    return event.clientY < box.top + box.height / 2;
  });
  return { within, before, place: before ? others.indexOf(before) : others.length };
}

document.addEventListener("dragstart", (event) => {
  const item = event.target.closest?.(HANDLE);
  if (!item) return;
  const kind = kindOf(item);
  dragged = { item, kind, list: `.${listOf(item).className}`, from: listOf(item), next: item.nextElementSibling };
  event.dataTransfer.effectAllowed = "move";
  event.dataTransfer.setData("text/plain", item.id);
});

document.addEventListener("dragover", (event) => {
  const found = dragged && placeAt(event);
  if (!found) return;
  event.preventDefault();
  found.within.insertBefore(dragged.item, found.before ?? null);
});

document.addEventListener("drop", (event) => {
  const found = dragged && placeAt(event);
  if (!found) return;
  event.preventDefault();
  const { item, kind } = dragged;
  const form = item.querySelector(`form[action*="/deplacer/"]`); // the first: its own
  const sent = document.createElement("form");
  Object.assign(sent, { method: "post", action: form.action });
  sent.append(form.querySelector("[name=csrfmiddlewaretoken]").cloneNode());
  const fields = { place: found.place };
  if (kind === "etape") fields.module = found.within.closest("[data-module]").dataset.module;
  for (const [name, value] of Object.entries(fields)) {
    sent.append(Object.assign(document.createElement("input"), { type: "hidden", name, value }));
  }
  document.body.append(sent);
  dragged = undefined;
  sent.requestSubmit();
});

// Let go elsewhere: it goes back where it was.
document.addEventListener("dragend", () => {
  if (dragged) dragged.from.insertBefore(dragged.item, dragged.next);
  dragged = undefined;
});
