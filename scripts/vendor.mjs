// Copy the pinned browser assets out of node_modules: `npm ci --ignore-scripts && npm run vendor`.
// The copies are committed, so that nobody needs Node to run the platform; a test checks their digests.
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

const VENDOR = "static/vendor";
const ICONS = "templates/components/icons";

// What we take of each package, and where it goes. `.mjs` becomes `.js`: Django rewrites imports in `*.js` only.
const FILES = {
  "htmx.org/dist/htmx.min.js": "htmx/htmx.min.js",
  "htmx.org/LICENSE": "htmx/LICENSE",
  "hls.js/dist/hls.light.min.mjs": "hls/hls.light.min.js",
  "hls.js/LICENSE": "hls/LICENSE",
  "tus-js-client/dist/tus.min.js": "tus/tus.min.js",
  "tus-js-client/LICENSE": "tus/LICENSE",
  "@fontsource-variable/figtree/files/figtree-latin-wght-normal.woff2": "figtree/figtree-latin.woff2",
  "@fontsource-variable/figtree/files/figtree-latin-ext-wght-normal.woff2": "figtree/figtree-latin-ext.woff2",
  "@fontsource-variable/figtree/LICENSE": "figtree/LICENSE",
  "h5p-standalone/dist/main.bundle.js": "h5p/main.bundle.js",
  "h5p-standalone/dist/frame.bundle.js": "h5p/frame.bundle.js",
  "h5p-standalone/dist/styles/h5p.css": "h5p/styles/h5p.css",
  "h5p-standalone/dist/images/throbber.gif": "h5p/images/throbber.gif",
  "h5p-standalone/LICENSE": "h5p/LICENSE",
};
const TEST_FILES = {
  "axe-core/axe.min.js": "tests/vendor/axe.min.js",
  "axe-core/LICENSE": "tests/vendor/axe.LICENSE",
  "scorm-again/dist/scorm12.min.js": "tests/vendor/scorm12/scorm12.min.js",
  "scorm-again/LICENSE": "tests/vendor/scorm12/LICENSE",
};

// Our word for a picture → Lucide's.
const PICTURES = {
  todo: "list-checks", film: "clapperboard", group: "users",
  calendar: "calendar-days", upload: "upload", bell: "bell", search: "search", person: "user", leave: "log-out",
  settings: "settings", import: "file-input", help: "circle-question-mark",
  "chevron-right": "chevron-right", "chevron-left": "chevron-left", "chevron-down": "chevron-down", check: "check",
  info: "info", warning: "triangle-alert", error: "circle-alert", success: "circle-check", clock: "clock", lock: "lock",
  plus: "plus", pencil: "pencil", bin: "trash-2", mail: "mail", eye: "eye", school: "school", download: "download",
  comment: "message-circle", sprout: "sprout", key: "key-round", phone: "smartphone",
  chart: "chart-column",
};

const digests = {};

function put(target, content) {
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(target, content);
  digests[target] = "sha384-" + createHash("sha384").update(content).digest("base64");
}

// A source map that is not there makes collectstatic fail.
const withoutMap = (source) => source.replace(/\n?\/\/# sourceMappingURL=.*\s*$/, "\n");

// H5P asks for a megabyte of text fonts, and for those of its hub, which we have not: what is left are its signs. They lie in
// the style itself: a frame without origin may fetch no font that its server does not open to all.
const inStyle = (_, file) => `url(data:font/woff2;base64,${readFileSync(`node_modules/h5p-standalone/dist/fonts/${file}`, "base64")})`;
const withSigns = (source) =>
  source
    .replace(/@font-face\s*\{[^}]*\}\s*/g, (face) => (/h5p-(core|theme)/.test(face) ? face : ""))
    .replace(/url\('\.\.\/fonts\/([\w-]+\.woff2)'\)/g, inStyle);

function copy(from, to) {
  const content = readFileSync(`node_modules/${from}`);
  if (to.endsWith("h5p.css")) put(to, withSigns(content.toString("utf8")));
  else put(to, to.endsWith(".js") ? withoutMap(content.toString("utf8")) : content);
}

function icon(name, source) {
  const svg = readFileSync(`node_modules/lucide-static/icons/${source}.svg`, "utf8");
  const shapes = svg.slice(svg.indexOf(">", svg.indexOf("<svg")) + 1).replace("</svg>", "");
  const line = shapes.split("\n").map((shape) => shape.trim()).join("").replaceAll(" />", "/>");
  put(`${ICONS}/${name}.svg`, `<svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">${line}</svg>`);
}

for (const folder of [VENDOR, ICONS]) rmSync(folder, { recursive: true, force: true });
for (const [from, to] of Object.entries(FILES)) copy(from, `${VENDOR}/${to}`);
for (const [from, to] of Object.entries(TEST_FILES)) copy(from, to);
for (const [name, source] of Object.entries(PICTURES)) icon(name, source);
// The player of H5P bundles H5P's core, of another hand (GPL-3, as we are): its terms stay beside it.
put(`${VENDOR}/h5p/LICENSE-H5P-CORE`, readFileSync("LICENSE"));
copy("lucide-static/LICENSE", `${ICONS}/LICENSE`);

const sorted = Object.fromEntries(Object.entries(digests).sort(([one], [other]) => (one < other ? -1 : 1)));
writeFileSync(`${VENDOR}/empreintes.json`, JSON.stringify(sorted, null, 2) + "\n");
