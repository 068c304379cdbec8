// Times of a film, for the eye (1:02:03) and for the ear (1 heure 2 minutes 3 secondes).

const two = (number) => String(number).padStart(2, "0");
const count = (number, unit) => `${number} ${unit}${number >= 2 ? "s" : ""}`;

function parts(seconds) {
  const whole = Math.max(0, Math.floor(seconds || 0));
  return [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
}

export function clock(seconds) {
  const [hours, minutes, rest] = parts(seconds);
  return hours ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`;
}

export function words(seconds) {
  const [hours, minutes, rest] = parts(seconds);
  const said = [];
  if (hours) said.push(count(hours, "heure"));
  if (minutes) said.push(count(minutes, "minute"));
  if (rest || !said.length) said.push(count(rest, "seconde"));
  return said.join(" ");
}
