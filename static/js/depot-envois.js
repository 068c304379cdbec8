// The uploads that this browser remembers, each person's apart: computers of a staff room are shared.

const TUS = { "Tus-Resumable": "1.0.0" };
const storage = () => window.tus.defaultOptions.urlStorage;
const draftKey = (person) => `partages-depot::${person}`;

export const idOf = (url) => url.replace(/\/$/, "").split("/").at(-1);

export function fingerprintFor(person) {
  return (file) => Promise.resolve(["partages", person, file.name, file.size, file.lastModified].join("-"));
}

// Where the server stands with one upload: {offset, length}, "gone" if it no longer knows it, null if nobody answers.
async function ask(url) {
  try {
    const answer = await fetch(url, { method: "HEAD", headers: TUS });
    if (!answer.ok || !answer.headers.has("Upload-Offset")) return "gone";
    return { offset: Number(answer.headers.get("Upload-Offset")), length: Number(answer.headers.get("Upload-Length")) };
  } catch {
    return null;
  }
}

// This person's uploads that the server still keeps, the latest first. Those that it no longer knows are forgotten.
export async function unfinished(person) {
  const all = await storage().findAllUploads();
  const mine = all.filter((entry) => entry.urlStorageKey.startsWith(`tus::partages-${person}-`));
  const known = mine.filter((entry) => entry.uploadUrl && new URL(entry.uploadUrl).origin === location.origin);
  known.sort((a, b) => new Date(b.creationTime) - new Date(a.creationTime));
  const kept = [];
  for (const entry of known) {
    const place = await ask(entry.uploadUrl);
    if (place === "gone") await storage().removeUpload(entry.urlStorageKey);
    else kept.push({ ...entry, place, id: idOf(entry.uploadUrl) });
  }
  return kept;
}

export async function abandon(entry, headers) {
  await storage().removeUpload(entry.urlStorageKey);
  await window.tus.Upload.terminate(entry.uploadUrl, { headers, retryDelays: null }).catch(() => {}); // else it expires there
}

// What was typed beside an upload, kept until that upload has become a film or has gone.
export function keepDraft(person, draft) {
  localStorage.setItem(draftKey(person), JSON.stringify(draft));
}

export function draftOf(person, ids) {
  try {
    const draft = JSON.parse(localStorage.getItem(draftKey(person)));
    if (draft && ids.includes(draft.upload)) return draft;
  } catch {
    // an unreadable draft is dropped like an old one
  }
  localStorage.removeItem(draftKey(person));
  return null;
}
