// What the deposit says, in French: bytes, time left, states, and why a film has stopped.

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

// --- The states of a film -----------------------------------------------------------------------------------------------
export const STATES = {
  queued: "Attend son tour.",
  sending: "Envoi en cours.",
  paused: "Envoi en pause. Rien n’est perdu.",
  offline: "Réseau coupé. L’envoi reprendra tout seul.",
  lacking: "Un envoi n’est pas terminé. Choisissez de nouveau le même fichier pour reprendre où il s’est arrêté.",
  arrived: "Le fichier est arrivé. Il reste à le déposer.",
  deposited: "Déposé.",
  dropped: "Envoi abandonné.",
  failed: "",
  refused: "",
};
export const NOTED = "C’est noté\u00a0: le film sera préparé dès la fin de l’envoi. Gardez cette page ouverte.";
const ENDED = "Votre session a pris fin. Connectez-vous dans un autre onglet, puis reprenez l’envoi.";
const TOLD = new Set([403, 413, 507]); // what the server refuses in words for people

export function refusalOf(file, most) {
  if (!file.size) return "Ce fichier est vide.";
  if (file.size > most) return `Ce fichier pèse ${size(file.size)}\u00a0: la limite est de ${size(most)}.`;
  if (/^(image|audio|text)\/|^application\/pdf/.test(file.type)) return "Ce fichier n’est pas un film. Choisissez une vidéo.";
  return "";
}

// Why an upload has stopped: `gone` if the server no longer knows it, `again` if going on makes sense.
export function whyBroken(error) {
  const answer = error.originalResponse;
  const status = answer?.getStatus() ?? 0;
  const landed = answer?.getUnderlyingObject()?.responseURL;
  const words = answer && told(status, answer.getHeader("Content-Type"), answer.getBody());
  if (status === 404 || status === 410) return { gone: true };
  if (landed && new URL(landed).pathname !== new URL(error.originalRequest.getURL(), location).pathname) return { text: ENDED, again: true };
  if (status === 403 && !words) return { text: "Votre session a changé. Actualisez la page, puis choisissez de nouveau le même fichier.", again: true };
  if (status === 409 || status === 423) return { text: "Cet envoi est déjà en cours dans un autre onglet ou sur un autre appareil.", again: true };
  if (status >= 400 && status < 500) return { text: words || "Ce fichier ne peut pas être reçu.", again: false };
  return { text: words || "L’envoi s’est arrêté\u00a0: le serveur ne répond pas. Reprenez quand la connexion est revenue.", again: true };
}

function told(status, type, body) {
  return (type || "").startsWith("text/plain") && TOLD.has(status) ? body.slice(0, 300) : "";
}

// What is said to the second of two tabs that describe the same film.
export function depositedAs(title, dropped) {
  const lost = dropped === title ? "Le groupe et le projet choisis ici n’ont pas été gardés." : `Le titre «\u00a0${dropped}\u00a0», écrit ici, n’a pas été gardé.`;
  return `Ce film est déjà déposé, depuis un autre onglet, sous le titre «\u00a0${title}\u00a0». ${lost} Sa page permet de changer le titre et qui le voit.`;
}

// What is said when the title and the group could not be written down.
export function sentenceOf(answer, isArrived) {
  if (answer?.redirected) return ENDED;
  if (!isArrived) return NOTED; // tried again when the film has arrived
  return "Le film n’a pas pu être déposé\u00a0: le serveur ne répond pas. Rien n’est perdu, réessayez.";
}

export function summary(done, all) {
  if (all < 2 || !done) return "";
  if (done === all) return `Vos ${all} films sont déposés. Vous pouvez fermer cette page.`;
  return `${done === 1 ? "1 film déposé" : `${done} films déposés`} sur ${all}.`;
}
