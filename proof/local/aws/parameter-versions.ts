/**
 * The versions of one parameter and the labels that move between them.
 * Used by `parameter-store.ts`.
 *
 * https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-paramstore-versions.html,
 * https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-paramstore-labels.html
 */
import { AwsError } from "./aws-error.ts";
import type { Encryption } from "./parameter-keys.ts";
import type { ParameterType, Tier } from "./parameter-rules.ts";

const MAX_VERSIONS = 100;
const MAX_LABELS = 10;

/** The last 100. Every label belongs to one version at most; a version can have several or none. */
export class ParameterVersions {
  /** The parameter's, for messages. */
  readonly #name: string;
  /** Oldest first. */
  readonly #versions: ParameterVersion[] = [];

  constructor(name: string) {
    this.#name = name;
  }

  /** The newest version, which a reader gets who asks for none. */
  get last(): ParameterVersion | undefined {
    return this.#versions.at(-1);
  }

  /**
   * Throws where a new version would push out one with a label. It is asked before a version is
   * added, since a refused request leaves nothing behind.
   */
  checkRoom(): void {
    const [oldest] = this.#versions;
    if (this.#versions.length < MAX_VERSIONS || !oldest || oldest.labels.size === 0) return;
    throw new AwsError(
      "ParameterMaxVersionLimitExceeded",
      `You attempted to create a new version of ${this.#name} by calling the PutParameter API with the overwrite flag. Version ${oldest.number}, the oldest version, can't be deleted because it has a label associated with it. Move the label to another version of the parameter, and try again.`,
    );
  }

  /** Adds the newest version; above 100 the oldest one goes. */
  add(version: ParameterVersion): void {
    this.#versions.push(version);
    if (this.#versions.length > MAX_VERSIONS) this.#versions.shift();
  }

  /** The version that a number or a label names, the last one without. Throws where there is none. */
  select(selector: string | undefined): ParameterVersion {
    const version =
      selector === undefined
        ? this.last
        : this.#versions.find(({ number, labels }) =>
            /^\d+$/.test(selector) ? number === Number(selector) : labels.has(selector),
          );
    if (!version) throw this.#notFound(selector);
    return version;
  }

  /**
   * Moves labels to a version, the last one without a number, and returns its number. Throws
   * where there is no such version, or where it would have more than 10 labels.
   */
  label(labels: readonly string[], number = this.last?.number): number {
    const target = this.#versions.find((version) => version.number === number);
    if (!target) throw this.#notFound(String(number));
    if (new Set([...target.labels, ...labels]).size > MAX_LABELS) {
      throw new AwsError(
        "ParameterVersionLabelLimitExceeded",
        `A parameter version can have maximum ${MAX_LABELS} labels. Move one or more labels to another version and try again.`,
      );
    }
    for (const label of labels) {
      for (const version of this.#versions) version.labels.delete(label);
      target.labels.add(label);
    }
    return target.number;
  }

  #notFound(selector: string | undefined): AwsError {
    return new AwsError(
      "ParameterVersionNotFound",
      `Systems Manager could not find version ${selector} of ${this.#name}. Verify the version and try again.`,
    );
  }
}

/** One value that a parameter had or has. */
export interface ParameterVersion {
  number: number;
  type: ParameterType;
  value: string;
  tier: Tier;
  modifiedMs: number;
  labels: Set<string>;
  /** Of a SecureString. */
  encryption?: Encryption;
}
