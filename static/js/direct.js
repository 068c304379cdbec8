// Whether what is on the screen may still be seen is asked again and again: a WebSocket tells at once that it may not,
// or that something has changed; without a WebSocket, a plain request goes every four seconds.

const ASK_EVERY_MS = 4000;
const LONGEST_PAUSE_MS = 30_000;
const OPEN = 1;
const OVER = new Set([4401, 4404]);

export class Direct {
  // `ask` brings what is new, and answers false once nothing may be seen any more: then `gone` takes it off the screen.
  constructor(address, { ask, gone, heard = () => {}, left = () => {} }) {
    Object.assign(this, { address, ask, gone, heard, left, failures: 0 });
    this.timer = setInterval(() => this.askIfDeaf(), ASK_EVERY_MS);
    this.shown = () => this.askIfDeaf();
    document.addEventListener("visibilitychange", this.shown);
    this.listen();
  }

  listen() {
    if (this.socket || this.over) return;
    const address = new URL(this.address, window.location.href);
    address.protocol = address.protocol.replace("http", "ws");
    try {
      this.socket = new WebSocket(address);
    } catch {
      return; // none to be had here: the page asks by itself
    }
    this.socket.addEventListener("message", (event) => {
      this.failures = 0;
      this.heard(JSON.parse(event.data));
    });
    this.socket.addEventListener("close", (event) => this.closed(event.code));
  }

  closed(code) {
    this.socket = undefined;
    this.left();
    if (this.over) return;
    this.failures += 1;
    if (OVER.has(code)) this.check(); // the request says what this page may still show
    else setTimeout(() => this.listen(), Math.min(1000 * 2 ** this.failures, LONGEST_PAUSE_MS) * (0.5 + Math.random() / 2));
  }

  askIfDeaf() {
    if (this.socket?.readyState !== OPEN && document.visibilityState === "visible") this.check();
  }

  async check() {
    if (this.asking) return this.asking.then(() => this.check());
    if (this.over) return undefined;
    this.asking = this.ask().finally(() => { this.asking = undefined; });
    const visible = await this.asking;
    if (!visible && !this.over) {
      this.stop();
      this.gone();
    }
    return undefined;
  }

  stop() {
    this.over = true;
    clearInterval(this.timer);
    document.removeEventListener("visibilitychange", this.shown);
    this.socket?.close();
  }
}
