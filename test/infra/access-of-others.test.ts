/** Least privilege of readers and of the services that act for the stack. */
import { beforeAll, describe, expect, test } from "@jest/globals";
import { consumerPolicy, keyPolicy } from "../../infra/access.ts";
import { tokenParameterName } from "../../lambda/contract.ts";
import { accountIdsOf } from "../../proof/account-ids.ts";
import {
  type AccessRequest,
  isAllowed,
  type PolicyDocument,
} from "../../proof/local/iam/policy-evaluator.ts";
import { type RenderedPolicies, renderPolicies } from "./rendered-policies.ts";

const ACCOUNTS = accountIdsOf(3);
const ACCOUNT_ID = "123456789012";
const parameterArn = (name: string) => `arn:aws:ssm:eu-north-1:${ACCOUNT_ID}:parameter${name}`;
const TOKEN_ARN = parameterArn(tokenParameterName(ACCOUNTS[0] ?? ""));

let policies: RenderedPolicies;
beforeAll(async () => {
  policies = await renderPolicies({ accounts: ACCOUNTS });
});

const viaSsm = { "kms:ViaService": "ssm.eu-north-1.amazonaws.com" };

/** A service whose role has one of the consumer policies, by its place among them. */
const readerWith =
  (index: number) =>
  (action: string, resource: string, context: Record<string, string> = {}) => {
    const principalArn = `arn:aws:iam::${ACCOUNT_ID}:role/some-service`;
    const request = { accountId: ACCOUNT_ID, principalArn, action, resource, context };
    const identity = policies.ofConsumers.slice(index, index + 1);
    return isAllowed(
      request,
      action.startsWith("kms:") ? { identity, resource: policies.ofKey } : { identity },
    );
  };

test("A reader with an account's own policy may read only that account's token", () => {
  for (const [index, own] of ACCOUNTS.entries()) {
    const may = readerWith(1 + index);
    for (const account of ACCOUNTS) {
      const token = parameterArn(tokenParameterName(account));
      const context = { ...viaSsm, "kms:EncryptionContext:PARAMETER_ARN": token };
      expect(may("ssm:GetParameter", token)).toBe(account === own);
      expect(may("ssm:GetParameter", `${token}-status`)).toBe(account === own);
      expect(may("kms:Decrypt", policies.keyArn, context)).toBe(account === own);
    }
  }
});

describe("A reader with the consumer policy", () => {
  const may = readerWith(0);

  test("may read each token and status, by either call, and decrypt the tokens", () => {
    for (const account of ACCOUNTS) {
      const token = parameterArn(tokenParameterName(account));
      for (const action of ["ssm:GetParameter", "ssm:GetParameters"]) {
        expect(may(action, token)).toBe(true);
        expect(may(action, `${token}-status`)).toBe(true);
      }
      const context = { ...viaSsm, "kms:EncryptionContext:PARAMETER_ARN": token };
      expect(may("kms:Decrypt", policies.keyArn, context)).toBe(true);
    }
  });

  test("may not touch credentials", () => {
    const secret = policies.secretArns[0] ?? "";
    expect(may("secretsmanager:GetSecretValue", secret)).toBe(false);
    expect(may("secretsmanager:DescribeSecret", secret)).toBe(false);
    const context = {
      "kms:ViaService": "secretsmanager.eu-north-1.amazonaws.com",
      "kms:EncryptionContext:SecretARN": secret,
    };
    expect(may("kms:Decrypt", policies.keyArn, context)).toBe(false);
  });

  test("may not write, read elsewhere, or use the key for anything else", () => {
    const other = parameterArn(tokenParameterName("T99999999"));
    expect(may("ssm:PutParameter", TOKEN_ARN)).toBe(false);
    expect(may("ssm:DeleteParameter", TOKEN_ARN)).toBe(false);
    expect(may("ssm:GetParameterHistory", TOKEN_ARN)).toBe(false);
    expect(may("ssm:GetParameter", other)).toBe(false);
    const own = { "kms:EncryptionContext:PARAMETER_ARN": TOKEN_ARN };
    expect(may("kms:Decrypt", policies.keyArn, own)).toBe(false);
    expect(may("kms:Encrypt", policies.keyArn, { ...viaSsm, ...own })).toBe(false);
    const foreign = { ...viaSsm, "kms:EncryptionContext:PARAMETER_ARN": other };
    expect(may("kms:Decrypt", policies.keyArn, foreign)).toBe(false);
  });
});

