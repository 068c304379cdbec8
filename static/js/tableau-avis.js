// What the page knows of who can take what: the server wrote it, with its reasons, and checks again what one does.

const FIRST_RULE = "a".charCodeAt(0);

export class Avis {
  constructor(data) {
    this.data = data;
    this.at = new Map(data.people.map((pk, number) => [String(pk), number]));
  }

  // What it would be to give a class to somebody; `from` is the class that they would leave for it.
  of(person, row, from) {
    const one = this.data.classes[row.dataset.classe];
    const number = this.at.get(person);
    if (!one || number === undefined) return { kind: "non", words: "Rechargez la page pour le savoir." };
    if (row.querySelector(`[data-prendre="${person}"]`)) return { kind: "ici", words: "Prend cette classe." };
    const code = one.can[number];
    if (code >= "a") return { kind: "non", words: `Impossible : ${this.data.rules[code.charCodeAt(0) - FIRST_RULE]}.` };
    for (const moment of one.moments) {
      const [other, words] = this.data.taken[person]?.[moment] ?? [];
      if (other !== undefined && String(other) !== from) return { kind: "non", words: `Impossible : ${words}.` };
    }
    const how = `${one.km[number]} km, ${this.data.fits[Number(code)]}`;
    const locks = [row, from && document.getElementById(`classe-${from}`)].filter((each) => each?.dataset.verrou);
    if (locks.length) return { kind: "verrou", words: `Possible : ${how}. Lève le verrou de ${locks.map((each) => each.dataset.verrou).join(" et de ")}.` };
    return { kind: "oui", words: `Possible : ${how}.` };
  }

  learn(taken) {
    Object.assign(this.data.taken, taken);
  }
}
