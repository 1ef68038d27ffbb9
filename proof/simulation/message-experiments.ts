/** How many messages a situation sends. */
import { accountIdsOf } from "../account-ids.ts";
import { countsOf, type Happening, playEpisode } from "./episode.ts";
import { createRandom } from "./random.ts";

/** Accounts of a stack. */
export const MESSAGE_ACCOUNTS = [1, 5, 20] as const;

/** At moments of their own. */
const RUNS = 5;

export interface MessageCounts {
  readonly situation: string;
  /** The most of some runs, by {@link MESSAGE_ACCOUNTS}. */
  readonly counts: readonly {
    readonly ALARM: number;
    readonly urgent: number;
    readonly OK: number;
  }[];
}

interface Situation {
  readonly happenings: readonly Happening[];
  /** When all of it is over and cleared, in hours. */
  readonly hours: number;
}

const [FIRST = ""] = accountIdsOf(1);
const ONE = [FIRST];
const CLEARED = 2;

/** By what happens: from an hour on, with tokens that are valid for so many hours. */
const SITUATIONS: Readonly<Record<string, (from: number, lifetime: number) => Situation>> = {
  "the API client of one account is revoked, and replaced after two lifetimes": (from, lifetime) =>
    lasting({ kind: "dintero-rejects", from, accountIds: ONE }, 2 * lifetime),
  "Dintero is down for 3 h": (from) => lasting({ kind: "dintero-down", from }, 3),
  "Dintero is down for 20 h": (from) => lasting({ kind: "dintero-down", from }, 20),
  "no check runs for 3 h": (from) => lasting({ kind: "schedule-disabled", from }, 3),
  "the key is disabled for 1 h": (from) => lasting({ kind: "key-off", from }, 1),
  "one account fails for one cause and another in turn, every 25 minutes, for 7 h": flipping,
  "one account is left broken for a month": (from) => ({
    happenings: [{ kind: "dintero-rejects", from, accountIds: ONE }],
    hours: from + 30 * 24,
  }),
};

export async function messageCounts({
  seed,
  lifetimeSeconds,
}: {
  readonly seed: number;
  readonly lifetimeSeconds: number;
}): Promise<MessageCounts[]> {
  const lifetimeHours = lifetimeSeconds / 3600;
  const counted: MessageCounts[] = [];
  for (const [situation, of] of Object.entries(SITUATIONS)) {
    const counts = [];
    for (const accounts of MESSAGE_ACCOUNTS) {
      const random = createRandom(seed);
      let most = { ALARM: 0, urgent: 0, OK: 0 };
      const isLong = of(0, lifetimeHours).hours > 10 * 24;
      for (let run = 0; run < (isLong ? 1 : RUNS); run += 1) {
        const from = lifetimeHours * random.between(1, 2);
        const world = await playEpisode({
          seed,
          accounts,
          lifetimeHours,
          ...of(from, lifetimeHours),
        });
        const { ALARM, urgent, OK } = countsOf(world);
        most = {
          ALARM: Math.max(most.ALARM, ALARM),
          urgent: Math.max(most.urgent, urgent),
          OK: Math.max(most.OK, OK),
        };
      }
      counts.push(most);
    }
    counted.push({ situation, counts });
  }
  return counted;
}

function lasting(happening: Omit<Happening, "to">, hours: number): Situation {
  const to = happening.from + hours;
  return { happenings: [{ ...happening, to }], hours: to + CLEARED };
}

function flipping(from: number): Situation {
  const turnHours = 25 / 60;
  const turns = Math.floor(7 / turnHours);
  return {
    happenings: Array.from({ length: turns }, (_, turn) => ({
      kind: turn % 2 === 0 ? "dintero-rejects" : "dintero-down",
      from: from + turn * turnHours,
      to: from + (turn + 1) * turnHours,
      accountIds: ONE,
    })),
    hours: from + 7 + CLEARED,
  };
}
