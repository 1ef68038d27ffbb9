/** The policies of the function's role and of the stack's key, as `infra/` gives them to AWS. */
import {
  credentialsReaderPolicy,
  keyPolicy,
  type Place,
  tokenWriterPolicy,
} from "../../../infra/access.ts";
import type { RolePolicies } from "../aws/access-management.ts";
import type { PolicyDocument } from "./policy-evaluator.ts";

export function functionPolicies(deployed: {
  readonly place: Place;
  readonly accountIds: readonly string[];
  readonly secretArns: readonly string[];
  readonly keyArn: string;
}): RolePolicies {
  const { place, accountIds, secretArns, keyArn } = deployed;
  const { partition, region, awsAccountId } = place;
  const logStreamArns = `arn:${partition}:logs:${region}:${awsAccountId}:log-group:tokens-log:*`;
  return {
    identity: [
      rendered(tokenWriterPolicy(place, accountIds, keyArn, logStreamArns)),
      rendered(credentialsReaderPolicy(place, [...secretArns], keyArn)),
    ],
    key: rendered(keyPolicy(place)),
  };
}

/** As JSON, because Pulumi's own type of a policy also allows unknown values. */
function rendered(document: unknown): PolicyDocument {
  return JSON.parse(JSON.stringify(document));
}
