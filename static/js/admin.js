// Fields with suggestions (select2, from Django's admin) have no accessible name of their own: lend them their label.
const lend = () => {
  for (const select of document.querySelectorAll("select.admin-autocomplete")) {
    const label = document.querySelector(`label[for="${select.id}"]`);
    const box = select.nextElementSibling;
    if (!label || !box?.classList.contains("select2")) continue;
    label.id ||= `${select.id}-label`;
    const chosen = box.querySelector(".select2-selection__rendered");
    box.querySelector(".select2-selection").setAttribute("aria-labelledby", `${label.id} ${chosen.id}`);
    chosen.setAttribute("aria-labelledby", label.id);
  }
};

window.django?.jQuery?.(lend); // after the callback by which the admin makes them
document.addEventListener("formset:added", () => setTimeout(lend));
