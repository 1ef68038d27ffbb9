/** A check of one account on fakes: what the tests of `reconcile` for a single account start from. */
import { RotationError } from "../../lambda/errors.ts";
import { type AccountReport, reconcile } from "../../lambda/reconcile.ts";
import type { StoredToken } from "../../lambda/renewal-policy.ts";
import { HOUR_MS } from "../../proof/durations.ts";
import { type Answers, type FakeCheck, fakeCheck, NOW_MS, stored } from "../support/fake-check.ts";

export const ACCOUNT = "T00000001";
/** The calls of a check that finds nothing due. */
export const FRESH_CALLS = [`read ${ACCOUNT}`, "key", `describe ${ACCOUNT}`];

/** Checks {@link ACCOUNT} alone. */
export async function reconcileOne(
  check: FakeCheck,
  force = false,
): Promise<readonly AccountReport[]> {
  const { accounts } = await reconcile({ accountIds: [ACCOUNT], force }, check);
  return accounts;
}

/** A check that finds `last` stored. */
export const checkOf = (last: StoredToken, answers: Answers = {}): FakeCheck =>
  fakeCheck({ read: () => [last], ...answers });

/** Due as aging: half of its 24 h is left. */
export const aging = stored({
  issuedAtMs: NOW_MS - 12 * HOUR_MS,
  expiresAtMs: NOW_MS + 12 * HOUR_MS,
});

/** What reading a secret without a usable value ends with. */
export const unusable = new RotationError("credentials-unusable", "The secret cannot be read.");
