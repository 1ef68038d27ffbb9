/** Something that happens to some of a stack's accounts, and the messages about it. */
import { ALARMS } from "../../infra/alarm-definitions.ts";
import { HOUR_MS } from "../durations.ts";
import type { AlarmChange } from "./alarm-model.ts";
import type { Incident } from "./incidents.ts";
import { START_MS, World, type WorldOptions } from "./world.ts";

/** An incident with its times in hours since the start. */
export interface Happening {
  readonly kind: Incident["kind"];
  readonly from: number;
  /** Absent: to the end. */
  readonly to?: number;
  readonly accountIds?: readonly string[];
}

export interface EpisodeOptions extends Partial<Omit<WorldOptions, "incidents">> {
  readonly accounts: number;
  readonly lifetimeHours: number;
  readonly hours: number;
  readonly happenings: readonly Happening[];
}

export async function playEpisode({
  lifetimeHours,
  hours,
  happenings,
  ...options
}: EpisodeOptions): Promise<World> {
  const atMs = (hour: number) => START_MS + hour * HOUR_MS;
  const world = new World({
    seed: 1,
    lifetimeSeconds: lifetimeHours * 3600,
    weather: false,
    incidents: happenings.map(({ from, to, ...incident }) => ({
      ...incident,
      fromMs: atMs(from),
      ...(to !== undefined && { toMs: atMs(to) }),
    })),
    ...options,
  });
  await world.run(hours * HOUR_MS);
  return world;
}

/** `ALARM token-at-risk T10000001` and the like, in order, without those of the first hour. */
export function messagesOf(world: World): string[] {
  return sentAfterStart(world).map(({ state, alarm, accountId }) =>
    [state, alarm, accountId].filter(Boolean).join(" "),
  );
}

/** How many messages came about ALARM, how many of them urgent, and how many about OK. */
export function countsOf(world: World): { ALARM: number; urgent: number; OK: number } {
  const sent = sentAfterStart(world);
  const urgent = new Set(ALARMS.filter(({ isUrgent }) => isUrgent).map(({ kind }) => kind));
  const firing = sent.filter(({ state }) => state === "ALARM");
  return {
    ALARM: firing.length,
    urgent: firing.filter(({ alarm }) => urgent.has(alarm)).length,
    OK: sent.length - firing.length,
  };
}

function sentAfterStart(world: World): AlarmChange[] {
  return world.alarms.changes.filter(({ atMs }) => atMs > START_MS + HOUR_MS);
}
