/** What can go wrong for one account: how, and the code that it fails with. */
import {
  CreateSecretCommand,
  DeleteSecretCommand,
  PutSecretValueCommand,
} from "@aws-sdk/client-secrets-manager";
import { type AccountErrorCode, credentialsSecretName } from "../../lambda/contract.ts";
import type { AwsFault, AwsStandIn } from "../../proof/local/aws/aws-stand-in.ts";
import type { DinteroFault } from "../../proof/local/dintero/dintero-fault.ts";
import type { DinteroStandIn } from "../../proof/local/dintero/dintero-stand-in.ts";
import type { Sandbox } from "../../proof/local/sandbox.ts";
import { BODY_CANARY, SECRET_CANARY, TOKEN_CANARY } from "../support/canaries.ts";

export interface Deployment {
  readonly aws: AwsStandIn;
  readonly dintero: DinteroStandIn;
  readonly sandbox: Sandbox;
}

export interface BadInput {
  readonly name: string;
  readonly code: AccountErrorCode;
  /** Whether a reader gets the new token all the same. Default: the last good one. */
  readonly isStored?: true;
  /** Makes it go wrong. To mend it, faults are cleared and good credentials stored. */
  arrange(deployment: Deployment, accountId: string): void | Promise<void>;
  /** What has to be done before that. */
  mend?(deployment: Deployment, accountId: string): Promise<void>;
}

function secret(name: string, text: string): BadInput {
  return {
    name: `a secret that ${name}`,
    code: "credentials-unusable",
    arrange: ({ sandbox }, accountId) => sandbox.storeSecret(accountId, text),
  };
}

function fields(name: string, content: unknown): BadInput {
  return secret(name, JSON.stringify(content));
}

const id = "client";
const client_secret = SECRET_CANARY;

export const SECRETS: readonly BadInput[] = [
  {
    name: "a secret that is absent",
    code: "credentials-unusable",
    arrange: ({ sandbox }, accountId) => deleteSecret(sandbox, accountId),
    mend: ({ sandbox }, accountId) => sandbox.refresh([accountId]),
  },
  {
    name: "a secret that was deleted and made again by hand",
    code: "credentials-unusable",
    async arrange(deployment, accountId) {
      const { sandbox } = deployment;
      await deleteSecret(sandbox, accountId);
      await createSecret(deployment, accountId);
      await sandbox.storeSecret(accountId, JSON.stringify({ client_id: id, client_secret }));
    },
    mend: ({ sandbox }, accountId) => sandbox.refresh([accountId]),
  },
  {
    name: "a secret that lost its value",
    code: "credentials-unusable",
    async arrange({ sandbox }, accountId) {
      await deleteSecret(sandbox, accountId);
      await sandbox.refresh([accountId]);
    },
  },
  {
    name: "a secret that is binary",
    code: "credentials-unusable",
    async arrange({ sandbox }, accountId) {
      const SecretBinary = Buffer.from(JSON.stringify({ client_id: id, client_secret }));
      const SecretId = credentialsSecretName(accountId);
      await sandbox.secretsManager.send(new PutSecretValueCommand({ SecretId, SecretBinary }));
    },
  },
  secret("is not JSON", `client_secret=${SECRET_CANARY}`),
  fields("is an array", [id, client_secret]),
  fields("is a string", client_secret),
  fields("has no id", { client_secret }),
  fields("has no secret", { client_id: SECRET_CANARY }),
  fields("has an empty id", { client_id: "", client_secret }),
  fields("has an empty secret", { client_id: SECRET_CANARY.replace(":", ""), client_secret: "" }),
  fields("has an id that is no string", { client_id: 12345678, client_secret }),
  fields("has a secret that is no string", { client_id: id, client_secret: [client_secret] }),
  fields("has blanks around the id", { client_id: ` ${id}`, client_secret }),
  fields("has blanks around the secret", { client_id: id, client_secret: `${client_secret}\n` }),
  fields("has a colon in the id", { client_id: SECRET_CANARY, client_secret }),
  {
    name: "a secret that Dintero does not know",
    code: "credentials-rejected",
    arrange: ({ sandbox }, accountId) =>
      sandbox.storeSecret(accountId, JSON.stringify({ client_id: "another", client_secret })),
  },
];

