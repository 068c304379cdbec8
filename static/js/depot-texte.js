// What the deposit says about bytes and time left, in French.

const NBSP = "\u00a0";
const number = (value, digits) => value.toLocaleString("fr-FR", { maximumFractionDigits: digits, minimumFractionDigits: digits });

export function size(bytes) {
  if (bytes >= 2 ** 30) return `${number(bytes / 2 ** 30, 1)}${NBSP}Go`;
  if (bytes >= 2 ** 20) return `${number(bytes / 2 ** 20, 1)}${NBSP}Mo`;
  return `${number(Math.ceil(bytes / 2 ** 10), 0)}${NBSP}ko`;
}

export function left(seconds) {
  if (seconds < 10) return "encore quelques secondes";
  if (seconds < 55) return `encore ${Math.ceil(seconds / 10) * 10}${NBSP}secondes environ`;
  if (seconds < 90) return "encore une minute environ";
  if (seconds < 3600) return `encore ${Math.round(seconds / 60)}${NBSP}minutes environ`;
  const minutes = Math.round(seconds / 60);
  return `encore ${Math.floor(minutes / 60)}${NBSP}h${NBSP}${String(minutes % 60).padStart(2, "0")} environ`;
}

// The mean speed of the last seconds: the whole mean would hide a network that has just slowed down.
export class Speed {
  constructor(overMs = 8000) {
    this.overMs = overMs;
    this.marks = [];
  }

  mark(bytes, now = performance.now()) {
    this.marks.push([now, bytes]);
    while (this.marks.length > 2 && now - this.marks[0][0] > this.overMs) this.marks.shift();
  }

  perSecond() {
    if (this.marks.length < 2) return 0;
    const [first, last] = [this.marks[0], this.marks.at(-1)];
    return last[0] > first[0] ? Math.max(0, ((last[1] - first[1]) * 1000) / (last[0] - first[0])) : 0;
  }
}
