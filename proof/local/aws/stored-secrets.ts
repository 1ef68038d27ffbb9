/**
 * The secrets that there are, and how a request's id finds one of them.
 * Used by `secrets-manager.ts`, which owns what happens to a secret.
 *
 * https://docs.aws.amazon.com/secretsmanager/latest/userguide/whats-in-a-secret.html
 */
import { randomInt } from "node:crypto";
import { AwsError } from "./aws-error.ts";
import type { SecretVersions } from "./secret-versions.ts";

/** The secrets of one account and Region, each until its recovery window ends. */
export class StoredSecrets {
  readonly #arnPrefix: string;
  readonly #now: () => number;
  /** By name. */
  readonly #secrets = new Map<string, Secret>();

  constructor(options: { place: { region: string; accountId: string }; now: () => number }) {
    const { region, accountId } = options.place;
    this.#arnPrefix = `arn:aws:secretsmanager:${region}:${accountId}:secret:`;
    this.#now = options.now;
  }

  /** A new ARN for a secret of this name: a secret made anew under an old name gets another. */
  newArn(name: string): string {
    return `${this.#arnPrefix}${name}-${randomSuffix()}`;
  }

  add(secret: Secret): void {
    this.#secrets.set(secret.name, secret);
  }

  delete(secret: Secret): void {
    this.#secrets.delete(secret.name);
  }

  clear(): void {
    this.#secrets.clear();
  }

  /** The secret of this id, unless it is scheduled for deletion. Throws where there is none. */
  active(id: string): Secret {
    const secret = this.existing(id);
    if (secret.deletionMs === undefined) return secret;
    throw new AwsError(
      "InvalidRequestException",
      "You can't perform this operation on the secret because it was marked for deletion.",
    );
  }

  /** The secret of this id, also where it is scheduled for deletion. Throws where there is none. */
  existing(id: string): Secret {
    const secret = this.find(id);
    if (secret) return secret;
    throw new AwsError(
      "ResourceNotFoundException",
      "Secrets Manager can't find the specified secret.",
    );
  }

  /** The secret of this id, if there is one: by name, by ARN, or by ARN without its random suffix. */
  find(id: string): Secret | undefined {
    const secret =
      this.#secrets.get(id) ??
      [...this.#secrets.values()].find(
        ({ arn, name }) => arn === id || `${this.#arnPrefix}${name}` === id,
      );
    // AWS promises no moment for the end of a secret whose window has passed. The earliest one is
    // taken: nobody may count on more.
    if (secret?.deletionMs !== undefined && secret.deletionMs <= this.#now()) {
      this.delete(secret);
      return undefined;
    }
    return secret;
  }
}

/** A secret as it is kept. */
export interface Secret {
  name: string;
  arn: string;
  description: string | undefined;
  /** As it was given. Without it the AWS-managed key is used. */
  keyId: string | undefined;
  tags: { Key: string; Value: string }[] | undefined;
  versions: SecretVersions;
  createdMs: number;
  changedMs: number;
  accessedMs: number | undefined;
  /** End of the recovery window of a secret that is scheduled for deletion. */
  deletionMs: number | undefined;
}

function randomSuffix(): string {
  const characters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
  return Array.from({ length: 6 }, () => characters.charAt(randomInt(characters.length))).join("");
}
