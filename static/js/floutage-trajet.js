// The way of an area through a film: points [second, left, top, width, height] in the order of time, in shares of the
// picture. Between two points it moves straight; before the first and after the last it stands still.

export const SMALLEST = 0.01;
const SAME_S = 0.02; // two points so near in time are one

const round = (number, digits) => Number(number.toFixed(digits));

export function boxAt(path, at) {
  const after = path.findIndex((point) => point[0] >= at);
  if (after === -1) return path.at(-1).slice(1);
  if (after === 0) return path[0].slice(1);
  const [first, last] = [path[after - 1], path[after]];
  const share = (at - first[0]) / (last[0] - first[0] || 1);
  return first.slice(1).map((value, n) => value + (last[n + 1] - value) * share);
}

// The same way, through `box` at that second.
export function through(path, at, box) {
  const second = round(at, 3);
  const others = path.filter((point) => Math.abs(point[0] - second) > SAME_S);
  return [...others, [second, ...box.map((value) => round(value, 4))]].sort((a, b) => a[0] - b[0]);
}

// A box that stays inside the picture, and large enough to hide something.
export function inside([x, y, width, height]) {
  const [w, h] = [width, height].map((side) => Math.min(1, Math.max(SMALLEST, side)));
  return [Math.min(1 - w, Math.max(0, x)), Math.min(1 - h, Math.max(0, y)), w, h];
}

// A second as one types it: 0:03,25.
export function exact(seconds) {
  const cents = Math.round(Math.max(0, seconds) * 100);
  const [whole, rest] = [Math.floor(cents / 100), cents % 100];
  const [hours, minutes, last] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const two = (number) => String(number).padStart(2, "0");
  const clock = hours ? `${hours}:${two(minutes)}:${two(last)}` : `${minutes}:${two(last)}`;
  return rest ? `${clock},${two(rest)}`.replace(/0$/, "") : clock;
}

export function secondsOf(text) {
  const parts = text.trim().replace(",", ".").split(":").map(Number);
  return parts.some((part) => !Number.isFinite(part)) ? Number.NaN : parts.reduce((sum, part) => 60 * sum + part, 0);
}

const percent = (share) => Math.round(100 * share);

export function words([x, y, width, height]) {
  return `à ${percent(x)} % de la gauche et ${percent(y)} % du haut, ${percent(width)} % de large, ${percent(height)} % de haut`;
}