test.each([
  ["aws", "eu-north-1", "ssm.eu-north-1.amazonaws.com", true],
  ["aws", "eu-north-1", "ssm.eu-north-1.amazonaws.com.cn", false],
  ["aws-us-gov", "us-gov-west-1", "ssm.us-gov-west-1.amazonaws.com", true],
  ["aws-cn", "cn-north-1", "ssm.cn-north-1.amazonaws.com", true],
  ["aws-cn", "cn-north-1", "ssm.cn-north-1.amazonaws.com.cn", true],
  ["aws-cn", "cn-north-1", "ssm.cn-north-1.amazonaws.org", false],
])("In %s, %s, a reader's token is decrypted for %s: %s", (partition, region, via, expected) => {
  const place = { partition, region, awsAccountId: ACCOUNT_ID };
  const key = `arn:${partition}:kms:${region}:${ACCOUNT_ID}:key/k`;
  // As JSON, since Pulumi's own type of a policy also takes what is not known yet.
  const rendered = (document: unknown): PolicyDocument => JSON.parse(JSON.stringify(document));
  const identity = [rendered(consumerPolicy(place, ACCOUNTS, key))];
  const name = tokenParameterName(ACCOUNTS[0] ?? "");
  const request = {
    accountId: ACCOUNT_ID,
    principalArn: `arn:${partition}:iam::${ACCOUNT_ID}:role/some-service`,
    action: "kms:Decrypt",
    resource: key,
    context: {
      "kms:ViaService": via,
      "kms:EncryptionContext:PARAMETER_ARN": `arn:${partition}:ssm:${region}:${ACCOUNT_ID}:parameter${name}`,
    },
  };
  expect(isAllowed(request, { identity, resource: rendered(keyPolicy(place)) })).toBe(expected);
});

describe("A service", () => {
  const isServiceAllowed = (
    resource: PolicyDocument,
    request: Pick<AccessRequest, "action" | "resource"> & { principalService: string },
    context: Record<string, string> = {},
  ) => isAllowed({ accountId: ACCOUNT_ID, ...request, context }, { identity: [], resource });
  const assume = (role: string, principalService: string) => ({
    action: "sts:AssumeRole",
    resource: `arn:aws:iam::${ACCOUNT_ID}:role/${role}`,
    principalService,
  });

  test("may assume the function's role if it is Lambda", () => {
    const may = (service: string) =>
      isServiceAllowed(policies.trustOfFunction, assume("tokens-role", service));
    expect(may("lambda.amazonaws.com")).toBe(true);
    expect(may("scheduler.amazonaws.com")).toBe(false);
    expect(may("ec2.amazonaws.com")).toBe(false);
  });

  test("may assume the schedule's role if it is the scheduler, for this group of this AWS account", () => {
    const groupArn = (name: string) =>
      `arn:aws:scheduler:eu-north-1:${ACCOUNT_ID}:schedule-group/${name}`;
    const may = (service: string, account: string, group: string) =>
      isServiceAllowed(policies.trustOfSchedule, assume("tokens-schedule-role", service), {
        "aws:SourceAccount": account,
        "aws:SourceArn": groupArn(group),
      });
    const { scheduleGroupName: own } = policies;
    expect(may("scheduler.amazonaws.com", ACCOUNT_ID, own)).toBe(true);
    expect(may("scheduler.amazonaws.com", ACCOUNT_ID, "default")).toBe(false);
    expect(may("scheduler.amazonaws.com", "210987654321", own)).toBe(false);
    expect(may("events.amazonaws.com", ACCOUNT_ID, own)).toBe(false);
    expect(
      isServiceAllowed(
        policies.trustOfSchedule,
        assume("tokens-schedule-role", "scheduler.amazonaws.com"),
      ),
    ).toBe(false);
  });

  test("may publish to the topic if it is an alarm of this AWS account", () => {
    const may = (principalService: string, account: string, action = "sns:Publish") =>
      isServiceAllowed(
        policies.ofTopic,
        { principalService, action, resource: policies.topicArn },
        { "aws:SourceAccount": account },
      );
    expect(may("cloudwatch.amazonaws.com", ACCOUNT_ID)).toBe(true);
    expect(may("cloudwatch.amazonaws.com", "210987654321")).toBe(false);
    expect(may("s3.amazonaws.com", ACCOUNT_ID)).toBe(false);
    expect(may("cloudwatch.amazonaws.com", ACCOUNT_ID, "sns:Subscribe")).toBe(false);
  });
});

test("The schedule's role may invoke the function, and do nothing else", () => {
  const may = (action: string, resource: string) => {
    const principalArn = `arn:aws:iam::${ACCOUNT_ID}:role/tokens-schedule-role`;
    const request = { accountId: ACCOUNT_ID, principalArn, action, resource };
    return isAllowed(request, { identity: [...policies.ofSchedule] });
  };
  expect(may("lambda:InvokeFunction", policies.functionArn)).toBe(true);
  expect(may("lambda:InvokeFunction", `${policies.functionArn}-other`)).toBe(false);
  expect(may("lambda:UpdateFunctionCode", policies.functionArn)).toBe(false);
});

test("Only IAM policies of this AWS account decide who may use the key", () => {
  const may = (principalArn: string, accountId: string, identity: PolicyDocument[]) =>
    isAllowed(
      { accountId, principalArn, action: "kms:Decrypt", resource: policies.keyArn },
      { identity, resource: policies.ofKey },
    );
  const decryptAll: PolicyDocument = {
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Action: "kms:Decrypt", Resource: "*" }],
  };
  const role = `arn:aws:iam::${ACCOUNT_ID}:role/admin`;
  expect(may(role, ACCOUNT_ID, [decryptAll])).toBe(true);
  expect(may(role, ACCOUNT_ID, [])).toBe(false);
});
