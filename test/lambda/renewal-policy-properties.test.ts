import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import {
  awaitsCredentials,
  currentStatus,
  type DesiredToken,
  dueReason,
  expiryMs,
  isLifeTooShort,
  lifeRemainingPercent,
  type StoredToken,
  type TokenStatus,
} from "../../lambda/renewal-policy.ts";
import { HOUR_MS } from "../../proof/durations.ts";
import { NOW_MS } from "../support/fake-check.ts";

const DAY_MS = 24 * HOUR_MS;

const anyTime = fc.integer({ min: NOW_MS - 9 * DAY_MS, max: NOW_MS + 9 * DAY_MS });
/** A time within some minutes, so that two of them often lie as close as two writes of one check. */
const anyWriteTime = fc.integer({ min: NOW_MS - 200_000, max: NOW_MS });
const anyVersion = fc.integer({ min: 1, max: 2 });
const anyName = fc.constantFrom("a", "b");
const anyLifeMs = fc.integer({ min: 1, max: 7 * DAY_MS });
const anyDelayMs = fc.integer({ min: 0, max: 9 * DAY_MS });

const anyStatus: fc.Arbitrary<TokenStatus> = fc.record({
  issuedAtMs: anyTime,
  expiresAtMs: anyTime,
  tokenVersion: anyVersion,
  tokenFingerprint: fc.constant("6f69975abe58"),
  credentialsVersionId: anyName,
  keyId: anyName,
});

const anyStored: fc.Arbitrary<StoredToken> = fc.record(
  {
    tokenParameter: fc.record({ version: anyVersion, lastModifiedMs: anyWriteTime }),
    statusParameter: fc.record(
      { lastModifiedMs: anyWriteTime, status: anyStatus },
      { requiredKeys: ["lastModifiedMs"] },
    ),
  },
  { requiredKeys: [] },
);

const anyDesired: fc.Arbitrary<DesiredToken> = fc.record({
  nowMs: anyTime,
  keyId: anyName,
  credentialsVersionId: fc.option(anyName, { nil: undefined }),
  force: fc.boolean(),
});

/** A token that nothing but its age makes due, issued at {@link NOW_MS}. */
function untouched(lifeMs: number): StoredToken & { statusParameter: { status: TokenStatus } } {
  return {
    tokenParameter: { version: 1, lastModifiedMs: NOW_MS },
    statusParameter: {
      lastModifiedMs: NOW_MS,
      status: {
        issuedAtMs: NOW_MS,
        expiresAtMs: NOW_MS + lifeMs,
        tokenVersion: 1,
        tokenFingerprint: "6f69975abe58",
        credentialsVersionId: "a",
        keyId: "a",
      },
    },
  };
}

const desiredAt = (nowMs: number): DesiredToken => ({
  nowMs,
  keyId: "a",
  credentialsVersionId: "a",
  force: false,
});

describe("Whatever is stored", () => {
  test("a token is missing exactly if its status cannot be believed", () => {
    fc.assert(
      fc.property(anyStored, anyDesired, (stored, desired) => {
        const status = stored.statusParameter?.status;
        const lifeMs = status ? status.expiresAtMs - status.issuedAtMs : 0;
        const isBelievable =
          stored.tokenParameter !== undefined &&
          status !== undefined &&
          status.issuedAtMs <= desired.nowMs &&
          lifeMs > 0 &&
          lifeMs <= 7 * DAY_MS;
        expect(dueReason(stored, desired) === "missing").toBe(!isBelievable);
      }),
    );
  });

  test("a status is used exactly if the token is neither missing nor replaced", () => {
    fc.assert(
      fc.property(anyStored, anyDesired, (stored, desired) => {
        const reason = dueReason(stored, desired);
        const isReliable = reason !== "missing" && reason !== "replaced";
        const status = isReliable ? stored.statusParameter?.status : undefined;
        expect(currentStatus(stored, desired.nowMs)).toBe(status);
      }),
    );
  });

  test("force makes due what is not, and changes no other reason", () => {
    fc.assert(
      fc.property(anyStored, anyDesired, (stored, desired) => {
        const reason = dueReason(stored, { ...desired, force: false });
        expect(dueReason(stored, { ...desired, force: true })).toBe(reason ?? "forced");
      }),
    );
  });

  test("a secret without a value makes every token that awaits no credentials due", () => {
    fc.assert(
      fc.property(anyStored, anyDesired, (stored, desired) => {
        fc.pre(!awaitsCredentials(stored));
        const reason = dueReason(stored, { ...desired, credentialsVersionId: undefined });
        expect(reason).toBeDefined();
      }),
    );
  });
});

describe("For any lifetime of a token", () => {
  test("it is aging exactly when a third of it has passed", () => {
    fc.assert(
      fc.property(anyLifeMs, anyDelayMs, (lifeMs, ageMs) => {
        const reason = dueReason(untouched(lifeMs), desiredAt(NOW_MS + ageMs));
        expect(reason).toBe(3 * ageMs >= lifeMs ? "aging" : undefined);
      }),
    );
  });

  test("once it is aging, it stays aging", () => {
    fc.assert(
      fc.property(anyLifeMs, anyDelayMs, anyDelayMs, (lifeMs, delayMs, laterMs) => {
        const agingAtMs = NOW_MS + Math.ceil(lifeMs / 3) + delayMs;
        expect(dueReason(untouched(lifeMs), desiredAt(agingAtMs))).toBe("aging");
        expect(dueReason(untouched(lifeMs), desiredAt(agingAtMs + laterMs))).toBe("aging");
      }),
    );
  });

  test("what is left is between 0 and 100 %, falls with time, and adds up to 100 with what has passed", () => {
    fc.assert(
      fc.property(anyLifeMs, anyDelayMs, anyDelayMs, (lifeMs, ageMs, laterMs) => {
        const { status } = untouched(lifeMs).statusParameter;
        const now = lifeRemainingPercent(status, NOW_MS + ageMs);
        const later = lifeRemainingPercent(status, NOW_MS + ageMs + laterMs);
        expect(now).toBeGreaterThanOrEqual(0);
        expect(now).toBeLessThanOrEqual(100);
        expect(later).toBeGreaterThanOrEqual(0);
        expect(later).toBeLessThanOrEqual(now);
        expect(now + Math.min(100, (100 * ageMs) / lifeMs)).toBeCloseTo(100, 6);
      }),
    );
  });

  test("it is too short if a second or more of 3 h is missing", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 4 * HOUR_MS }), (lifeMs) => {
        const { status } = untouched(lifeMs).statusParameter;
        expect(isLifeTooShort(status)).toBe(lifeMs <= 3 * HOUR_MS - 1000);
      }),
    );
  });

  test("a reply sets the shortest of 7 days, its expires_in and its JWT's exp", () => {
    const anySeconds = fc.integer({ min: 1, max: 8 * 86_400 });
    fc.assert(
      fc.property(anyTime, anySeconds, fc.option(anyTime), (issuedAtMs, seconds, jwtMs) => {
        const limits = [issuedAtMs + 7 * DAY_MS, issuedAtMs + seconds * 1000, jwtMs ?? Infinity];
        const expiresAtMs = expiryMs(issuedAtMs, seconds, jwtMs ?? undefined);
        expect(limits).toContain(expiresAtMs);
        expect(limits.every((limit) => expiresAtMs <= limit)).toBe(true);
      }),
    );
  });
});
