/** When an alarm mute rule that mutes once ends, pure. */

const AT = /^at\((\d{4}-\d\d-\d\dT\d\d:\d\d)(?::\d\d)?\)$/;
const DURATION = /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?)?$/;

/**
 * In milliseconds since the epoch; `undefined` if the rule recurs, or if its schedule has an unknown form.
 * Forms: CloudWatch API reference, "Schedule".
 */
export function muteEndMs({
  schedule,
  duration,
  timeZone,
}: {
  readonly schedule: string;
  readonly duration: string;
  readonly timeZone: string;
}): number | undefined {
  const [, local] = AT.exec(schedule) ?? [];
  const parts = DURATION.exec(duration)
    ?.slice(1)
    .map((part) => Number(part ?? 0));
  if (local === undefined || !parts) return undefined;
  const startMs = momentOf(local, timeZone);
  const [days = 0, hours = 0, minutes = 0] = parts;
  return startMs === undefined
    ? undefined
    : startMs + ((days * 24 + hours) * 60 + minutes) * 60_000;
}

function momentOf(local: string, timeZone: string): number | undefined {
  const wallMs = Date.parse(`${local}Z`);
  try {
    // The offset depends on the result. Near a change of the offset, the first guess uses the wrong one.
    const guessMs = wallMs - offsetMs(wallMs, timeZone);
    return wallMs - offsetMs(guessMs, timeZone);
  } catch (error) {
    // No such time zone.
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** How far the zone's clocks are ahead of UTC. Swedish writes a time almost as ISO 8601 does. */
function offsetMs(ms: number, timeZone: string): number {
  const wall = new Date(ms).toLocaleString("sv-SE", { timeZone });
  return Date.parse(`${wall.replace(" ", "T")}Z`) - ms;
}
