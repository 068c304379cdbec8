// The uploads under way: those that the server says it keeps, and what this browser remembers of them, each person's apart,
// since the computers of a staff room are shared.

const SAMPLE_BYTES = 64 * 1024;
const draftKey = (person) => `partages-depot::${person}`;

export const idOf = (url) => url.replace(/\/$/, "").split("/").at(-1);

// The same film chosen again must be known by its bytes: phones give a copy of a film another date each time.
export function fingerprintFor(person) {
  return async (file) => ["partages", person, file.name, file.size, await sampleOf(file)].join("-");
}

async function sampleOf(file) {
  if (!window.crypto?.subtle) return file.lastModified; // plain http on a local network
  const ends = new Blob([file.slice(0, SAMPLE_BYTES), file.slice(-SAMPLE_BYTES)]);
  const digest = await crypto.subtle.digest("SHA-256", await ends.arrayBuffer());
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

// What the server listed in the page, the latest first.
export function listed(form) {
  return [...form.querySelectorAll("[data-upload]")].map((note) => ({
    note,
    id: note.dataset.upload,
    uploadUrl: new URL(note.dataset.url, location).href,
    name: note.dataset.name,
    size: Number(note.dataset.size),
    whole: note.dataset.whole === "yes",
    filmUrl: note.dataset.film || "",
  }));
}

// The upload to go on with: known by its bytes in this browser, else by its name and size from another one.
export async function resumable(upload, file, entries) {
  const known = await upload.findPreviousUploads();
  const kept = known.filter((previous) => entries.some((entry) => entry.uploadUrl === previous.uploadUrl));
  return kept.at(-1) ?? entries.find((entry) => entry.name === file.name && entry.size === file.size && !entry.whole);
}

export async function abandon(url, headers) {
  const storage = window.tus.defaultOptions.urlStorage;
  for (const entry of await storage.findAllUploads()) if (entry.uploadUrl === url) await storage.removeUpload(entry.urlStorageKey);
  await window.tus.Upload.terminate(url, { headers, retryDelays: null }).catch(() => {}); // else it expires there
}

// What was typed beside an upload, kept until that upload has become a film or has gone.
export function keepDraft(person, draft) {
  localStorage.setItem(draftKey(person), JSON.stringify(draft));
}

export function draftOf(person, entries) {
  try {
    const draft = JSON.parse(localStorage.getItem(draftKey(person)));
    if (draft && entries.some((entry) => entry.id === draft.upload)) return draft;
  } catch {
    // an unreadable draft is dropped like an old one
  }
  localStorage.removeItem(draftKey(person));
  return null;
}
