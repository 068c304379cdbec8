// A player away from the page of its film: what it shows goes, playing or not, once the film is not for this person.

import { Direct } from "./direct.js";

async function isVisible(player) {
  try {
    const answer = await fetch(player.stream.source, { method: "HEAD", redirect: "manual", cache: "no-store" });
    return answer.ok || answer.status >= 500;
  } catch {
    return true; // no network: it will be asked again
  }
}

export function watchOver(player) {
  const { signal } = player.leaving;
  if (signal.aborted) return;
  const direct = new Direct(player.dataset.live, { ask: () => isVisible(player), gone: () => player.stream.lose() });
  signal.addEventListener("abort", () => direct.stop());
}
