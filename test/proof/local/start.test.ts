/** `npm start`, run as a process. That all scenarios play well, `npm start` itself says. */
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { DescribeSecretCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "@jest/globals";
import { HOUR_MS } from "../../../proof/durations.ts";
import { AwsStandIn } from "../../../proof/local/aws/aws-stand-in.ts";
import { unwrapped } from "../../ops/ops-process.ts";
import { leaksIn } from "../../support/canaries.ts";
import { commandArguments } from "../../support/command-arguments.ts";

const START = commandArguments("proof/local/start.ts");

interface Run {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** With no variables but these: colours, time zone and language of the terminal change nothing. */
function start(options: readonly string[], env: Record<string, string> = {}): Promise<Run> {
  return new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      [...START, ...options],
      { env: { PATH: process.env["PATH"] ?? "", FORCE_COLOR: "0", ...env } },
      (_, stdout, stderr) => resolve({ status: child.exitCode ?? -1, stdout, stderr }),
    );
  });
}

test("It runs one scenario with the given accounts and the shortest lifetime, and prints JSON", async () => {
  const options = ["--scenario", "dintero-down", "--accounts", "3", "--lifetime", "3h", "--json"];
  const { status, stdout, stderr } = await start(options);
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  const { isGood, scenarios } = JSON.parse(stdout);
  expect(isGood).toBe(true);
  expect(scenarios).toMatchObject([{ name: "dintero-down", isGood: true }]);
  const checks = scenarios[0].entries.filter((entry: object) => "accounts" in entry);
  expect(checks).toHaveLength(3);
  for (const { accounts } of checks) {
    expect(accounts).toHaveLength(3);
    for (const { token } of accounts) expect(token.lifeMs).toBeLessThanOrEqual(3 * HOUR_MS);
  }
  expect(checks[1].accounts[0]).toMatchObject({
    ...{ outcome: "failed", error: { code: "unavailable" }, reader: "same token" },
  });
  // As the alarms fire on the metrics that the function printed: once for each account.
  const mails = scenarios[0].entries.flatMap((entry: { subject?: string }) => entry.subject ?? []);
  expect(mails.filter((subject: string) => /^ALARM: .*token-at-risk/.test(subject))).toHaveLength(
    3,
  );
}, 30_000);

test("It ends with 1 for wrong options, and runs nothing", async () => {
  const { status, stdout, stderr } = await start(["--jsno"]);
  expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
  expect(stderr).toContain("--jsno");
}, 30_000);

describe("With another server in place of AWS", () => {
  let aws: AwsStandIn;
  beforeAll(async () => {
    aws = await AwsStandIn.start({ now: Date.now });
  });
  afterEach(() => aws.reset());
  afterAll(() => aws.close());

  const environment = () => ({
    AWS_REGION: aws.region,
    AWS_ACCESS_KEY_ID: aws.credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: aws.credentials.secretAccessKey,
  });
  const startThere = () =>
    start(["--scenario", "first-token", "--endpoint", aws.url], environment());

  test("it runs there, shows no token, and leaves nothing behind", async () => {
    const { status, stdout, stderr } = await startThere();
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(stdout).toContain("first-token");
    expect(stdout).not.toContain("✗");
    expect(stdout).not.toContain("\u001b");
    const written = aws.calls.filter(({ operation }) => operation === "PutParameter");
    expect(written).toHaveLength(2);
    expect(
      leaksIn(stdout, written.map(({ input }) => String(input["Value"])).filter(isJwt)),
    ).toEqual([]);
    const removed = aws.calls.filter(
      ({ operation, error }) => operation.startsWith("Delete") && !error,
    );
    expect(removed).toHaveLength(2 + 2);
  }, 30_000);

  test("it ends with 1 and marks what is not as expected", async () => {
    aws.addFault({ operation: "PutParameter", effect: { error: "AccessDeniedException" } });
    const { status, stdout } = await startThere();
    expect(status).toBe(1);
    expect(stdout).toContain("✗ T12345678: outcome is failed instead of renewed");
    expect(stdout).toContain("✗ T12345678: what a reader gets is nothing instead of new token");
    expect(stdout).toContain("Grant the function's role ssm:PutParameter");
  }, 30_000);

  test("it ends with 1 if only the key's state is unknown", async () => {
    aws.addFault({ operation: "DescribeKey", effect: { error: "AccessDeniedException" } });
    const { status, stdout } = await startThere();
    expect(status).toBe(1);
    expect(stdout).toContain("✗ the check failed: Reading the state of the KMS key");
  }, 30_000);

  test("it ends with 1, and says in one sentence that nothing listens there", async () => {
    const { status, stderr } = await start(["--endpoint", "http://127.0.0.1:9"]);
    expect(status).toBe(1);
    expect(unwrapped(stderr)).toMatch(
      /^npm start failed: nothing listens at http:\/\/127\.0\.0\.1:9\/\. [^.]*\.$/,
    );
  }, 30_000);

  test.each([
    ["the reader of its output closes the pipe", 141, /^$/],
    ["somebody ends it with Ctrl-C", 130, /^\nEnding\b.*\.\n$/],
  ])(
    "it leaves nothing behind when %s",
    async (_, expected, told) => {
      const child = spawn(
        process.execPath,
        [...START, "--scenario", "rejected-credentials", "--endpoint", aws.url],
        {
          env: { PATH: process.env["PATH"] ?? "", FORCE_COLOR: "0", ...environment() },
          stdio: ["ignore", "pipe", "pipe"],
        },
      );
      child.stdout.on("data", (data) => {
        if (!String(data).includes("credentials-rejected")) return;
        if (expected === 141) child.stdout.destroy();
        else child.kill("SIGINT");
      });
      const [stderr, [status]] = await Promise.all([text(child.stderr), once(child, "close")]);
      expect({ status, stderr }).toEqual({ status: expected, stderr: expect.stringMatching(told) });
      const { url: endpoint, region, credentials } = aws;
      const client = new SecretsManagerClient({ endpoint, region, credentials });
      const secret = client.send(
        new DescribeSecretCommand({ SecretId: "dintero/T12345678/api-client" }),
      );
      await expect(secret).rejects.toMatchObject({ name: "ResourceNotFoundException" });
      client.destroy();
    },
    30_000,
  );

  test("it reports the first failure, and then that it could not clean up", async () => {
    let deletions = 0;
    aws.addFault({
      operation: "PutSecretValue",
      effect: { error: "LimitExceededException", message: "no room" },
    });
    aws.addFault({
      operation: "DeleteSecret",
      // The first is made before it starts.
      when: () => ++deletions > 1,
      effect: { error: "AccessDeniedException", message: "no deletion" },
    });
    const { status, stderr } = await startThere();
    expect(status).toBe(1);
    expect(stderr).toMatch(/^npm start .*\/: no room\n.*: no deletion\n$/);
  }, 30_000);
});

function isJwt(value: string): boolean {
  return value.startsWith("eyJ");
}

test("It ends without a message when the reader of its output closes the pipe", async () => {
  const child = spawn(process.execPath, START, {
    env: { PATH: process.env["PATH"] ?? "", FORCE_COLOR: "0" },
    stdio: ["ignore", "pipe", "pipe"],
  });
  child.stdout.once("data", () => child.stdout.destroy());
  const [stderr, [status]] = await Promise.all([text(child.stderr), once(child, "close")]);
  expect({ status, stderr }).toEqual({ status: 141, stderr: "" });
}, 30_000);

test("Its output fits 80 columns", async () => {
  const { stdout } = await start([]);
  expect(stdout.split("\n").filter((line) => line.length > 80)).toEqual([]);
}, 60_000);
