/** Least privilege of the function, both ways: what it does is allowed, and little else is. */
import { beforeAll, describe, expect, test } from "@jest/globals";
import { credentialsSecretName, tokenParameterName } from "../../lambda/contract.ts";
import { accountIdsOf } from "../../proof/account-ids.ts";
import type { AwsCall } from "../../proof/local/aws/aws-stand-in.ts";
import { impliedAccess } from "../../proof/local/iam/implied-access.ts";
import { type AccessRequest, isAllowed } from "../../proof/local/iam/policy-evaluator.ts";
import { withBuiltBundle } from "../support/built-bundle.ts";
import { recordCalls } from "./recorded-calls.ts";
import { type RenderedPolicies, renderPolicies } from "./rendered-policies.ts";

const ACCOUNTS = accountIdsOf(3);
const [ACCOUNT = ""] = ACCOUNTS;
const PLACE = { partition: "aws", region: "eu-north-1", accountId: "123456789012" };
const ROLE = {
  accountId: PLACE.accountId,
  principalArn: "arn:aws:iam::123456789012:role/tokens-role",
};
const TOKEN_ARN = parameterArn(tokenParameterName(ACCOUNT));
const OTHER_TOKEN_ARN = parameterArn(tokenParameterName("T99999999"));

const bundle = withBuiltBundle();
let policies: RenderedPolicies;
let requests: AccessRequest[];

beforeAll(async () => {
  policies = await renderPolicies({ accounts: ACCOUNTS });
  const recorded = await recordCalls(bundle.url, ACCOUNTS);
  // The stand-in's key and secrets are those of the stack under other ARNs.
  const ours = [policies.keyArn, ...policies.secretArns];
  const theirs = [recorded.keyArn, ...recorded.secretArns];
  const text = theirs.reduce(
    (calls, arn, index) => calls.replaceAll(arn, ours[index] ?? ""),
    JSON.stringify(recorded.calls),
  );
  const calls: AwsCall[] = JSON.parse(text);
  requests = calls.flatMap((call) =>
    impliedAccess(call, { ...PLACE, principalArn: ROLE.principalArn, secretArn }),
  );
});

test("The function is allowed every call that it makes, with all that each implies", () => {
  expect(requests.length).toBeGreaterThan(20);
  for (const request of requests) {
    expect({ request, isAllowed: isFunctionAllowed(request) }).toEqual({
      request,
      isAllowed: true,
    });
  }
});

test("The recorded calls hold all that is special: tags, and a token over 4 KB", () => {
  const actions = requests.map(({ action }) => action);
  expect(actions).toContain("ssm:AddTagsToResource");
  expect(actions).toContain("kms:GenerateDataKey");
});

test("The function is allowed no action that no call uses, logs aside", () => {
  const used = new Set(requests.map(({ action }) => action));
  const allowed = policies.ofFunction
    .flatMap(({ Statement }) => Statement)
    .flatMap(({ Action = [] }) => Action);
  expect(allowed.filter((action) => !used.has(action))).toEqual([
    "logs:CreateLogStream",
    "logs:PutLogEvents",
  ]);
});

test("The function's policies have one wildcard, of the streams of its own log", () => {
  const text = JSON.stringify([policies.ofFunction, policies.ofConsumers, policies.ofSchedule]);
  expect(text.match(/"[^"]*[*?][^"]*"/g)).toEqual([
    `"arn:aws:logs:eu-north-1:123456789012:log-group:${policies.logGroupName}:*"`,
  ]);
});

test("The function may write to the streams of its own log", () => {
  const resource = `arn:aws:logs:eu-north-1:123456789012:log-group:${policies.logGroupName}:log-stream:2026/11/24/abc`;
  for (const action of ["logs:CreateLogStream", "logs:PutLogEvents"]) {
    expect(isFunctionAllowed({ ...ROLE, action, resource })).toBe(true);
  }
});

