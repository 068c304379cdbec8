// What goes to the server beside the chunks, and what this browser remembers: each person's apart, since the computers of a
// staff room are shared.

import { indexRange } from "./depot-index.js";

const SAMPLE_BYTES = 64 * 1024;
const INDEX_WITHIN_MS = 120_000;
const DRAFTS_KEPT_MS = 7 * 24 * 3600 * 1000; // as long as an upload waits
const TUS = { "Tus-Resumable": "1.0.0" };
const draftsKey = (person) => `partages-depot::${person}`;

export const idOf = (url) => url.replace(/\/$/, "").split("/").at(-1);

// The same film chosen again must be known by its bytes: phones give a copy of a film another date each time.
export async function fingerprint(file) {
  if (!window.crypto?.subtle) return ""; // plain http on a local network
  const ends = new Blob([file.slice(0, SAMPLE_BYTES), file.slice(-SAMPLE_BYTES)]);
  return hex(await crypto.subtle.digest("SHA-256", await ends.arrayBuffer()));
}

const hex = (digest) => [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");

// What the server listed in the page, the latest first.
export function listed(root) {
  return [...root.querySelectorAll("[data-upload]")].map((note) => ({
    id: note.dataset.upload,
    url: new URL(note.dataset.url, location).href,
    name: note.dataset.name,
    size: Number(note.dataset.size),
    percent: Number(note.dataset.percent),
    print: note.dataset.print,
    whole: note.dataset.whole === "yes",
    filmUrl: note.dataset.film || "",
    title: note.dataset.title || "",
  }));
}

// Whether a file is the one of an upload: by its bytes, or by its name where one of the two could not be read.
export function isOf(entry, file, print) {
  if (entry.size !== file.size) return false;
  return entry.print && print ? entry.print === print : entry.name === file.name;
}

// The index of the film, ahead of the chunks. Whatever fails here is no fault: the film then arrives as any other.
// `onProgress(sent, bytes)`: what has left of it; `signal` gives it up.
export async function sendIndex(file, url, headers, { onProgress, signal }) {
  try {
    const range = await indexRange(file);
    if (!range || !window.crypto?.subtle) return;
    const bytes = await file.slice(range.start, range.end).arrayBuffer();
    const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
    const told = { "Upload-Offset": String(range.start), "Upload-Checksum": `sha256 ${btoa(String.fromCharCode(...digest))}` };
    const all = { ...headers, ...TUS, ...told, "Content-Type": "application/offset+octet-stream" };
    if (!signal.aborted) await put(url, all, bytes, { onProgress, signal });
  } catch {
    // too slow, or cut: the chunks say so if it lasts
  }
}

// Not by fetch, which does not say what has left.
function put(url, headers, body, { onProgress, signal }) {
  return new Promise((resolve) => {
    const request = new XMLHttpRequest();
    request.open("PUT", url);
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
    request.timeout = INDEX_WITHIN_MS;
    request.upload.addEventListener("progress", (event) => onProgress(event.loaded, body.byteLength));
    request.addEventListener("loadend", resolve); // whatever came of it
    signal.addEventListener("abort", () => request.abort());
    request.send(body);
  });
}

// `keepalive`: also said when the page is being left. If it is lost, the upload expires there.
export function abandon(url, headers) {
  return fetch(url, { method: "DELETE", headers: { ...headers, ...TUS }, keepalive: true }).catch(() => {});
}

// --- What was typed beside a film, kept until the server knows it -----------------------------------------------------
function drafts(person) {
  try {
    const kept = Object.entries(JSON.parse(localStorage.getItem(draftsKey(person))) ?? {});
    return Object.fromEntries(kept.filter(([, draft]) => Date.now() - draft.at < DRAFTS_KEPT_MS));
  } catch {
    return {}; // unreadable: dropped like an old one
  }
}

export const draftOf = (person, key) => drafts(person)[key]?.fields ?? {};

export function keepDraft(person, key, fields) {
  if (key) store(person, { ...drafts(person), [key]: { at: Date.now(), fields } });
}

export function dropDraft(person, key) {
  const { [key]: _, ...others } = drafts(person);
  store(person, others);
}

function store(person, all) {
  try {
    localStorage.setItem(draftsKey(person), JSON.stringify(all));
  } catch {
    // no room, or private browsing: what was typed stays in the page
  }
}
