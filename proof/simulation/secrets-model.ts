/**
 * Secrets Manager, behind the interface that the check uses: one secret per account, with versions.
 * Follows `lambda/credentials.ts`.
 */
import type { Credentials, CredentialsSource } from "../../lambda/credentials.ts";
import { RotationError } from "../../lambda/errors.ts";
import { WRONG_CLIENT_ID } from "./dintero-model.ts";
import type { IsFaulty } from "./incidents.ts";

type Content = "good" | "wrong" | "none";

export class SecretsModel {
  readonly #secrets = new Map<string, { readonly version: number; readonly content: Content }>();
  readonly #isFaulty: IsFaulty;

  constructor(isFaulty: IsFaulty) {
    this.#isFaulty = isFaulty;
  }

  /** A person stores something, or the value gets lost. */
  store(accountId: string, content: Content): void {
    const { version = 0 } = this.#secrets.get(accountId) ?? {};
    this.#secrets.set(accountId, { version: version + 1, content });
  }

  readonly source: CredentialsSource = {
    currentVersionId: async (accountId) => {
      if (this.#isFaulty("account-defect", accountId)) throw new TypeError("A bug.");
      if (this.#isFaulty("secret-deleted", accountId)) {
        throw new RotationError("credentials-unusable", "The secret is scheduled for deletion.");
      }
      return this.#current(accountId)?.versionId;
    },
    read: async (accountId): Promise<Credentials> => {
      const current = this.#current(accountId);
      if (this.#isFaulty("permission-secret-lost", accountId) || !current) {
        throw new RotationError("credentials-unusable", "The secret cannot be read.");
      }
      return current;
    },
  };

  #current(accountId: string): Credentials | undefined {
    const { version, content = "none" } = this.#secrets.get(accountId) ?? {};
    if (content === "none") return undefined;
    const client_id = content === "wrong" ? WRONG_CLIENT_ID : "client";
    return { client_id, client_secret: "secret", versionId: `version-${version}` };
  }
}
