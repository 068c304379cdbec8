// What a page knows of a salon, merged with what it is told, in whatever order and however often it comes.
// The same rules as `Known` in networks/salons/rules.py; a test plays both.

export class Known {
  constructor(cursor = 0) {
    this.cursor = cursor;
    this.changed = new Map(); // of each message, by its seq: the number of its last change
  }

  note(seq, changed) {
    if (changed <= (this.changed.get(seq) ?? 0)) return false;
    this.changed.set(seq, changed);
    return true;
  }

  // Take the changes from `since` to `seq`. Returns the messages that are news; `hole`: something is missing before them.
  hear({ since, seq, posts }) {
    const news = posts.filter((post) => this.note(post.seq, post.changed));
    const hole = since > this.cursor;
    if (!hole) this.cursor = Math.max(this.cursor, seq);
    return { news, hole };
  }
}
