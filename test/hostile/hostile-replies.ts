/**
 * Hostile replies: the client of the token endpoint and the renewal, as deployed, against broken
 * HTTP and JSON over loopback. Nothing but a good token may be written, nothing may leak, nothing
 * may hang. Called by the command line and by a test, which runs fewer cases.
 */
import { setImmediate, setTimeout } from "node:timers/promises";
import { inspect } from "node:util";
import type { Clock } from "../../lambda/clock.ts";
import { createTokenEndpoint, type TokenEndpoint } from "../../lambda/dintero.ts";
import { RotationError } from "../../lambda/errors.ts";
import { post } from "../../lambda/post.ts";
import { renewToken } from "../../lambda/renew-token.ts";
import type { TokenStatus } from "../../lambda/renewal-policy.ts";
import { MAX_TOKEN_BYTES, type TokenStore } from "../../lambda/token-store.ts";
import { createRandom } from "../../proof/simulation/random.ts";
import { type HostileReply, hostileReply } from "./hostile-reply.ts";
import { ACCEPTED, judge, type Verdict } from "./hostile-reply-judge.ts";
import { HostileServer } from "./hostile-server.ts";
import { leaks } from "./leaks.ts";
import { MemoryWatch } from "./memory-watch.ts";

export interface HostileRunOptions {
  /** How many replies. */
  readonly cases: number;
  /** The same seed makes the same replies, and so the same report. */
  readonly seed: number;
  /** Called after each case with how many are done. */
  readonly onCase?: (done: number) => void;
  /** The client under test; the deployed one unless a test shows that a broken one is caught. */
  readonly createEndpoint?: typeof createTokenEndpoint;
}

export interface HostileReport {
  readonly cases: number;
  /** How many replies were refused with each error code, by its name. */
  readonly refused: Readonly<Record<string, number>>;
  readonly accepted: number;
  readonly violations: readonly Violation[];
}

/** Something that may never happen, or an outcome other than the right one. */
export interface Violation {
  /** Counted from 0. */
  readonly case: number;
  readonly kind: string;
  /** What the reply was made of, without a character of its token or body. */
  readonly reply: string;
}

/** Runs the cases one after the other. Throws nothing but what is a defect of its own. */
export async function runHostileReplies(options: HostileRunOptions): Promise<HostileReport> {
  const random = createRandom(options.seed);
  const refused = new Map<string, number>();
  const violations: Violation[] = [];
  const memory = new MemoryWatch(process.memoryUsage.rss);
  let accepted = 0;
  // Jest gives tests a `process` without these events, and fails the test by itself instead:
  // https://github.com/jestjs/jest/issues/11165
  const escaped: unknown[] = [];
  const onEscape = (error: unknown) => escaped.push(error);
  process.on("unhandledRejection", onEscape);
  process.on("uncaughtException", onEscape);
  try {
    for (let index = 0; index < options.cases; index += 1) {
      const reply = hostileReply(random, ISSUED_AT_MS);
      const observed = await observe(reply, options.createEndpoint ?? createTokenEndpoint);
      const kinds = violationsOf(reply, judge(reply, ISSUED_AT_MS), observed);
      if (escaped.splice(0).length > 0) kinds.push("error that nobody caught");
      if (memory.hasGrown()) kinds.push("memory that grows");
      violations.push(...kinds.map((kind) => ({ case: index, kind, reply: reply.name })));
      const outcome = outcomeOf(observed);
      if (outcome === ACCEPTED) accepted += 1;
      else refused.set(outcome, (refused.get(outcome) ?? 0) + 1);
      options.onCase?.(index + 1);
    }
  } finally {
    process.off("unhandledRejection", onEscape);
    process.off("uncaughtException", onEscape);
  }
  const byCode = [...refused].sort(([one], [other]) => (one < other ? -1 : 1));
  return { cases: options.cases, refused: Object.fromEntries(byCode), accepted, violations };
}

/** A whole second, as HTTP dates and a JWT's `exp` are; some replies name times around it. */
const ISSUED_AT_MS = Date.UTC(2026, 10, 24, 8, 30, 0);
const ACCOUNT_ID = "T12345678";
const CREDENTIALS = {
  client_id: "ecom-æ-123",
  client_secret: "Zq7#Wm9~Xk3!Vb5%ÆØ🔑Lp2:Jd8",
  versionId: "5f0c8a52-9f7c-4d0e-8a0f-2f8b8e6f6c11",
};
const BASIC = Buffer.from(`${CREDENTIALS.client_id}:${CREDENTIALS.client_secret}`).toString(
  "base64",
);

/** The longest `Retry-After` that section 4 of the design honours. */
const MAX_WAIT_MS = 10_000;
/** Three attempts of 5 s, and as much again as one for a slow machine. */
const HANG_MS = 20_000;

interface Written {
  readonly accessToken: string;
  /** By its status: infinity while there is none. */
  expiresAtMs: number;
}

/** What came of one reply. */
interface Observed {
  readonly writes: readonly Written[];
  /** Absent where the renewal succeeded. */
  readonly error?: unknown;
  readonly hung: boolean;
  readonly requests: number;
  readonly waitsMs: readonly number[];
}

