/** The outage that the chart shows, through this program and a daily schedule. */
import { HOUR_MS } from "../durations.ts";
import type { AlarmState } from "./alarm-evaluation.ts";
import { createRun } from "./contenders.ts";
import { START_MS } from "./world.ts";

/** Hours since the start. */
export const PICTURE = { lifetime: 24, outageFrom: 10, outageTo: 30, end: 52 } as const;

/** What one contender did; times in hours since the start. */
export interface PictureRun {
  /** Each token, with its expiry. */
  readonly tokens: readonly { readonly at: number; readonly expiresAt: number }[];
  readonly alarms: readonly {
    readonly at: number;
    readonly alarm: string;
    readonly state: AlarmState;
  }[];
}

export type PictureRuns = Readonly<Record<"thisProgram" | "daily", PictureRun>>;

export async function pictureRuns({ seed }: { readonly seed: number }): Promise<PictureRuns> {
  return { thisProgram: await play("thisProgram", seed), daily: await play("daily", seed) };
}

async function play(contender: "thisProgram" | "daily", seed: number): Promise<PictureRun> {
  const run = createRun(contender, {
    seed,
    accounts: 1,
    lifetimeSeconds: PICTURE.lifetime * 3600,
    weather: false,
    incidents: [
      {
        kind: "dintero-down",
        fromMs: START_MS + PICTURE.outageFrom * HOUR_MS,
        toMs: START_MS + PICTURE.outageTo * HOUR_MS,
      },
    ],
  });
  await run.run(PICTURE.end * HOUR_MS);
  const hours = (ms: number) => (ms - START_MS) / HOUR_MS;
  return {
    tokens: run.readers.changes.flatMap(({ atMs, token }) =>
      token ? [{ at: hours(atMs), expiresAt: hours(token.expiresAtMs) }] : [],
    ),
    alarms: run.alarms.changes.map(({ atMs, alarm, state }) => ({ at: hours(atMs), alarm, state })),
  };
}
