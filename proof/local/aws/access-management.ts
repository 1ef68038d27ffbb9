/**
 * AWS IAM in front of the stand-in: whose credentials sign a call, and whether the caller's policies
 * allow it. The engineer may do everything, a role what its policies allow.
 */
import { accessOfCall, accessOfKeyUse, type CallSite } from "../iam/implied-access.ts";
import { type AccessRequest, isAllowed, type PolicyDocument } from "../iam/policy-evaluator.ts";
import { accessDenied } from "./access-denied.ts";
import type { RequestedCall } from "./aws-wire.ts";
import type { KmsUse } from "./key-management.ts";

export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** Temporary credentials have one. */
  readonly sessionToken?: string;
}

export interface Caller {
  readonly arn: string;
  readonly credentials: Credentials;
}

export interface RolePolicies {
  readonly identity: readonly PolicyDocument[];
  /** The policy of the customer-managed key. */
  readonly key: PolicyDocument;
}

/** A role, with the credentials of its one session. It is allowed nothing until it has policies. */
export interface Role extends Caller {
  policies?: RolePolicies;
}

/** The callers of one account. */
export class AccessManagement {
  readonly accountId: string;
  readonly engineer: Caller;
  readonly #site: CallSite;
  readonly #roles: Role[] = [];
  /** By `Sid`. */
  readonly #revoked = new Set<string>();

  /** @param options.secretArn - the ARN of the secret with that name, if it exists. */
  constructor(options: {
    readonly place: { readonly region: string; readonly accountId: string };
    readonly secretArn: (name: string) => string | undefined;
  }) {
    const { region, accountId } = options.place;
    this.accountId = accountId;
    this.engineer = {
      arn: `arn:aws:iam::${accountId}:user/engineer`,
      credentials: {
        accessKeyId: "AKIASTANDIN000000000",
        secretAccessKey: "stand-in/secret/access/key/of/forty/chars",
      },
    };
    this.#site = {
      ...{ partition: "aws", region, accountId },
      principalArn: `arn:aws:iam::${accountId}:role/tokens-role`,
      // IAM decides before the service looks for the secret, so on an ARN that no secret has:
      // https://github.com/jenkinsci/aws-secrets-manager-credentials-provider-plugin/pull/65
      secretArn: (name) =>
        options.secretArn(name) ??
        `arn:aws:secretsmanager:${region}:${accountId}:secret:${name}-Absent`,
    };
  }

  get callers(): readonly Caller[] {
    return [this.engineer, ...this.#roles];
  }

  createRole(): Role {
    const number = String(this.#roles.length + 1).padStart(9, "0");
    const role = {
      arn: `arn:aws:sts::${this.accountId}:assumed-role/tokens-role/tokens-check`,
      credentials: {
        accessKeyId: `ASIASTANDIN${number}`,
        secretAccessKey: "stand-in/secret/access/key/of/a/session",
        sessionToken: `session-${number}`,
      },
    };
    this.#roles.push(role);
    return role;
  }

  /**
   * Removes a statement from the policies of every role. Returns a function that restores it.
   * @throws Error when no role has such a statement: a test with a wrong `sid` must not pass by accident.
   */
  revoke(sid: string): () => void {
    const statements = this.#roles.flatMap(({ policies }) => policies?.identity ?? []);
    if (!statements.flatMap(({ Statement }) => Statement).some(({ Sid }) => Sid === sid)) {
      throw new Error(`No role has a statement ${sid}`);
    }
    this.#revoked.add(sid);
    return () => void this.#revoked.delete(sid);
  }

  /** Gives back all that was revoked. */
  restore(): void {
    this.#revoked.clear();
  }

  /** Throws {@link AwsError} unless the caller is allowed all that the call needs. */
  authorizeCall(caller: Caller, call: RequestedCall): void {
    const role = this.#roleOf(caller);
    if (role) this.#authorize(role, accessOfCall(call, this.#site));
  }

  /** Throws {@link AwsError} unless the caller is allowed what the service asks of the key. */
  authorizeKeyUse(caller: Caller, { service }: RequestedCall, use: KmsUse): void {
    const role = this.#roleOf(caller);
    if (role) this.#authorize(role, [accessOfKeyUse(service, use, this.#site)]);
  }

  #roleOf(caller: Caller): Role | undefined {
    return this.#roles.find((role) => role === caller);
  }

  #authorize({ arn, policies }: Role, requests: readonly AccessRequest[]): void {
    const identity = (policies?.identity ?? [])
      .map(({ Version, Statement }) => ({
        Version,
        Statement: [Statement].flat().filter(({ Sid = "" }) => !this.#revoked.has(Sid)),
      }))
      .filter(({ Statement }) => Statement.length > 0);
    for (const request of requests) {
      const isOfKey = request.action.startsWith("kms:");
      const ofResource = isOfKey && policies ? { resource: policies.key } : {};
      if (!policies || !isAllowed(request, { identity, ...ofResource })) {
        throw accessDenied(arn, request);
      }
    }
  }
}
