/**
 * Parameter Store, behind the interface that the check uses: versions, modification times, and a
 * stale read now and then. Follows `lambda/token-store.ts`.
 */
import { RotationError } from "../../lambda/errors.ts";
import type { StoredToken, TokenStatus } from "../../lambda/renewal-policy.ts";
import type { TokenStore } from "../../lambda/token-store.ts";
import type { IsFaulty } from "./incidents.ts";
import type { Random } from "./random.ts";
import type { VirtualTime } from "./virtual-time.ts";

export interface StoreModelOptions {
  readonly time: VirtualTime;
  readonly random: Random;
  readonly isFaulty: IsFaulty;
  /** Probability that a read within {@link STALE_MS} of a write gives what was there before it. */
  readonly staleRate: number;
  /** Receives every change of what a reader gets. */
  readonly onTokenChange: (accountId: string, value: string | undefined) => void;
}

/** Parameter Store is eventually consistent. AWS gives no time; this is on the bad side. */
const STALE_MS = 10_000;

interface Entry {
  readonly token?: { readonly version: number; readonly lastModifiedMs: number };
  readonly status?: { readonly lastModifiedMs: number; readonly status: TokenStatus };
}

/** A check that may have died: then none of its operations comes back. */
export interface Instance {
  isDead: boolean;
}

export class StoreModel {
  readonly #options: StoreModelOptions;
  readonly #entries = new Map<string, Entry>();
  readonly #before = new Map<string, { readonly entry: Entry; readonly replacedAtMs: number }>();

  constructor(options: StoreModelOptions) {
    this.#options = options;
  }

  /** A person overwrites the token, or deletes it. */
  edit(accountId: string, value: string | undefined): void {
    if (value !== undefined) {
      this.#putToken(accountId, value);
      return;
    }
    const { token: _, ...rest } = this.#entry(accountId);
    this.#set(accountId, rest);
    this.#options.onTokenChange(accountId, undefined);
  }

  /** Whether one renewal wrote both the token and its status; true if there is neither. */
  agrees(accountId: string): boolean {
    const { token, status } = this.#entry(accountId);
    return token?.version === status?.status.tokenVersion;
  }

  /** The store as one running check sees it. */
  forInstance(instance: Instance): TokenStore {
    return {
      read: async (accountIds) => {
        await this.#step(instance);
        this.#check("read", accountIds);
        return accountIds.map((accountId) => this.#read(accountId));
      },
      writeToken: async (accountId, accessToken) => {
        await this.#step(instance);
        this.#check("write", [accountId]);
        return this.#putToken(accountId, accessToken);
      },
      // A crash in between leaves the token without its status.
      writeStatus: async (accountId, status) => {
        await this.#step(instance);
        this.#check("write", [accountId]);
        const lastModifiedMs = this.#options.time.now();
        this.#set(accountId, { ...this.#entry(accountId), status: { lastModifiedMs, status } });
      },
    };
  }

  async #step(instance: Instance): Promise<void> {
    const { time, random } = this.#options;
    // Most operations take no time that matters; some take long enough to be overtaken.
    if (random.chance(0.02)) await time.sleep(random.between(10, 3_000));
    if (instance.isDead) await new Promise(() => undefined);
  }

  #check(operation: "read" | "write", accountIds: readonly string[]): void {
    const { isFaulty } = this.#options;
    const isDown = isFaulty("ssm-down");
    // One name that a policy denies makes AWS refuse them all.
    const isDenied = accountIds.some((id) => isFaulty(`permission-${operation}-lost`, id));
    if (!isDown && !isDenied) return;
    // AWS answered: so the account fails, and not the whole check.
    const $metadata = { httpStatusCode: isDown ? 500 : 400 };
    const name = isDown ? "InternalServerError" : "AccessDeniedException";
    const cause = Object.assign(new Error("Parameter Store refuses."), { name, $metadata });
    throw new RotationError("store-failed", "Parameter Store refuses.", { cause });
  }

  #read(accountId: string): StoredToken {
    const { time, random, staleRate } = this.#options;
    const before = this.#before.get(accountId);
    const isRecent = before !== undefined && time.now() - before.replacedAtMs < STALE_MS;
    const { token, status } =
      isRecent && random.chance(staleRate) ? before.entry : this.#entry(accountId);
    return { ...(token && { tokenParameter: token }), ...(status && { statusParameter: status }) };
  }

  #putToken(accountId: string, value: string): number {
    const entry = this.#entry(accountId);
    const version = (entry.token?.version ?? 0) + 1;
    this.#set(accountId, {
      ...entry,
      token: { version, lastModifiedMs: this.#options.time.now() },
    });
    this.#options.onTokenChange(accountId, value);
    return version;
  }

  #entry(accountId: string): Entry {
    return this.#entries.get(accountId) ?? {};
  }

  #set(accountId: string, entry: Entry): void {
    this.#before.set(accountId, {
      entry: this.#entry(accountId),
      replacedAtMs: this.#options.time.now(),
    });
    this.#entries.set(accountId, entry);
  }
}
