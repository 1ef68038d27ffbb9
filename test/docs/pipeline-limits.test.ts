/** What the pipeline's roles may never do, and the forms of their policies. */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { TEST_PLACE } from "../../proof/local/pulumi/computed-properties.ts";
import { ROOT, readDocument } from "./documents.ts";
import { DEPLOY, may, OUR_TAG, PREVIEW, STATE_KEY, STATUS } from "./pipeline-roles.ts";
import { PROVIDER_CALLS } from "./provider-calls.ts";

const { awsAccountId: accountId, region } = TEST_PLACE;

describe("A deployment may give", () => {
  const role = (name: string) => `arn:aws:iam::${accountId}:role/${name}`;
  const pass = (name: string, service: string) =>
    may(DEPLOY, "iam:PassRole", role(name), { "iam:PassedToService": service });

  test("the function's role to Lambda, the schedule's to the scheduler, and neither to another", () => {
    expect(pass("tokens-role-1234567", "lambda.amazonaws.com")).toBe(true);
    expect(pass("tokens-schedule-role-1234567", "scheduler.amazonaws.com")).toBe(true);
    expect(pass("tokens-role-1234567", "scheduler.amazonaws.com")).toBe(false);
    expect(pass("tokens-schedule-role-1234567", "lambda.amazonaws.com")).toBe(false);
    expect(pass("tokens-role-1234567", "ec2.amazonaws.com")).toBe(false);
    expect(pass("admin", "lambda.amazonaws.com")).toBe(false);
  });

  test("the function's role the stack's own policy, and no other", () => {
    const attach = (policyArn: string) =>
      may(DEPLOY, "iam:AttachRolePolicy", role("tokens-role-1234567"), {
        "iam:PolicyARN": policyArn,
      });
    expect(attach(`arn:aws:iam::${accountId}:policy/tokens-credentials-1234567`)).toBe(true);
    expect(attach("arn:aws:iam::aws:policy/AdministratorAccess")).toBe(false);
    expect(attach(`arn:aws:iam::${accountId}:policy/other`)).toBe(false);
  });

  test("itself nothing", () => {
    for (const name of ["dintero-deploy-prod", "dintero-preview-prod", "pipeline"]) {
      for (const action of ["iam:PutRolePolicy", "iam:UpdateAssumeRolePolicy", "iam:CreateRole"]) {
        expect(may(DEPLOY, action, role(name))).toBe(false);
      }
    }
    expect(may(DEPLOY, "iam:CreateUser", `arn:aws:iam::${accountId}:user/tokens-role-1`)).toBe(
      false,
    );
  });
});

describe("For Secrets Manager's check of a secret's key, a deployment", () => {
  const key = `arn:aws:kms:${region}:${accountId}:key/own`;
  const check = {
    ...OUR_TAG,
    "kms:ViaService": `secretsmanager.${region}.amazonaws.com`,
    "kms:EncryptionContext:SecretVersionId": "RequestToValidateKeyAccess",
  };
  const actions = PROVIDER_CALLS["aws:secretsmanager/secret:Secret"]?.onKey ?? [];
  const allowed = (identity: typeof DEPLOY, context: Record<string, string>) =>
    actions.filter((action) => may(identity, action, key, context));

  // AWS's page names only the version's id; what stands as the secret's ARN is not promised.
  test.each([
    "RequestToValidateKeyAccess",
    `arn:aws:secretsmanager:${region}:${accountId}:secret:dintero/P12345678/api-client-AbCdEf`,
  ])("may use the stack's key for any secret: %s", (secretArn) => {
    const context = { ...check, "kms:EncryptionContext:SecretARN": secretArn };
    expect(allowed(DEPLOY, context)).toEqual(["kms:Decrypt", "kms:GenerateDataKey"]);
  });

  test.each([
    ["with the id of a version", { "kms:EncryptionContext:SecretVersionId": "3f1c2a" }],
    ["through another service", { "kms:ViaService": `ssm.${region}.amazonaws.com` }],
    ["on a key with another tag", { "aws:ResourceTag/ManagedBy": "other" }],
  ])("may not use a key %s", (_, changed) => {
    expect(allowed(DEPLOY, { ...check, ...changed })).toEqual([]);
  });

  test.each(Object.keys(check))("may not use a key without %s", (left) => {
    const context = Object.entries(check).filter(([name]) => name !== left);
    expect(allowed(DEPLOY, Object.fromEntries(context))).toEqual([]);
  });

  test("has a permission that a preview does not have", () => {
    expect(allowed(PREVIEW, check)).toEqual([]);
  });
});

