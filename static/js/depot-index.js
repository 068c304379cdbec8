// Where the index of a film lies: the box `moov` of MP4 and MOV, that phones write after the pictures. Pure: it reads, and sends nothing.
// Format: ISO/IEC 14496-12 (a box: 32 bits of size, 4 letters, then 64 bits of size if the first was 1; size 0: up to the end).

export const INDEX_MAX_BYTES = 64 * 1024 * 1024; // what the server takes
const BOXES_MAX = 64; // before the pictures are past; a fragmented film has its index first
const FIRST = new Set(["ftyp", "styp", "wide", "free", "skip", "mdat", "moov", "pnot", "uuid"]);

async function boxAt(file, at) {
  const head = new DataView(await file.slice(at, at + 16).arrayBuffer());
  if (head.byteLength < 8) return null;
  const kind = String.fromCharCode(head.getUint8(4), head.getUint8(5), head.getUint8(6), head.getUint8(7));
  let [size, least] = [head.getUint32(0), 8];
  if (size === 0) size = file.size - at;
  if (size === 1) [size, least] = [head.byteLength < 16 ? 0 : Number(head.getBigUint64(8)), 16];
  return size < least || at + size > file.size ? null : { kind, at, end: at + size };
}

// The range to send ahead, `{ start, end }`, or null: no such film, broken, or its index comes first and needs nothing.
export async function indexRange(file, most = INDEX_MAX_BYTES) {
  let picturesPassed = false;
  for (let at = 0, count = 0; count < BOXES_MAX; count += 1) {
    const box = await boxAt(file, at);
    if (!box || (at === 0 && !FIRST.has(box.kind))) return null;
    if (box.kind === "moov") return picturesPassed ? rangeOf(box, file, most) : null;
    picturesPassed ||= box.kind === "mdat";
    at = box.end;
  }
  return null;
}

function rangeOf(box, file, most) {
  if (file.size - box.at <= most) return { start: box.at, end: file.size }; // what follows is short: let it come along
  return box.end - box.at <= most ? { start: box.at, end: box.end } : null;
}
