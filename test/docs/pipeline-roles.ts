/** The roles of the pipeline as docs/pipeline.md makes them, and what they may do. */
import { keyPolicy } from "../../infra/access.ts";
import { PROJECT_NAME } from "../../lambda/contract.ts";
import { type PolicyDocument, statementsOf } from "../../proof/local/iam/policy-document.ts";
import { isAllowed } from "../../proof/local/iam/policy-evaluator.ts";
import { TEST_PLACE } from "../../proof/local/pulumi/computed-properties.ts";
import { readDocument } from "./documents.ts";

const { awsAccountId: accountId, region } = TEST_PLACE;
/** The key of the secrets in the state. */
export const STATE_KEY = `arn:aws:kms:${region}:${accountId}:key/state`;
const FILLED: Readonly<Record<string, string>> = {
  AWS_ACCOUNT: accountId,
  REGION: region,
  STATE_BUCKET: "state-bucket",
  STATE_KEY_ARN: STATE_KEY,
};

const policy = (name: string): PolicyDocument =>
  JSON.parse(
    readDocument(`docs/pipeline/${name}-policy.json`).replace(
      /\b[A-Z]+(?:_[A-Z]+)+\b|\bREGION\b/g,
      (placeholder) => FILLED[placeholder] ?? placeholder,
    ),
  );
/** The policies of `dintero-preview-STACK`. */
export const PREVIEW = [policy("state-read"), policy("read")];
/** The policies of `dintero-deploy-STACK`. */
export const DEPLOY = [...PREVIEW, policy("state-write"), policy("deploy")];
/** The policies of `dintero-status-STACK`. */
export const STATUS = [policy("state-read"), policy("status")];
/** Every statement of the first two. */
export const ALL = DEPLOY.flatMap((document) => statementsOf(document, "identity"));

/** What AWS knows of the stack's own key. */
export const OUR_TAG = { "aws:ResourceTag/ManagedBy": PROJECT_NAME };

/** Whether a role with these policies may do it. */
export function may(
  identity: PolicyDocument[],
  action: string,
  resource: string,
  context: Record<string, string> = {},
): boolean {
  const principalArn = `arn:aws:iam::${accountId}:role/pipeline`;
  const request = { accountId, principalArn, action, resource, context };
  // The stack's key policy leaves all to IAM policies, and so does a key's default one.
  const ofKey: PolicyDocument = JSON.parse(JSON.stringify(keyPolicy(TEST_PLACE)));
  return isAllowed(
    request,
    action.startsWith("kms:") ? { identity, resource: ofKey } : { identity },
  );
}
