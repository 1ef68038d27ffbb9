/** What is left of a token's lifetime, as people read it. */

const BAR_WIDTH = 20;

/** Full at 100 percent, empty only at 0. */
export function lifeBar(percent: number): string {
  const filled = Math.ceil((BAR_WIDTH * percent) / 100);
  return "█".repeat(filled) + "░".repeat(BAR_WIDTH - filled);
}

/** `21 h 05 min`. Seconds are cut off, so it never says more than there is. */
export function hoursAndMinutes(seconds: number): string {
  const minutes = Math.floor(seconds / 60);
  return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, "0")} min`;
}
