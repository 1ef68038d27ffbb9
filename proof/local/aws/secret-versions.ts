/**
 * The versions of one secret and the staging labels that move between them.
 *
 * https://docs.aws.amazon.com/secretsmanager/latest/userguide/whats-in-a-secret.html#term_version
 */

/** One value that a secret had or has, text or bytes in Base64. */
export interface SecretVersion {
  readonly id: string;
  readonly SecretString: string | undefined;
  readonly SecretBinary: string | undefined;
}

/** The label of the version that a reader gets who asks for none. */
export const CURRENT = "AWSCURRENT";

/** The label that the last current version gets. */
const PREVIOUS = "AWSPREVIOUS";

/** Every label belongs to one version at most; a version can have several or none. */
export class SecretVersions {
  readonly #versions = new Map<string, SecretVersion>();
  /** Version id by label. */
  readonly #stages = new Map<string, string>();

  /** Adds a version and gives it `stages`. If AWSCURRENT moves, AWSPREVIOUS moves to where it was. */
  add(version: SecretVersion, stages: readonly string[]): void {
    this.#versions.set(version.id, version);
    const current = this.#stages.get(CURRENT);
    if (current !== undefined && stages.includes(CURRENT)) this.#stages.set(PREVIOUS, current);
    for (const stage of stages) this.#stages.set(stage, version.id);
  }

  byId(id: string): SecretVersion | undefined {
    return this.#versions.get(id);
  }

  byStage(stage: string): SecretVersion | undefined {
    return this.#versions.get(this.#stages.get(stage) ?? "");
  }

  /** The labels of a version. */
  stagesOf(id: string): string[] {
    return [...this.#stages].flatMap(([stage, versionId]) => (versionId === id ? [stage] : []));
  }

  /** Labels by version id; `undefined` for a secret without a value. Versions without a label are left out. */
  idsToStages(): Record<string, string[]> | undefined {
    const ids = [...new Set(this.#stages.values())];
    return ids.length === 0
      ? undefined
      : Object.fromEntries(ids.map((id) => [id, this.stagesOf(id)]));
  }
}