describe.each([
  ["preview", PREVIEW],
  ["deployment", DEPLOY],
])("A %s", (_, identity) => {
  const parameter = `arn:aws:ssm:${region}:${accountId}:parameter/dintero/P12345678/access-token`;
  const secret = `arn:aws:secretsmanager:${region}:${accountId}:secret:dintero/P12345678/api-client-AbCdEf`;
  const ownKey = `arn:aws:kms:${region}:${accountId}:key/own`;

  test.each([
    ["ssm:GetParameter", parameter],
    ["ssm:GetParameters", parameter],
    ["ssm:GetParametersByPath", parameter],
    ["ssm:GetParameterHistory", parameter],
    ["ssm:PutParameter", parameter],
    ["secretsmanager:GetSecretValue", secret],
    ["secretsmanager:BatchGetSecretValue", secret],
    ["secretsmanager:PutSecretValue", secret],
    ["secretsmanager:PutResourcePolicy", secret],
    ["kms:Decrypt", ownKey],
    ["kms:Encrypt", ownKey],
    ["kms:GenerateDataKey", ownKey],
    ["kms:CreateGrant", ownKey],
    ["lambda:InvokeFunction", `arn:aws:lambda:${region}:${accountId}:function:tokens-check-1`],
    ["logs:GetLogEvents", `arn:aws:logs:${region}:${accountId}:log-group:tokens-log-1`],
  ])("may not %s", (action, resource) => {
    expect(may(identity, action, resource, OUR_TAG)).toBe(false);
  });

  test("reads the state and decrypts with its own key only", () => {
    expect(may(identity, "s3:GetObject", "arn:aws:s3:::state-bucket/.pulumi/meta.yaml")).toBe(true);
    expect(may(identity, "s3:ListBucket", "arn:aws:s3:::state-bucket")).toBe(true);
    expect(may(identity, "kms:Decrypt", STATE_KEY)).toBe(true);
    expect(may(identity, "s3:GetObject", "arn:aws:s3:::other-bucket/.pulumi/meta.yaml")).toBe(
      false,
    );
  });
});

describe("The role of `status`", () => {
  const arn = (service: string, rest: string) =>
    `arn:aws:${service}:${region}:${accountId}:${rest}`;
  const alarm = arn("cloudwatch", "alarm:tokens-rotation-silent-prod-1234567");
  const rule = arn("cloudwatch", "alarm-mute-rule:deployment");
  const topic = arn("sns", "tokens-alarms-1234567");
  const token = arn("ssm", "parameter/dintero/P12345678/access-token");
  const secret = arn("secretsmanager", "secret:dintero/P12345678/api-client-AbCdEf");
  const key = arn("kms", "key/own");

  test.each([
    ["ssm:GetParameters", token],
    ["ssm:GetParameters", `${token}-status`],
    ["secretsmanager:DescribeSecret", secret],
    ["kms:DescribeKey", key],
    ["cloudwatch:DescribeAlarms", alarm],
    ["cloudwatch:ListAlarmMuteRules", rule],
    ["cloudwatch:GetAlarmMuteRule", rule],
    ["sns:ListSubscriptionsByTopic", topic],
    ["s3:GetObject", "arn:aws:s3:::state-bucket/.pulumi/meta.yaml"],
    ["kms:Decrypt", STATE_KEY],
  ])("may %s on %s", (action, resource) => {
    expect(may(STATUS, action, resource, OUR_TAG)).toBe(true);
  });

  test.each([
    ["kms:Decrypt", key],
    ["ssm:GetParameter", token],
    ["ssm:PutParameter", token],
    ["ssm:GetParameters", arn("ssm", "parameter/other")],
    ["secretsmanager:GetSecretValue", secret],
    ["secretsmanager:DescribeSecret", arn("secretsmanager", "secret:other-AbCdEf")],
    ["cloudwatch:SetAlarmState", alarm],
    ["cloudwatch:DisableAlarmActions", alarm],
    ["cloudwatch:PutAlarmMuteRule", rule],
    ["cloudwatch:DeleteAlarmMuteRule", rule],
    ["sns:ListSubscriptionsByTopic", arn("sns", "other")],
    ["sns:Publish", topic],
    ["lambda:InvokeFunction", arn("lambda", "function:tokens-check-1")],
    ["s3:PutObject", "arn:aws:s3:::state-bucket/.pulumi/locks/a"],
  ])("may not %s on %s", (action, resource) => {
    expect(may(STATUS, action, resource, OUR_TAG)).toBe(false);
  });

  test("may not see the state of a key without the stack's tag", () => {
    expect(may(STATUS, "kms:DescribeKey", key)).toBe(false);
  });
});

test("Only a deployment writes the state", () => {
  for (const action of ["s3:PutObject", "s3:DeleteObject"]) {
    const object = "arn:aws:s3:::state-bucket/.pulumi/locks/a";
    expect(may(PREVIEW, action, object)).toBe(false);
    expect(may(DEPLOY, action, object)).toBe(true);
    expect(may(DEPLOY, action, "arn:aws:s3:::other-bucket/a")).toBe(false);
  }
});

test("All policies of the deploying role fit into it", () => {
  // Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html; white space does not count.
  const size = DEPLOY.reduce((sum, document) => sum + JSON.stringify(document).length, 0);
  expect(size).toBeLessThanOrEqual(10_240);
});

test("The script fills in every placeholder of the files, and no other", () => {
  const files = readdirSync(join(ROOT, "docs", "pipeline")).filter((it) => it.endsWith(".json"));
  const text = files.map((name) => readDocument(`docs/pipeline/${name}`)).join("");
  const placeholders = text.match(/\b[A-Z]+(?:_[A-Z]+)+\b|\b(?:REGION|SUBJECT)\b/g) ?? [];
  const filled = [...readDocument("docs/pipeline/set-up.sh").matchAll(/-e "s\|([A-Z_]+)\|/g)];
  expect([...new Set(placeholders)].sort()).toEqual(filled.map(([, name]) => name).sort());
});
