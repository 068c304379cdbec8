// Dragging with pointer events: with a mouse from anywhere on a chip, with a finger from its handle, so that the rest
// of it still scrolls the page.

const STARTS_AFTER = 6; // pixels: less is a click
const EDGE = 60; // pixels from the top or the bottom of the window, where the page scrolls by itself
const SCROLL = 14; // pixels a frame

export function follow({ chipOf, begin, over, end }) {
  let from, shade, x, y, frame;

  function draw() {
    frame = undefined;
    if (!shade) return;
    if (y < EDGE) window.scrollBy(0, -SCROLL);
    else if (y > window.innerHeight - EDGE) window.scrollBy(0, SCROLL);
    shade.style.transform = `translate(${x + 12}px, ${y + 12}px)`;
    const found = over(document.elementFromPoint(x, y));
    shade.dataset.avis = found?.kind ?? "";
    shade.lastChild.textContent = found?.words ?? "";
    if (y < EDGE || y > window.innerHeight - EDGE) frame = requestAnimationFrame(draw);
  }

  function start() {
    shade = Object.assign(document.createElement("div"), { className: "tableau__ombre" });
    const name = Object.assign(document.createElement("strong"), { textContent: from.chip.dataset.nom });
    shade.append(name, document.createElement("span"));
    shade.ariaHidden = "true";
    document.body.append(shade);
    begin(from.chip);
  }

  function stop() {
    shade?.remove();
    shade = from = undefined;
  }

  document.addEventListener("pointerdown", (event) => {
    const chip = chipOf(event.target);
    if (!chip || event.button || !event.isPrimary) return;
    if (event.pointerType === "touch" && !event.target.closest(".tableau__prise")) return;
    from = { chip, x: event.clientX, y: event.clientY, id: event.pointerId };
  });
  document.addEventListener("pointermove", (event) => {
    if (!from || event.pointerId !== from.id) return;
    x = event.clientX;
    y = event.clientY;
    if (!shade && Math.hypot(x - from.x, y - from.y) > STARTS_AFTER) start();
    if (shade) frame ??= requestAnimationFrame(draw);
  });
  document.addEventListener("pointerup", (event) => {
    if (!from || event.pointerId !== from.id) return;
    const dragged = Boolean(shade);
    stop();
    if (!dragged) return;
    // The click that follows is the end of this gesture, not another one.
    const swallow = (click) => { click.stopPropagation(); click.preventDefault(); };
    document.addEventListener("click", swallow, { capture: true, once: true });
    setTimeout(() => document.removeEventListener("click", swallow, { capture: true }), 0);
    end(document.elementFromPoint(event.clientX, event.clientY));
  });
  for (const name of ["pointercancel", "blur"]) window.addEventListener(name, () => { if (shade) end(); stop(); });
  document.addEventListener("keydown", (event) => { if (event.key === "Escape" && shade) stop(); }, { capture: true });
}
