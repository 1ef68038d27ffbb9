/**
 * Secrets Manager, behind the interface that the check uses: one secret per account, with versions.
 * Follows `lambda/credentials.ts`.
 */
import type { Credentials, CredentialsSource } from "../../lambda/credentials.ts";
import { RotationError } from "../../lambda/errors.ts";
import { WRONG_CLIENT_ID } from "./dintero-model.ts";
import type { IsFaulty } from "./incidents.ts";

export class SecretsModel {
  readonly #versions = new Map<string, number>();
  readonly #content = new Map<string, "good" | "wrong" | "none">();
  readonly #isFaulty: IsFaulty;

  constructor(isFaulty: IsFaulty) {
    this.#isFaulty = isFaulty;
  }

  /** A person stores something, or the value gets lost. */
  store(accountId: string, content: "good" | "wrong" | "none"): void {
    this.#versions.set(accountId, (this.#versions.get(accountId) ?? 0) + 1);
    this.#content.set(accountId, content);
  }

  readonly source: CredentialsSource = {
    currentVersionId: async (accountId) =>
      this.#hasValue(accountId) ? this.#versionId(accountId) : undefined,
    read: async (accountId): Promise<Credentials> => {
      if (this.#isFaulty("permission-secret-lost") || !this.#hasValue(accountId)) {
        throw new RotationError("credentials-unusable", "The secret cannot be read.");
      }
      const isWrong = this.#content.get(accountId) === "wrong";
      return {
        client_id: isWrong ? WRONG_CLIENT_ID : "client",
        client_secret: "secret",
        versionId: this.#versionId(accountId),
      };
    },
  };

  #hasValue(accountId: string): boolean {
    return (this.#content.get(accountId) ?? "none") !== "none";
  }

  #versionId(accountId: string): string {
    return `version-${this.#versions.get(accountId)}`;
  }
}
