/**
 * What AWS authorizes for a call: the operation itself, what it implies, and the uses of keys on the
 * caller's behalf.
 */
import * as v from "valibot";
import type { AwsService, RequestedCall } from "../aws/aws-wire.ts";
import type { KmsUse } from "../aws/key-management.ts";
import type { AccessRequest } from "./policy-evaluator.ts";

/** Who called, and where. */
export interface CallSite {
  partition: string;
  region: string;
  /** AWS account. */
  accountId: string;
  /** The role whose credentials signed the call. */
  principalArn: string;
  /** The full ARN, with AWS's random suffix, of the secret that a call names. */
  secretArn: (secretId: string) => string;
}

/**
 * The requests that must all be allowed before the operation is done. Sources: the Service
 * Authorization Reference of
 * Systems Manager (https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssystemsmanager.html),
 * Secrets Manager (https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssecretsmanager.html) and
 * KMS (https://docs.aws.amazon.com/service-authorization/latest/reference/list_awskeymanagementservice.html).
 *
 * @throws Error for an operation, or a way to name a parameter, that it does not know.
 */
export function accessOfCall(call: RequestedCall, site: CallSite): AccessRequest[] {
  const { accountId, principalArn } = site;
  const name = `${call.service}:${call.operation}`;
  const targets = TARGETS.get(name);
  if (!targets) throw new Error(`Unknown operation ${name}`);
  return targets(call.input, site).map(({ action = name, resource }) => ({
    principalArn,
    accountId,
    action,
    resource,
  }));
}

/** The request that must be allowed before a service uses a key for the caller. */
export function accessOfKeyUse(
  service: AwsService,
  { action, keyArn, encryptionContext }: KmsUse,
  { accountId, principalArn, region }: CallSite,
): AccessRequest {
  return {
    principalArn,
    accountId,
    action,
    resource: keyArn,
    // https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html
    context: {
      "kms:ViaService": `${service}.${region}.amazonaws.com`,
      "kms:CallerAccount": accountId,
      ...Object.fromEntries(
        Object.entries(encryptionContext).map(([key, value]) => [
          `kms:EncryptionContext:${key}`,
          value,
        ]),
      ),
    },
  };
}

/** `action`: default the operation's own. */
type Targets = (input: unknown, site: CallSite) => { action?: string; resource: string }[];

const OfKey = v.object({ KeyId: v.string() });
const Named = v.object({ Name: v.string() });
const NamedSeveral = v.object({ Names: v.array(v.string()) });
const Put = v.object({ Name: v.string(), Tags: v.optional(v.array(v.unknown()), []) });
const OfSecret = v.object({ SecretId: v.string() });

const ofSecret: Targets = (input, site) => [
  { resource: site.secretArn(v.parse(OfSecret, input).SecretId) },
];

const TARGETS = new Map<string, Targets>([
  [
    "ssm:GetParameter",
    (input, site) => [{ resource: parameterArn(v.parse(Named, input).Name, site) }],
  ],
  [
    "ssm:GetParameters",
    (input, site) =>
      v.parse(NamedSeveral, input).Names.map((name) => ({ resource: parameterArn(name, site) })),
  ],
  [
    "ssm:PutParameter",
    (input, site) => {
      const { Name, Tags } = v.parse(Put, input);
      const resource = parameterArn(Name, site);
      const tagging = { action: "ssm:AddTagsToResource", resource };
      return [{ resource }, ...(Tags.length > 0 ? [tagging] : [])];
    },
  ],
  ["kms:DescribeKey", (input) => [{ resource: v.parse(OfKey, input).KeyId }]],
  ["secretsmanager:DescribeSecret", ofSecret],
  ["secretsmanager:GetSecretValue", ofSecret],
]);

// An ARN, a version or a label in the name is something that nobody here calls with.
function parameterArn(name: string, { partition, region, accountId }: CallSite): string {
  if (!/^[\w./-]+$/.test(name)) throw new Error(`Unknown form of a parameter's name: "${name}"`);
  return `arn:${partition}:ssm:${region}:${accountId}:parameter/${name.replace(/^\//, "")}`;
}
