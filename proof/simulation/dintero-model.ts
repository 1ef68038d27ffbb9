/**
 * Dintero's token endpoint, behind the interface that the check uses. It attempts and waits as
 * `lambda/dintero.ts` does.
 */
import type { TokenEndpoint } from "../../lambda/dintero.ts";
import { RotationError } from "../../lambda/errors.ts";
import { expiryMs } from "../../lambda/renewal-policy.ts";
import type { IssuedToken } from "../../lambda/token-reply.ts";
import type { IsFaulty } from "./incidents.ts";
import type { Random } from "./random.ts";
import type { VirtualTime } from "./virtual-time.ts";

export interface DinteroModelOptions {
  readonly time: VirtualTime;
  readonly random: Random;
  readonly isFaulty: IsFaulty;
  readonly lifetimeSeconds: number;
  /** Probability that all attempts of a renewal meet a passing fault. */
  readonly faultRate: number;
}

const FOUR_HOURS_SECONDS = 4 * 3600;

export class DinteroModel {
  /** Requests so far, whether or not a token was issued. */
  requests = 0;
  readonly #options: DinteroModelOptions;
  readonly #issued = new Map<string, IssuedToken>();
  readonly #lastToken = new Map<string, IssuedToken>();

  constructor(options: DinteroModelOptions) {
    this.#options = options;
  }

  /** `undefined` for what Dintero never issued. */
  issued(accessToken: string): IssuedToken | undefined {
    return this.#issued.get(accessToken);
  }

  readonly endpoint: TokenEndpoint = {
    requestToken: async (accountId, credentials, signal) => {
      const { time, random, isFaulty, faultRate } = this.#options;
      this.requests += 1;
      const issuedAtMs = time.now();
      if (isFaulty("dintero-down", accountId) || random.chance(faultRate)) {
        // Three attempts of up to 5 s, and the waits between them.
        await time.sleep(random.between(1_000, 18_000), signal);
        throw new RotationError("unavailable", "Dintero is down.");
      }
      if (isFaulty("dintero-rate-limits", accountId)) {
        await time.sleep(random.between(1_000, 12_000), signal);
        throw new RotationError("rate-limited", "Dintero answers 429.");
      }
      if (isFaulty("dintero-rejects", accountId) || credentials.client_id === WRONG_CLIENT_ID) {
        throw new RotationError("credentials-rejected", "Dintero rejects the credentials.");
      }
      const last = this.#lastToken.get(accountId);
      if (isFaulty("dintero-same-token", accountId) && last) return { ...last, issuedAtMs };
      const lifetimeSeconds = isFaulty("dintero-lifetime-4h", accountId)
        ? FOUR_HOURS_SECONDS
        : this.#options.lifetimeSeconds;
      return this.#issue(accountId, issuedAtMs, lifetimeSeconds);
    },
  };

  #issue(accountId: string, issuedAtMs: number, lifetimeSeconds: number): IssuedToken {
    const token = {
      accessToken: `token-${accountId}-${this.#issued.size}`,
      issuedAtMs,
      expiresAtMs: expiryMs(issuedAtMs, lifetimeSeconds),
    };
    this.#issued.set(token.accessToken, token);
    this.#lastToken.set(accountId, token);
    return token;
  }
}

/** What the secrets model stores as wrong has this id. */
export const WRONG_CLIENT_ID = "wrong";
