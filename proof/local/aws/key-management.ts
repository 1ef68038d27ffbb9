/**
 * The keys of AWS KMS as far as the stand-in's services and their callers use them: which exist, in what
 * state, and the calls to KMS that the services make on the caller's behalf. Nothing is encrypted.
 */
import { randomUUID } from "node:crypto";
import * as v from "valibot";
import { AwsError } from "./aws-error.ts";
import { type Operation, type OperationContext, operation } from "./aws-operation.ts";

/** A call to KMS that a service made for the caller, who needs the permission for it. */
export interface KmsUse {
  action: "kms:Encrypt" | "kms:Decrypt" | "kms:GenerateDataKey";
  keyArn: string;
  encryptionContext: Record<string, string>;
}

/** https://docs.aws.amazon.com/kms/latest/developerguide/key-state.html */
export type KeyState = "Enabled" | "Disabled" | "PendingDeletion";

/** KMS's own refusal; each service wraps it in an error of its own. */
export class KmsRefusal extends Error {
  readonly code:
    | "AccessDeniedException"
    | "NotFoundException"
    | "DisabledException"
    | "KMSInvalidStateException";

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

  /** https://docs.aws.amazon.com/kms/latest/APIReference/API_DescribeKey.html */
  readonly operations: ReadonlyMap<string, Operation> = new Map([
    [
      "DescribeKey",
      operation(v.strictObject({ KeyId: v.string() }), ({ KeyId }) => {
        try {
          const arn = this.resolve(KeyId);
          return { KeyMetadata: { Arn: arn, KeyState: this.#states.get(arn) } };
        } catch (error) {
          if (!(error instanceof KmsRefusal)) throw error;
          throw new AwsError(error.code, error.message);
        }
      }),
    ],
  ]);

  /** Throws when there is no such key: a test with a wrong ARN must not pass by accident. */
  setKeyState(keyArn: string, state: KeyState): void {
    if (!this.#states.has(keyArn)) throw new Error(`No key ${keyArn}`);
    this.#states.set(keyArn, state);
  }

  /** Throws when there is no such key. */
  deleteKey(keyArn: string): void {
    if (!this.#states.delete(keyArn)) throw new Error(`No key ${keyArn}`);
  }

  /** The ARN of the key with this ARN or alias. Throws {@link KmsRefusal} when there is none. */
  resolve(keyId: string): string {
    const arn = this.#aliases.get(keyId) ?? keyId;
    if (this.#states.has(arn)) return arn;
    throw new KmsRefusal("NotFoundException", `Key '${keyId}' does not exist`);
  }

  /**
   * Makes one call to KMS: reports it to the context, a refused one included because it reaches KMS, then
   * throws {@link KmsRefusal} if the caller's policies or the key's state forbid it.
   */
  use(use: KmsUse, { onKmsUse }: OperationContext): void {
    try {
      onKmsUse(use);
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      throw new KmsRefusal("AccessDeniedException", error.message);
    }
    const state = this.#states.get(use.keyArn);
    if (state === "Enabled") return;
    if (state === "PendingDeletion") {
      throw new KmsRefusal("KMSInvalidStateException", `${use.keyArn} is pending deletion.`);
    }
    throw new KmsRefusal("DisabledException", `${use.keyArn} is disabled.`);
  }
}
