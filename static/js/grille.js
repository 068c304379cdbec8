// The grid of placements: arrows go from cell to cell, Enter or a click opens one beside it. Without this module, the
// links of classes and days lead to the same buttons.

let last; // the cell where one was: « class, half-day »

const table = () => document.querySelector(".stages-grille");
const rows = () => [...table().tBodies[0].rows];
const moments = () => [...table().querySelectorAll("th[data-moment]")].map((head) => head.dataset.moment);
const keyOf = (cell) => `${cell.parentElement.dataset.classe} ${moments()[cell.cellIndex - 1]}`;

function cellAt(key) {
  const [pk, moment] = (key || "").split(" ");
  const row = rows().find((one) => one.dataset.classe === pk);
  return row?.cells[moments().indexOf(moment) + 1];
}

// One cell of the grid is in the order of tabulation, and the arrows say which.
function stand(cell, focus = true) {
  for (const one of table().querySelectorAll("td[tabindex='0']")) one.tabIndex = -1;
  cell.tabIndex = 0;
  if (focus) cell.focus();
}

function dress() {
  if (!table()) return;
  table().setAttribute("role", "grid");
  for (const row of rows()) for (const cell of row.cells) if (cell.tagName === "TD") cell.tabIndex = -1;
  const cell = cellAt(last) || table().querySelector("tbody td");
  if (cell) stand(cell, false);
  document.querySelector("[data-touches]").hidden = false;
}

function open(cell) {
  last = keyOf(cell);
  const [pk, moment] = last.split(" ");
  const url = table().dataset.case.replace("/0/0/", `/${pk}/${moment}/`);
  window.htmx.ajax("GET", url, { target: "#case", swap: "innerHTML" });
}

const STEPS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

function walk(event, cell) {
  const row = cell.parentElement, all = rows(), width = moments().length;
  let line = all.indexOf(row), column = cell.cellIndex;
  if (event.key in STEPS) {
    line += STEPS[event.key][0];
    column += STEPS[event.key][1];
  } else if (event.key === "Home") column = 1;
  else if (event.key === "End") column = width;
  else if (event.key === "PageUp") line = Math.max(0, line - 10);
  else if (event.key === "PageDown") line = Math.min(all.length - 1, line + 10);
  else return;
  event.preventDefault();
  const next = column > 0 ? all[line]?.cells[column] : undefined;
  if (next) stand(next);
}

document.addEventListener("click", (event) => {
  const cell = event.target.closest?.(".stages-grille tbody td");
  if (cell) {
    stand(cell);
    open(cell);
  }
});

document.addEventListener("keydown", (event) => {
  const cell = event.target.closest?.(".stages-grille tbody td");
  if (event.key === "Escape" && event.target.closest?.("#case") && last) {
    event.preventDefault();
    document.getElementById("case").replaceChildren();
    stand(cellAt(last));
  } else if (cell && (event.key === "Enter" || event.key === " ")) {
    event.preventDefault();
    open(cell);
  } else if (cell) walk(event, cell);
});

// The whole grid came again, after a gesture: one stands where one was, unless the server says where to look.
document.addEventListener("htmx:after:settle", () => {
  if (!table() || table().getAttribute("role") === "grid") return;
  dress();
  if (last && !document.activeElement?.closest?.("#grille")) cellAt(last)?.focus();
});

dress();