const viaSsm = (tokenArn: string) => ({
  "kms:ViaService": "ssm.eu-north-1.amazonaws.com",
  "kms:EncryptionContext:PARAMETER_ARN": tokenArn,
});
const viaSecretsManager = (arn: string) => ({
  "kms:ViaService": "secretsmanager.eu-north-1.amazonaws.com",
  "kms:EncryptionContext:SecretARN": arn,
});
const otherSecretArn =
  "arn:aws:secretsmanager:eu-north-1:123456789012:secret:dintero/T99999999/api-client-AbCdEf";
const onKey = (action: string, context: Record<string, string>) => () => ({
  action,
  resource: policies.keyArn,
  context,
});
const on = (action: string, resource: string) => () => ({ action, resource });

const otherKey = (action: string, context: Record<string, string>) => () => ({
  action,
  resource: "arn:aws:kms:eu-north-1:123456789012:key/another",
  context,
});

test("The function may see the state of its key", () => {
  expect(isFunctionAllowed({ ...ROLE, ...onKey("kms:DescribeKey", {})() })).toBe(true);
});

describe("The function may not", () => {
  test.each<[string, () => Pick<AccessRequest, "action" | "resource" | "context">]>([
    ["decrypt a token", onKey("kms:Decrypt", viaSsm(TOKEN_ARN))],
    ["read parameters one by one", on("ssm:GetParameter", TOKEN_ARN)],
    ["read a token's history", on("ssm:GetParameterHistory", TOKEN_ARN)],
    ["delete a token", on("ssm:DeleteParameter", TOKEN_ARN)],
    ["write another account's token", on("ssm:PutParameter", OTHER_TOKEN_ARN)],
    ["write elsewhere", on("ssm:PutParameter", parameterArn("/other"))],
    ["write below a token", on("ssm:PutParameter", `${TOKEN_ARN}/below`)],
    ["read another account's secret", on("secretsmanager:GetSecretValue", otherSecretArn)],
    [
      "change its own secret",
      () => ({ action: "secretsmanager:PutSecretValue", resource: policies.secretArns[0] ?? "" }),
    ],
    ["encrypt for another parameter", onKey("kms:Encrypt", viaSsm(OTHER_TOKEN_ARN))],
    [
      "encrypt past Parameter Store",
      onKey("kms:Encrypt", { "kms:EncryptionContext:PARAMETER_ARN": TOKEN_ARN }),
    ],
    ["encrypt for a secret", onKey("kms:Encrypt", viaSecretsManager(otherSecretArn))],
    ["decrypt another account's secret", onKey("kms:Decrypt", viaSecretsManager(otherSecretArn))],
    ["use the key for nothing in particular", onKey("kms:Decrypt", {})],
    ["have the key deleted", onKey("kms:ScheduleKeyDeletion", {})],
    ["give the key away", onKey("kms:CreateGrant", {})],
    ["use another key", otherKey("kms:Encrypt", viaSsm(TOKEN_ARN))],
    ["see the state of another key", otherKey("kms:DescribeKey", {})],
    ["change the state of its key", onKey("kms:EnableKey", {})],
    [
      "write to another log",
      on("logs:PutLogEvents", "arn:aws:logs:eu-north-1:123456789012:log-group:other:log-stream:s"),
    ],
    ["call itself", () => ({ action: "lambda:InvokeFunction", resource: policies.functionArn })],
  ])("%s", (_, request) => {
    expect(isFunctionAllowed({ ...ROLE, ...request() })).toBe(false);
  });
});

function isFunctionAllowed(request: AccessRequest): boolean {
  const identity = [...policies.ofFunction];
  return isAllowed(
    request,
    request.action.startsWith("kms:") ? { identity, resource: policies.ofKey } : { identity },
  );
}

function parameterArn(name: string): string {
  return `arn:aws:ssm:${PLACE.region}:${PLACE.accountId}:parameter${name}`;
}

function secretArn(secretId: string): string {
  const index = ACCOUNTS.findIndex((account) => credentialsSecretName(account) === secretId);
  const arn = policies.secretArns[index];
  if (!arn) throw new Error(`no secret ${secretId}`);
  return arn;
}