/** Under the stack's key, as a careful person does. */
async function createSecret({ aws, sandbox }: Deployment, accountId: string): Promise<void> {
  const Name = credentialsSecretName(accountId);
  await sandbox.secretsManager.send(new CreateSecretCommand({ Name, KmsKeyId: aws.keyArn }));
}

async function deleteSecret(sandbox: Sandbox, accountId: string): Promise<void> {
  await sandbox.secretsManager.send(
    new DeleteSecretCommand({
      SecretId: credentialsSecretName(accountId),
      ForceDeleteWithoutRecovery: true,
    }),
  );
}

function reply(name: string, code: AccountErrorCode, effect: DinteroFault["effect"]): BadInput {
  return {
    name: `a reply ${name}`,
    code,
    arrange: ({ dintero }, accountId) => void dintero.addFault({ accountId, effect }),
  };
}

const page = { headers: { "content-type": "text/html" }, body: `<h1>${BODY_CANARY}</h1>` };
const shape = { body: JSON.stringify({ error: { message: BODY_CANARY } }) };

export const STATUSES: readonly BadInput[] = [
  ...[201, 204].map((status) => reply(`of status ${status}`, "bad-reply", { status })),
  ...[301, 307].map((status) =>
    reply(`of status ${status}, with a place to go`, "bad-reply", {
      status,
      headers: { location: "http://127.0.0.1:9/" },
    }),
  ),
  ...[400, 404, 418].map((status) =>
    reply(`of status ${status}`, "request-rejected", { status, ...shape }),
  ),
  ...[401, 403].map((status) =>
    reply(`of status ${status} in Dintero's form`, "credentials-rejected", { status, ...shape }),
  ),
  ...[401, 403].map((status) =>
    reply(`of status ${status} from a proxy`, "unavailable", { status, ...page }),
  ),
];

export const TRANSIENT_STATUSES: readonly BadInput[] = [
  ...[408, 500, 502, 503, 504].map((status) =>
    reply(`of status ${status}`, "unavailable", { status, ...page }),
  ),
  reply("of status 429", "rate-limited", { status: 429, ...shape }),
  ...["1", "-1", "99999999999", "Thu, 01 Jan 2099 00:00:00 GMT", BODY_CANARY].map((value) =>
    reply(`of status 429 that says Retry-After: ${value}`, "rate-limited", {
      status: 429,
      headers: { "retry-after": value.replace(/[^ -~]/gu, "") },
    }),
  ),
];

function body(name: string, content: unknown): BadInput {
  const text = typeof content === "string" ? content : JSON.stringify(content);
  return reply(`whose body is ${name}`, "bad-reply", { body: text });
}

function wrong(name: string, changes: Record<string, unknown>): BadInput {
  return reply(`with ${name}`, "bad-reply", { reply: (good) => ({ ...good, ...changes }) });
}

export const BODIES: readonly BadInput[] = [
  body("a page", page.body),
  body("empty", ""),
  body("an array", [TOKEN_CANARY]),
  body("a string", JSON.stringify(TOKEN_CANARY)),
  body("null", "null"),
  reply("whose body is truncated", "bad-reply", { truncate: 200 }),
  wrong("no access_token", { access_token: undefined }),
  wrong("an empty access_token", { access_token: "" }),
  wrong("a number as access_token", { access_token: 86400 }),
  wrong("a newline in access_token", { access_token: `${TOKEN_CANARY}\n` }),
  wrong("blanks in access_token", { access_token: `Bearer ${TOKEN_CANARY}` }),
  wrong("no token_type", { token_type: undefined }),
  wrong("token_type mac", { token_type: "mac" }),
  wrong("no expires_in", { expires_in: undefined }),
  wrong("expires_in 0", { expires_in: 0 }),
  wrong("a negative expires_in", { expires_in: -86400 }),
  wrong("a fraction as expires_in", { expires_in: 86400.5 }),
  wrong("a string as expires_in", { expires_in: "86400" }),
];

