/** What is left of a token's lifetime, in a readable form. */

/** Full at 100 percent, empty only at 0. */
export function lifeBar(percent: number, width = 20): string {
  const filled = Math.ceil((width * percent) / 100);
  return "█".repeat(filled) + "░".repeat(width - filled);
}

/** `21 h 05 min`. Seconds are cut off, so it never says more than is left. */
export function hoursAndMinutes(seconds: number): string {
  const minutes = Math.floor(seconds / 60);
  return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, "0")} min`;
}

/** `2026-01-02 08:00 UTC`. @param iso - in UTC. */
export function readableTime(iso: string | null): string {
  return iso === null ? "an unknown time" : `${iso.slice(0, 16).replace("T", " ")} UTC`;
}