async function observe(
  reply: HostileReply,
  createEndpoint: typeof createTokenEndpoint,
): Promise<Observed> {
  const clock = new HostileClock();
  const server = await HostileServer.start(reply, () => {
    // Sound HTTP tells its end, which the client must see by itself.
    return reply.isSound ? () => {} : clock.endOfAttempt;
  });
  const store = new MemoryTokenStore();
  const stop = new AbortController();
  const endpoint: TokenEndpoint = createEndpoint({
    origin: server.origin,
    post,
    clock,
    random: () => 0.5,
  });
  const renewal = renewToken(
    ACCOUNT_ID,
    {},
    "missing",
    {
      credentials: { read: async () => CREDENTIALS, currentVersionId: unused },
      tokenEndpoint: endpoint,
      tokenStore: store,
      keyId: "key",
    },
    stop.signal,
  ).then(
    () => ({ hung: false }),
    (error: unknown) => ({ hung: false, error }),
  );
  const watch = setTimeout(HANG_MS, { hung: true }, { signal: stop.signal });
  const end = await Promise.race([renewal, watch]);
  stop.abort();
  await watch.catch(() => {});
  clock.endOfAttempt();
  await server.close();
  // What nobody caught is told after a turn of the event loop.
  await setImmediate();
  await setImmediate();
  return { writes: store.writes, requests: server.requests, waitsMs: clock.waitsMs, ...end };
}

/** Sleeps take no time; an attempt's is up when the server has said all it will, or after 5 s. */
class HostileClock implements Clock {
  readonly waitsMs: number[] = [];
  /** Lets the time of the attempt that goes on be up. */
  endOfAttempt: () => void = () => {};

  now(): number {
    return ISSUED_AT_MS;
  }

  async sleep(durationMs: number, signal: AbortSignal): Promise<void> {
    this.waitsMs.push(durationMs);
    signal.throwIfAborted();
  }

  timeout(durationMs: number): AbortSignal {
    const controller = new AbortController();
    const end = () => {
      clearTimeout(timer);
      controller.abort(new DOMException("The time is up.", "TimeoutError"));
    };
    const timer = globalThis.setTimeout(end, durationMs);
    // The attempt before is over.
    this.endOfAttempt();
    this.endOfAttempt = end;
    return controller.signal;
  }
}

/** Keeps what is written; refuses what a parameter cannot hold, as the deployed one does. */
class MemoryTokenStore implements TokenStore {
  readonly writes: Written[] = [];

  read = unused;

  async writeToken(_accountId: string, accessToken: string): Promise<number> {
    if (Buffer.byteLength(accessToken) > MAX_TOKEN_BYTES) {
      throw new RotationError("store-failed", "The token is larger than a parameter can hold.");
    }
    return this.writes.push({ accessToken, expiresAtMs: Number.POSITIVE_INFINITY });
  }

  async writeStatus(_accountId: string, { expiresAtMs }: TokenStatus): Promise<void> {
    const token = this.writes.at(-1);
    if (token) token.expiresAtMs = expiresAtMs;
  }
}

async function unused(): Promise<never> {
  throw new Error("no renewal calls this");
}

function outcomeOf({ error, hung, writes }: Observed): string {
  if (hung) return "hung";
  if (error instanceof RotationError) return error.code;
  return writes.length > 0 ? ACCEPTED : "unexpected";
}

const CODES = [
  "credentials-rejected",
  "request-rejected",
  "rate-limited",
  "unavailable",
  "bad-reply",
  "store-failed",
];

function violationsOf(reply: HostileReply, verdict: Verdict, observed: Observed): string[] {
  const { writes, error, requests, waitsMs } = observed;
  const outcome = outcomeOf(observed);
  const kinds: string[] = [];
  for (const { accessToken, expiresAtMs } of writes) {
    const tokens = verdict.grants.filter((grant) => grant.accessToken === accessToken);
    if (tokens.length === 0) kinds.push("write of what the rules refuse");
    else if (!tokens.some((grant) => expiresAtMs <= grant.latestExpiryMs)) {
      kinds.push("expiry later than the reply says");
    }
  }
  if (writes.length > 1) kinds.push("more than one write");
  if (writes.length > 0 && error !== undefined) kinds.push("write and failure");
  if (outcome !== ACCEPTED && !CODES.includes(outcome)) kinds.push(`outcome ${outcome}`);
  if (verdict.expected !== undefined && outcome !== verdict.expected) {
    kinds.push(`${outcome} where ${verdict.expected} is right`);
  }
  if (requests > verdict.maxRequests) kinds.push("more requests than allowed");
  if (reply.isSound && outcome === "bad-reply" && requests > 1)
    kinds.push("asked again after a bad reply");
  if (waitsMs.some((waitMs) => !(waitMs >= 0 && waitMs <= MAX_WAIT_MS))) kinds.push("long wait");
  if (error !== undefined && hasLeak(error, reply)) kinds.push("leak");
  return kinds;
}

function hasLeak(error: unknown, reply: HostileReply): boolean {
  const told = `${error instanceof Error ? error.message : ""}\n${inspect(error, { depth: 10 })}`;
  return leaks(told, [CREDENTIALS.client_secret, BASIC, reply.bytes.toString(), ...reply.secrets]);
}