export const OTHER_REPLIES: readonly BadInput[] = [
  {
    ...wrong("9 KB of access_token", { access_token: TOKEN_CANARY.repeat(350) }),
    code: "store-failed",
  },
  wrong("an expired JWT", { access_token: jwt({ exp: 1 }) }),
  reply("that hands out the same token", "token-not-renewed", { sameToken: true }),
  reply("of 50 MB", "bad-reply", { huge: { bytes: 50_000_000 } }),
  reply("of 50 MB, compressed", "bad-reply", { huge: { bytes: 50_000_000, gzip: true } }),
  {
    ...reply("whose token is valid for less than 3 h", "lifetime-too-short", {
      reply: (good) => ({ ...good, expires_in: 10_799 }),
    }),
    isStored: true,
  },
  reply("that is cut before its headers", "unavailable", { cut: "headers" }),
  reply("that is cut in its body", "unavailable", { cut: "body" }),
];

export const SILENCE: readonly BadInput[] = [
  reply("that never comes", "unavailable", { hang: "headers" }),
  reply("whose body stops", "unavailable", { hang: "body" }),
  reply("that drips", "unavailable", { drip: { bytesPerInterval: 1, intervalMs: 100 } }),
];

function aws(name: string, code: AccountErrorCode, fault: AwsFault, isStored?: true): BadInput {
  return {
    name,
    code,
    ...(isStored && { isStored }),
    arrange: ({ aws }, accountId) =>
      void aws.addFault({
        ...fault,
        when: (input) =>
          String(input["SecretId"] ?? input["Name"]).includes(`/${accountId}/`) &&
          (fault.when?.(input) ?? true),
      }),
  };
}

const denied = { error: "AccessDeniedException", message: `${TOKEN_CANARY} ${SECRET_CANARY}` };
const broken = { error: "InternalServerError", status: 500 };
const isToken = (input: Record<string, unknown>) => String(input["Name"]).endsWith("-token");
const isStatus = (input: Record<string, unknown>) => String(input["Name"]).endsWith("-status");

export const AWS: readonly BadInput[] = [
  ...["DescribeSecret", "GetSecretValue"].flatMap((operation) => [
    aws(`access denied to ${operation}`, "credentials-unusable", { operation, effect: denied }),
    aws(`500 from ${operation}`, "credentials-unusable", { operation, effect: broken }),
  ]),
  aws("access denied to the token", "store-failed", {
    operation: "PutParameter",
    when: isToken,
    effect: denied,
  }),
  aws(
    "access denied to the status, as after a crash between the two writes",
    "store-failed",
    { operation: "PutParameter", when: isStatus, effect: denied },
    true,
  ),
  aws("500 from PutParameter", "store-failed", { operation: "PutParameter", effect: broken }),
  aws("too many versions of the parameter", "store-failed", {
    operation: "PutParameter",
    when: isToken,
    effect: { error: "ParameterMaxVersionLimitExceeded" },
  }),
  aws("a message of AWS that quotes the token", "store-failed", {
    operation: "PutParameter",
    when: isToken,
    effect: { error: "ValidationException", message: `Value '${TOKEN_CANARY}' at 'value'` },
  }),
];

/** A JWT with these claims; nobody verifies it. */
function jwt(claims: Record<string, unknown>): string {
  const part = (content: unknown) => Buffer.from(JSON.stringify(content)).toString("base64url");
  return `${part({ alg: "RS256" })}.${part(claims)}.${part(TOKEN_CANARY)}`;
}
