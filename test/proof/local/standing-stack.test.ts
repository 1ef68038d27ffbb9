/** The deployment that stays, used as an engineer's commands use it. */
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { HOUR_MS, MINUTE_MS } from "../../../proof/durations.ts";
import { StandingStack } from "../../../proof/local/standing-stack.ts";
import { withBuiltBundle } from "../../support/built-bundle.ts";

const ROOT = join(import.meta.dirname, "..", "..", "..");
const bundle = withBuiltBundle();

function startStack(accountIds: readonly string[]) {
  return StandingStack.start({ accountIds, bundleUrl: bundle.url, lifetimeHours: 6 });
}

let stack: StandingStack;
beforeAll(async () => {
  stack = await startStack(["T10000001", "T10000002"]);
});
afterAll(() => stack.close());

test("its outputs are those of a stack, in the stand-in's account and Region", () => {
  expect(stack.outputs).toEqual({
    tokenParameterNames: {
      T10000001: "/dintero/T10000001/access-token",
      T10000002: "/dintero/T10000002/access-token",
    },
    statusParameterNames: {
      T10000001: "/dintero/T10000001/access-token-status",
      T10000002: "/dintero/T10000002/access-token-status",
    },
    credentialsSecretArns: {
      T10000001: expect.stringMatching(
        /^arn:aws:secretsmanager:eu-north-1:123456789012:secret:dintero\/T10000001\/api-client-/,
      ),
      T10000002: expect.stringMatching(/:secret:dintero\/T10000002\/api-client-/),
    },
    consumerPolicyArn: expect.stringMatching(/^arn:aws:iam::123456789012:policy\//),
    consumerPolicyArns: {
      T10000001: expect.stringMatching(/:policy\/tokens-consumer-T10000001-[0-9a-f]{7}$/),
      T10000002: expect.stringMatching(/:policy\/tokens-consumer-T10000002-[0-9a-f]{7}$/),
    },
    functionName: expect.stringMatching(/^tokens-check-[0-9a-f]{7}$/),
    alarmTopicArn: expect.stringMatching(/^arn:aws:sns:eu-north-1:123456789012:tokens-alarms-/),
    alarmEmails: ["on-call@example.com"],
    alarmNames: [
      "token-at-risk-T10000001",
      "token-at-risk-T10000002",
      "rotation-silent",
      "check-broken",
      "renewals-failing",
      "credentials-rejected",
    ].map((name) => expect.stringMatching(`^tokens-${name}-test-[0-9a-f]{7}$`)),
    keyArn: stack.aws.keyArn,
    logGroupName: expect.stringMatching(/^tokens-log-[0-9a-f]{7}$/),
    dashboardUrl: expect.stringMatching(/^https:\/\/eu-north-1\.console\.aws\.amazon\.com\//),
  });
});

test("an account's API client gets a token with the requested lifetime", async () => {
  const client = stack.apiClients["T10000001"];
  expect(client).toEqual({ client_id: expect.any(String), client_secret: expect.any(String) });
  await stack.sandbox.storeSecret("T10000001", JSON.stringify(client));
  const { result } = await stack.check();
  expect(result?.accounts).toMatchObject([
    { accountId: "T10000001", outcome: "renewed" },
    { accountId: "T10000002", outcome: "awaiting-credentials" },
  ]);
  const { issuedAt = "", expiresAt = "" } = (await stack.sandbox.readStatus("T10000001")) ?? {};
  const lifeMs = Date.parse(expiresAt) - Date.parse(issuedAt);
  // A token's own expiry is in whole seconds.
  expect(lifeMs).toBeGreaterThan(6 * HOUR_MS - 1000);
  expect(lifeMs).toBeLessThanOrEqual(6 * HOUR_MS);
});

test("its environment has a pulumi command that prints the outputs", async () => {
  const env = { ...process.env, ...stack.environment };
  const args = ["stack", "output", "--json", "--stack", "test"];
  const { stdout } = await promisify(execFile)("pulumi", args, { env, cwd: ROOT });
  expect(JSON.parse(stdout)).toEqual(stack.outputs);
});

describe("Its alarms", () => {
  let trouble: StandingStack;
  beforeAll(async () => {
    trouble = await startStack(["T10000001"]);
    await trouble.sandbox.enterCredentials("T10000001");
    await pass(35);
  });
  afterAll(() => trouble.close());

  /** A check every five minutes, and the alarms every minute. */
  async function pass(minutes: number): Promise<void> {
    const { clock } = trouble.sandbox;
    for (let minute = 0; minute < minutes; minute += 1) {
      if (minute % 5 === 0) await trouble.check();
      clock.advance(MINUTE_MS);
      trouble.evaluation.evaluate();
    }
  }

  /** Kinds of the alarms that sent a mail about ALARM, or OK, since the last call. */
  function mails(state: "ALARM" | "OK"): string[] {
    const subjects = trouble.aws.topics.sent.splice(0).map(({ subject }) => subject);
    return subjects.flatMap(
      (it) => new RegExp(`^${state}: "tokens-(.*)-test-`).exec(it)?.[1] ?? [],
    );
  }

  test("stay OK while renewals succeed", () => {
    expect(mails("ALARM")).toEqual([]);
  });

  test("fire from the metrics of the checks, and clear", async () => {
    trouble.dintero.addFault({ effect: { status: 503, headers: { "retry-after": "60" } } });
    await trouble.aws.functions.run(trouble.outputs.functionName, {
      ...{ accounts: ["T10000001"], force: true },
    });
    await pass(1);
    await trouble.sandbox.editToken("T10000001", "oops");
    await pass(10);
    expect(mails("ALARM")).toEqual(["token-at-risk-T10000001"]);
    trouble.dintero.clearFaults();
    await pass(30);
    expect(mails("OK")).toEqual(["token-at-risk-T10000001"]);
  });

  test("return to the state of their metrics when somebody sets them", async () => {
    const [name = ""] = trouble.outputs.alarmNames;
    trouble.aws.alarms.setState(name, "ALARM", "a drill");
    await pass(1);
    expect(mails("OK")).toEqual(["token-at-risk-T10000001"]);
  });

  test("fire if checks stop", async () => {
    for (let minute = 0; minute < 30; minute += 1) {
      trouble.sandbox.clock.advance(MINUTE_MS);
      trouble.evaluation.evaluate();
    }
    expect(mails("ALARM")).toEqual(["rotation-silent"]);
  });
});

test("closing it leaves nothing behind, not even a check that waits for AWS", async () => {
  const closed = await startStack(["T10000001"]);
  const arrived = new Promise<void>((resolve) => {
    closed.aws.addFault({
      operation: "DescribeSecret",
      when: () => {
        resolve();
        return true;
      },
      effect: { hang: true },
    });
  });
  const check = closed.check();
  await arrived;
  await closed.close();
  expect((await check).error?.errorMessage).toBe("The function was stopped.");
  expect(existsSync(closed.folder)).toBe(false);
  await expect(fetch(closed.aws.url)).rejects.toThrow();
  await expect(fetch(closed.dintero.origin)).rejects.toThrow();
});
