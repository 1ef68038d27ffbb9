/**
 * The keys of AWS KMS as far as the stand-in's services use them: which exist, in what state,
 * and the calls to KMS that the services make on the caller's behalf. Nothing is encrypted.
 */
import { randomUUID } from "node:crypto";

/** A call to KMS that a service made for the caller, who needs the permission for it. */
export interface KmsUse {
  action: "kms:Encrypt" | "kms:Decrypt" | "kms:GenerateDataKey";
  keyArn: string;
  encryptionContext: Record<string, string>;
}

/** https://docs.aws.amazon.com/kms/latest/developerguide/key-state.html */
export type KeyState = "Enabled" | "Disabled";

/** KMS's own refusal; each service wraps it in an error of its own. */
export class KmsRefusal extends Error {
  readonly code: "NotFoundException" | "DisabledException";

  constructor(code: KmsRefusal["code"], message: string) {
    super(message);
    this.code = code;
  }
}

/** The keys of one account and Region: two AWS-managed ones, and what {@link createKey} made. */
export class KeyManagement {
  readonly #arnPrefix: string;
  readonly #states = new Map<string, KeyState>();
  readonly #aliases: ReadonlyMap<string, string>;

  constructor(place: { region: string; accountId: string }) {
    this.#arnPrefix = `arn:aws:kms:${place.region}:${place.accountId}:key/`;
    this.#aliases = new Map([
      ["alias/aws/ssm", this.createKey()],
      ["alias/aws/secretsmanager", this.createKey()],
    ]);
  }

  /** Makes an enabled key. Returns its ARN. */
  createKey(): string {
    const arn = this.#arnPrefix + randomUUID();
    this.#states.set(arn, "Enabled");
    return arn;
  }

  /** Throws when there is no such key: a test with a wrong ARN must not pass by accident. */
  setKeyState(keyArn: string, state: KeyState): void {
    if (!this.#states.has(keyArn)) throw new Error(`No key ${keyArn}`);
    this.#states.set(keyArn, state);
  }

  /** The ARN of the key with this ARN or alias. Throws {@link KmsRefusal} when there is none. */
  resolve(keyId: string): string {
    const arn = this.#aliases.get(keyId) ?? keyId;
    if (this.#states.has(arn)) return arn;
    throw new KmsRefusal("NotFoundException", `Key '${keyId}' does not exist`);
  }

  /**
   * Makes one call to KMS: notes it in `uses`, a refused one included because it reaches KMS, then
   * throws {@link KmsRefusal} if the key's state forbids it.
   */
  use(use: KmsUse, uses: KmsUse[]): void {
    uses.push(use);
    if (this.#states.get(use.keyArn) === "Enabled") return;
    throw new KmsRefusal("DisabledException", `${use.keyArn} is disabled.`);
  }
}
