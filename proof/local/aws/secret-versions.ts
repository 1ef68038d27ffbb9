/**
 * The versions of one secret and the staging labels that move between them.
 * Used by `secrets-manager.ts`.
 *
 * https://docs.aws.amazon.com/secretsmanager/latest/userguide/whats-in-a-secret.html#term_version
 */
import { AwsError } from "./aws-error.ts";

/** The secret text or the secret bytes. */
export type SecretValue = { text: string } | { bytes: Buffer };

/** One value that a secret had or has. */
export interface SecretVersion {
  id: string;
  value: SecretValue;
  /** The key that this value is encrypted under. */
  keyArn: string;
  createdMs: number;
}

/** The label of the version that a reader gets who asks for none. */
export const CURRENT = "AWSCURRENT";

/** The label that the last current version gets. */
const PREVIOUS = "AWSPREVIOUS";

/** https://docs.aws.amazon.com/secretsmanager/latest/userguide/reference_limits.html */
const MAX_STAGES = 20;

/** Versions without a label are dropped above this number once they are a day old. */
const MAX_VERSIONS = 100;
const DAY_MS = 24 * 60 * 60 * 1000;

/** Every label belongs to one version at most; a version can have several or none. */
export class SecretVersions {
  readonly #versions = new Map<string, SecretVersion>();
  /** Version id by label. */
  readonly #stages = new Map<string, string>();

  /**
   * Throws unless a new version could get these labels: a secret has 20 at most. It is asked
   * before a version is added, since a refused request leaves nothing behind.
   */
  checkRoomFor(stages: readonly string[]): void {
    if (new Set([...this.#stages.keys(), ...stages]).size <= MAX_STAGES) return;
    throw new AwsError(
      "LimitExceededException",
      `A secret can have a maximum of ${MAX_STAGES} staging labels.`,
    );
  }

  /**
   * Adds a version and gives it `stages`. The first version of a secret is always the current one:
   * https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_PutSecretValue.html
   */
  add(version: SecretVersion, stages: readonly string[]): void {
    const isFirst = this.#versions.size === 0;
    this.#versions.set(version.id, version);
    for (const stage of isFirst ? [...stages, CURRENT] : stages) this.#move(stage, version.id);
    this.#dropDeprecated(version.createdMs);
  }

  byId(id: string): SecretVersion | undefined {
    return this.#versions.get(id);
  }

  byStage(stage: string): SecretVersion | undefined {
    return this.#versions.get(this.#stages.get(stage) ?? "");
  }

  /** The labels of a version, sorted. */
  stagesOf(id: string): string[] {
    return [...this.#stages]
      .filter(([, versionId]) => versionId === id)
      .map(([stage]) => stage)
      .sort();
  }

  /** Labels by version id. Versions without a label are deprecated and left out. */
  idsToStages(): Record<string, string[]> {
    return Object.fromEntries(
      [...this.#versions.keys()]
        .map((id): [string, string[]] => [id, this.stagesOf(id)])
        .filter(([, stages]) => stages.length > 0),
    );
  }

  /**
   * Takes a label from one version, gives it to another, or both. Throws unless `from` is the
   * version that has the label now.
   *
   * https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_UpdateSecretVersionStage.html;
   * wording: https://github.com/hashicorp/terraform-provider-aws/issues/19943,
   * https://github.com/getmoto/moto/blob/master/moto/secretsmanager/models.py
   */
  relabel(stage: string, from: string | undefined, to: string | undefined): void {
    for (const id of [from, to]) {
      if (id !== undefined && !this.#versions.has(id)) throw invalid(`Not a valid version: ${id}`);
    }
    const holder = this.#stages.get(stage);
    if (holder !== undefined && from === undefined) {
      throw invalid(
        `The parameter RemoveFromVersionId can't be empty. Staging label ${stage} is currently attached to version ${holder}, so you must explicitly reference that version in RemoveFromVersionId.`,
      );
    }
    if (holder !== from) {
      throw invalid(
        `When you move staging label ${stage}, if you specify RemoveFromVersionId, it must be set to the version that currently has the staging label.`,
      );
    }
    if (to !== undefined) {
      this.checkRoomFor([stage]);
      this.#move(stage, to);
    } else if (stage === CURRENT) {
      throw invalid(
        `You can only move staging label ${CURRENT} to a different secret version. It can't be completely removed.`,
      );
    } else {
      this.#stages.delete(stage);
    }
  }

  // Where AWSCURRENT moves, AWSPREVIOUS moves to where it was.
  #move(stage: string, id: string): void {
    const from = this.#stages.get(stage);
    if (from === id) return;
    this.#stages.set(stage, id);
    if (stage === CURRENT && from !== undefined) this.#stages.set(PREVIOUS, from);
  }

  #dropDeprecated(nowMs: number): void {
    for (const { id, createdMs } of this.#versions.values()) {
      if (this.#versions.size <= MAX_VERSIONS) return;
      if (this.stagesOf(id).length === 0 && nowMs - createdMs >= DAY_MS) this.#versions.delete(id);
    }
  }
}

function invalid(message: string): AwsError {
  return new AwsError("InvalidParameterException", message);
}
