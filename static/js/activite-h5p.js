// Plays an H5P package, in a frame that has no origin: what it comes to is told to the page around it, which believes
// a height and a number, and nothing else. A script of the package could say the same: it is the learner's own word.
(() => {
  const { fichiers, page, cadreJs, cadreCss } = document.currentScript.dataset;
  const tell = (what) => window.parent.postMessage(what, page);

  // Without origin there is no storage, and asking for it throws: libraries are given one that forgets.
  for (const name of ["localStorage", "sessionStorage"]) {
    const kept = new Map();
    const storage = {
      getItem: (key) => kept.get(String(key)) ?? null,
      setItem: (key, value) => void kept.set(String(key), String(value)),
      removeItem: (key) => void kept.delete(String(key)),
      clear: () => kept.clear(),
      key: (rank) => [...kept.keys()][rank] ?? null,
      get length() { return kept.size; },
    };
    Object.defineProperty(window, name, { value: storage, configurable: true });
  }

  // No policy holds calls between browsers, which no activity needs. One that insists gets one all the same, by a frame
  // of its own: see the limits in docs/decisions/0049-h5p.md.
  for (const name of ["RTCPeerConnection", "webkitRTCPeerConnection"]) delete window[name];

  // The whole activity, not a question within it.
  function heard(event) {
    const statement = event.data.statement;
    const verb = statement.verb?.id ?? "";
    const within = statement.context?.contextActivities?.parent ?? [];
    if (within.length || !/\/(completed|answered|passed|failed)$/.test(verb)) return;
    const { raw, max } = statement.result?.score ?? {};
    const percent = raw >= 0 && max > 0 ? Math.round((100 * Math.min(raw, max)) / max) : null;
    tell({ activite: "fini", percent });
  }

  async function play() {
    const place = document.getElementById("activite");
    const measured = () => tell({ activite: "hauteur", pixels: Math.ceil(document.body.getBoundingClientRect().height) });
    new ResizeObserver(measured).observe(document.body);
    try {
      await new window.H5PStandalone.H5P(place, {
        h5pJsonPath: fichiers.replace(/\/$/, ""),
        frameJs: new URL(cadreJs, page).href,
        frameCss: new URL(cadreCss, page).href,
        embedType: "div",
        icon: false,
        preventH5PInit: false,
        assetsRequestFetchOptions: { credentials: "omit" },
      });
      window.H5P.externalDispatcher.on("xAPI", heard);
      window.H5P.init();
    } catch (fault) {
      console.error(fault);
      document.getElementById("faute").hidden = false;
    }
  }

  document.addEventListener("DOMContentLoaded", play);
})();
