/**
 * Least privilege of the function: it is allowed nothing more than it needs. That it is allowed what it
 * needs is shown by every test that runs it, because the AWS stand-in asks its policies at each call.
 */
import { beforeAll, describe, expect, test } from "@jest/globals";
import { tokenParameterName } from "../../lambda/contract.ts";
import { accountIdsOf } from "../../proof/account-ids.ts";
import { functionPolicies } from "../../proof/local/iam/function-policies.ts";
import { type AccessRequest, isAllowed } from "../../proof/local/iam/policy-evaluator.ts";
import { withBuiltBundle } from "../support/built-bundle.ts";
import { type RenderedPolicies, renderPolicies } from "./rendered-policies.ts";
import { usedActions } from "./used-actions.ts";

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

beforeAll(async () => {
  policies = await renderPolicies({ accounts: ACCOUNTS });
});

test("The role that the function has in the AWS stand-in has these policies", () => {
  const { partition, region, accountId: awsAccountId } = PLACE;
  const ofStandIn = functionPolicies({
    ...{ place: { partition, region, awsAccountId }, accountIds: ACCOUNTS },
    ...{ secretArns: policies.secretArns, keyArn: policies.keyArn },
  });
  const identity = JSON.stringify(policies.ofFunction);
  expect(ofStandIn).toEqual({
    identity: JSON.parse(identity.replace(policies.logGroupName, "tokens-log")),
    key: policies.ofKey,
  });
});

test("The function is allowed exactly the actions that its calls need, apart from logs", async () => {
  const used = await usedActions(bundle.url, ACCOUNTS);
  const allowed = policies.ofFunction
    .flatMap(({ Statement }) => Statement)
    .flatMap(({ Action }) => Action);
  expect(allowed.sort()).toEqual([...used, "logs:CreateLogStream", "logs:PutLogEvents"].sort());
});

test("The function's policies have one wildcard: the streams of its own log", () => {
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
