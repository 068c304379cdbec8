// The bar under the picture. It is drawn by the script because none of it works without: the page alone holds <video controls>.

const ICONS = {
  play: '<path d="M7 4.5v15l12.5-7.5z"/>',
  pause: '<path d="M6 4.5h4.2v15H6zM13.8 4.5H18v15h-4.2z"/>',
  sound: '<path d="M3 9v6h4l5 4.5v-15L7 9zm12-1.2v8.4a4.6 4.6 0 0 0 0-8.4zm0-4.1v2.2a7 7 0 0 1 0 12.2v2.2a9 9 0 0 0 0-16.6z"/>',
  mute: '<path d="M3 9v6h4l5 4.5v-15L7 9zm18.2 0-1.4-1.4-2.4 2.4L15 7.6 13.6 9l2.4 2.4-2.4 2.4 1.4 1.4 2.4-2.4 2.4 2.4 1.4-1.4-2.4-2.4z"/>',
  pip: '<path d="M3 5h18v14H3zm2 2v10h14V7zm7 5h6v4h-6z"/>',
  full: '<path d="M4 4h6v2H6v4H4zm10 0h6v6h-2V6h-4zM4 14h2v4h4v2H4zm14 0h2v6h-6v-2h4z"/>',
};

export const icon = (name) => `<svg viewBox="0 0 24 24" width="24" height="24" aria-hidden="true">${ICONS[name]}</svg>`;

const button = (action, inside) => `<button type="button" class="lecteur-bouton" data-action="${action}">${inside}</button>`;
const named = (name, text) => `${icon(name)}<span class="invisible" data-word>${text}</span>`;
const choice = (part, name, options = "", hidden = " hidden") =>
  `<label class="lecteur-choix" data-part="${part}-label"${hidden}><span class="invisible">${name}</span><select data-part="${part}">${options}</select></label>`;

export const SPEEDS = [0.5, 0.75, 1, 1.25, 1.5, 2];
const speeds = SPEEDS.map(
  (speed) => `<option value="${speed}"${speed === 1 ? " selected" : ""}>${String(speed).replace(".", ",")}×</option>`,
);
const sizes = [["", "Aa"], ["large", "Aa +"], ["huge", "Aa ++"]].map(([value, word]) => `<option value="${value}">${word}</option>`);

export const BAR = `
<div class="lecteur-avis"><p class="lecteur-message" role="status" data-part="message"></p>${button("soundOnly", "Son seul")}</div>
<div class="lecteur-ligne" data-part="line">
  <input type="range" class="lecteur-position" data-part="position" aria-label="Position dans le film" min="0" max="1" step="0.1" value="0">
</div>
<div class="lecteur-boutons">
  ${button("toggle", named("play", "Lire"))}
  ${button("back", '−10<span class="invisible"> secondes</span>')}
  ${button("forward", '+10<span class="invisible"> secondes</span>')}
  <span class="lecteur-temps" data-part="time">0:00</span>
  <span class="lecteur-son">
    ${button("mute", named("sound", "Couper le son"))}
    <input type="range" class="lecteur-volume" data-part="volume" aria-label="Volume" min="0" max="1" step="0.05" value="1">
  </span>
  ${choice("captions", "Sous-titres")}
  ${choice("size", "Taille des sous-titres", sizes.join(""))}
  ${choice("speed", "Vitesse", speeds.join(""), "")}
  ${choice("quality", "Qualité de l’image")}
  ${button("pip", named("pip", "Image dans l’image"))}
  ${button("full", named("full", "Plein écran"))}
</div>`;
