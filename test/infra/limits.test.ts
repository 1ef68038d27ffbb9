/** As many accounts as a stack may have fit into AWS's limits, and into the function's time. */
import { beforeAll, describe, expect, test } from "@jest/globals";
import { companyConfigFaults, MAX_TAGS, MAX_TAGS_BYTES } from "../../infra/company-config.ts";
import { MAX_ACCOUNTS } from "../../lambda/contract.ts";
import { ACCOUNT_TIMEOUT_MS, CONCURRENCY, READ_TIMEOUT_MS } from "../../lambda/reconcile.ts";
import { accountIdsOf } from "../../proof/account-ids.ts";
import type { PolicyDocument } from "../../proof/local/iam/policy-evaluator.ts";
import { type RenderedPolicies, renderPolicies } from "./rendered-policies.ts";
import { renderStack } from "./rendered-stack.ts";

/** Those with the longest names together: each ARN of a policy has both. */
const PLACE = {
  partition: "aws-iso-f",
  region: "us-isof-south-1",
  awsAccountId: "123456789012",
};

// Source: IAM and STS quotas, "IAM and STS character limits"; white space is not counted.
const IAM_MANAGED_POLICY = 6_144;
const IAM_INLINE_POLICIES_OF_A_ROLE = 10_240;
// Source: KMS resource quotas, "Key policy document size".
const KMS_KEY_POLICY = 32_768;

describe("With as many accounts as a stack may have", () => {
  let policies: RenderedPolicies;
  beforeAll(async () => {
    policies = await renderPolicies({ accounts: accountIdsOf(MAX_ACCOUNTS), place: PLACE });
  });
  const ofFunction = () => {
    const [inline, managed] = policies.ofFunction;
    if (!inline || !managed) throw new Error("the function has two policies");
    return { inline, managed };
  };

  test("IAM accepts the readers' policies, for all accounts and for each", () => {
    expect(policies.ofConsumers).toHaveLength(1 + MAX_ACCOUNTS);
    for (const policy of policies.ofConsumers) {
      expect(size(policy)).toBeLessThanOrEqual(IAM_MANAGED_POLICY);
    }
  });

  test("IAM accepts the function's inline policy", () => {
    expect(size(ofFunction().inline)).toBeLessThanOrEqual(IAM_INLINE_POLICIES_OF_A_ROLE);
  });

  test("IAM accepts the function's policy for credentials, which does not fit into the inline policy", () => {
    const { inline, managed } = ofFunction();
    expect(size(managed)).toBeLessThanOrEqual(IAM_MANAGED_POLICY);
    expect(size(inline) + size(managed)).toBeGreaterThan(IAM_INLINE_POLICIES_OF_A_ROLE);
  });

  test("KMS accepts the key's policy", () => {
    expect(size(policies.ofKey)).toBeLessThanOrEqual(KMS_KEY_POLICY);
  });
});

test("Lambda accepts the function's environment with the most accounts and tags", async () => {
  const names = Array.from({ length: MAX_TAGS }, (_, index) => `key${index + 10}`);
  const value = "v".repeat(MAX_TAGS_BYTES / MAX_TAGS - 5);
  const tags = Object.fromEntries(names.map((name) => [name, value]));
  expect(companyConfigFaults({ tags })).toEqual([]);
  const accounts = accountIdsOf(MAX_ACCOUNTS, "P");
  const { engine } = await renderStack({
    ...{ environment: "production", accounts, place: PLACE, tags },
  });
  const { environment } = engine.only("aws:lambda/function:Function").inputs;
  // Source: Lambda quotas, "Function environment variables", 4 KB in all.
  expect(JSON.stringify(environment).length).toBeLessThan(4_096);
});

describe("The function's time-out", () => {
  const timeoutMs = async () => {
    const { engine } = await renderStack();
    return Number(engine.only("aws:lambda/function:Function").inputs["timeout"]) * 1000;
  };

  test("is longer than a check in which every account takes all its time", async () => {
    const rounds = Math.ceil(MAX_ACCOUNTS / CONCURRENCY);
    expect(READ_TIMEOUT_MS + rounds * ACCOUNT_TIMEOUT_MS).toBeLessThan(await timeoutMs());
  });

  test("is shorter than the time-out of the command in the alarms", async () => {
    const { engine } = await renderStack();
    for (const { inputs } of engine.of("aws:cloudwatch/metricAlarm:MetricAlarm")) {
      const [, seconds] =
        / --cli-read-timeout (\d+) /.exec(String(inputs["alarmDescription"])) ?? [];
      expect(Number(seconds) * 1000).toBeGreaterThan(await timeoutMs());
    }
  });
});

/** In characters, as IAM counts them. */
function size(document: PolicyDocument): number {
  return JSON.stringify(document).replaceAll(/\s/g, "").length;
}
