/** `npm start`, run as a process. */
import { execFile } from "node:child_process";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "@jest/globals";
import { AwsStandIn } from "../../../proof/local/aws/aws-stand-in.ts";
import { SCENARIOS } from "../../../proof/local/scenarios.ts";
import { leaksIn } from "../../support/canaries.ts";

const START = join(import.meta.dirname, "..", "..", "..", "proof", "local", "start.ts");

interface Run {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

function start(options: readonly string[], env: Record<string, string> = {}): Promise<Run> {
  return new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      [START, ...options],
      { env: { ...process.env, ...env } },
      (_, stdout, stderr) => resolve({ status: child.exitCode ?? -1, stdout, stderr }),
    );
  });
}

describe("Without options", () => {
  test("it plays every scenario, and ends with 0 where all is as it should be", async () => {
    const { status, stdout, stderr } = await start([]);
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    for (const { title, name } of SCENARIOS) {
      expect(stdout).toContain(title);
      expect(stdout).toContain(`--scenario ${name}`);
    }
    expect(stdout).toMatch(/288 checks, 1[678] renewals/);
    expect(stdout).toContain("All of it is as it should be");
    expect(stdout).not.toContain("✗");
    // Colour is for terminals, and this is none.
    expect(stdout).not.toContain("\u001b");
  }, 60_000);
});

describe("With options", () => {
  test("it plays one scenario with so many accounts and such a life, and tells it as JSON", async () => {
    const options = ["--scenario", "dintero-down", "--accounts", "3", "--lifetime", "6h", "--json"];
    const { status, stdout } = await start(options);
    expect(status).toBe(0);
    const { isGood, scenarios } = JSON.parse(stdout);
    expect(isGood).toBe(true);
    expect(scenarios).toMatchObject([{ name: "dintero-down", isGood: true }]);
    const checks = scenarios[0].entries.filter((entry: object) => "accounts" in entry);
    expect(checks).toHaveLength(4);
    for (const { accounts } of checks) {
      expect(accounts).toHaveLength(3);
      for (const { token } of accounts) expect(token.lifeMs).toBeLessThanOrEqual(6 * 3_600_000);
    }
    expect(checks[2].accounts[0]).toMatchObject({
      outcome: "failed",
      error: { code: "unavailable" },
      reader: expect.stringMatching(/^eyJh… \(\d+ characters\)$/),
    });
  }, 30_000);

  test("it says what they are", async () => {
    const { status, stdout } = await start(["--help"]);
    expect(status).toBe(0);
    for (const name of ["accounts", "lifetime", "scenario", "endpoint", "json", "stay", "help"]) {
      expect(stdout).toContain(`--${name}`);
    }
  });

  test.each([
    [["--accounts", "0"], "Allowed are whole numbers from 1 to 20."],
    [["--accounts", "21"], "Allowed are whole numbers from 1 to 20."],
    [["--accounts", "1.5"], "Allowed are whole numbers from 1 to 20."],
    [["--accounts", "two"], "Allowed are whole numbers from 1 to 20."],
    [["--lifetime", "2h"], "Allowed are 3h to 168h"],
    [["--lifetime", "169h"], "Allowed are 3h to 168h"],
    [["--lifetime", "24"], "Allowed are 3h to 168h"],
    [["--scenario", "third-token"], "Allowed choices are first-token, nothing-due"],
    [["--endpoint", "nowhere"], "Allowed are http and https URLs of this machine"],
    [["--endpoint", "https://ssm.eu-north-1.amazonaws.com"], "Allowed are http and https URLs"],
    [["--endpoint", "http://127.0.0.1.example.com"], "Allowed are http and https URLs"],
    [["--endpoint", "file:///tmp"], "Allowed are http and https URLs of this machine"],
    [["--stay", "--json"], "'--stay' cannot be used with option '--json'"],
    [["--stay", "--scenario", "first-token"], "'--stay' cannot be used with option '--scenario"],
    [["--stay", "--endpoint", "http://127.0.0.1:9"], "'--stay' cannot be used with option"],
    [["--jsno"], "unknown option '--jsno'"],
    [["first-token"], "too many arguments"],
  ])("%j it says what is allowed, and plays nothing", async (options, message) => {
    const { status, stdout, stderr } = await start(options);
    expect(status).toBe(1);
    expect(stdout).toBe("");
    expect(stderr).toContain(message);
  });
});

describe("With another server in place of AWS", () => {
  let aws: AwsStandIn;
  beforeAll(async () => {
    aws = await AwsStandIn.start({ now: Date.now });
  });
  afterEach(() => aws.reset());
  afterAll(() => aws.close());

  const startThere = () =>
    start(["--scenario", "first-token", "--endpoint", aws.url], {
      AWS_REGION: aws.region,
      AWS_ACCESS_KEY_ID: aws.credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: aws.credentials.secretAccessKey,
    });

  test("it plays there, shows no token, and leaves nothing behind", async () => {
    const { status, stdout } = await startThere();
    expect(status).toBe(0);
    const written = aws.calls.filter(({ operation }) => operation === "PutParameter");
    expect(written).toHaveLength(4);
    expect(
      leaksIn(stdout, written.map(({ input }) => String(input["Value"])).filter(isJwt)),
    ).toEqual([]);
    const removed = aws.calls.filter(
      ({ operation, error }) => operation.startsWith("Delete") && !error,
    );
    expect(removed).toHaveLength(2 + 2 + 4);
  });

  test("it ends with 1, and says where, when something is not as it should be", async () => {
    aws.addFault({ operation: "PutParameter", effect: { error: "AccessDeniedException" } });
    const { status, stdout } = await startThere();
    expect(status).toBe(1);
    expect(stdout).toContain("✗ T10000001: outcome is failed instead of renewed");
    expect(stdout).toContain("✗ T10000001: what a reader gets is nothing instead of new token");
    expect(stdout).toContain("Grant the function's role ssm:PutParameter");
    expect(stdout).toContain("Something is not as it should be");
  });

  test("it ends with 1 and one line when nobody answers", async () => {
    const { status, stderr } = await start(["--endpoint", "http://127.0.0.1:9"]);
    expect(status).toBe(1);
    expect(stderr).toMatch(/^npm start could not go on: .*ECONNREFUSED.*\n$/);
  });
});

function isJwt(value: string): boolean {
  return value.startsWith("eyJ");
}
