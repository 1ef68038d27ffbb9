/** Requests and policies of one account, for the tests of the policy evaluator. */
import type {
  AccessRequest,
  PolicyDocument,
} from "../../../../proof/local/iam/policy-evaluator.ts";

export const ACCOUNT = "123456789012";
export const ROLE = `arn:aws:iam::${ACCOUNT}:role/reader`;
export const OTHER_ROLE = `arn:aws:iam::${ACCOUNT}:role/other`;
export const ROOT = `arn:aws:iam::${ACCOUNT}:root`;
export const PARAMETER = `arn:aws:ssm:eu-north-1:${ACCOUNT}:parameter/a/token`;
export const KEY = `arn:aws:kms:eu-north-1:${ACCOUNT}:key/k-1`;
export const LAMBDA = "lambda.amazonaws.com";

export const READ: AccessRequest = {
  principalArn: ROLE,
  accountId: ACCOUNT,
  action: "ssm:GetParameter",
  resource: PARAMETER,
};
export const DECRYPT = { ...READ, action: "kms:Decrypt", resource: KEY };
export const ASSUME = { ...READ, action: "sts:AssumeRole", resource: OTHER_ROLE };

/** As rendered: what the types do not let through must be refused too. */
export function policy(...statements: object[]): PolicyDocument {
  return JSON.parse(JSON.stringify({ Version: "2012-10-17", Statement: statements }));
}

export const ALLOW_READ = { Effect: "Allow", Action: "ssm:GetParameter", Resource: PARAMETER };
export const DENY_READ = { ...ALLOW_READ, Effect: "Deny" };
