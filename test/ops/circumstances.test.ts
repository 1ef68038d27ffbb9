/** What keeps a command from beginning: arguments, Pulumi, AWS credentials, account and Region. */
import { createHash } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { RawServer } from "../../proof/local/raw-server.ts";
import { SECRET_CANARY } from "../support/canaries.ts";
import { type Environment, runOps, withStandingStack } from "./ops-process.ts";

const stack = withStandingStack("T10000001", "T10000002");

/** Runs `status`, which has to fail before it says anything of accounts. */
async function refusal(args: readonly string[], env: Environment = {}): Promise<string> {
  const run = await runOps(stack.current, args, { env });
  expect(run).toMatchObject({ status: 1, stdout: "" });
  return run.stderr;
}

describe("Arguments", () => {
  test.each([
    [["nonsense"], "unknown command 'nonsense'"],
    [["status"], "required option '--stack <stack>' not specified"],
    [["reconcile", "--force", "--stack", "test"], "--force needs accounts"],
  ])("%j are refused", async (args, message) => {
    expect(await refusal(args)).toContain(message);
  });

  test.each([
    [["credentials", "T10000001", "id", SECRET_CANARY, "--stack", "test"]],
    [["credentials", "T10000001", `--secret=${SECRET_CANARY}`, "--stack", "test"]],
  ])("%# with a secret among them are refused, and the secret is not shown", async (args) => {
    expect(await refusal(args)).toContain("Id and secret never go into arguments");
  });

  test.each([
    [["credentials", "T10000009", "--stack", "test"], "no account T10000009"],
    [["credentials", SECRET_CANARY, "--stack", "test"], "no such account"],
    [["reconcile", "T10000001", "T10000009", "--stack", "test"], "no account T10000009"],
  ])(
    "%# with an unknown account are refused, with the accounts there are",
    async (args, message) => {
      const stderr = await refusal(args);
      expect(stderr).toContain(`Stack test has ${message}. It has: T10000001, T10000002.`);
    },
  );
});

describe("Pulumi", () => {
  test("knows no such stack", async () => {
    expect(await refusal(["status", "--stack", "nope"])).toMatch(
      /no stack named 'nope' found\n.*npx pulumi stack ls/,
    );
  });

  test("is not there", async () => {
    const path = { PATH: join(stack.current.folder, "nothing") };
    expect(await refusal(["status", "--stack", "test"], path)).toContain(
      "Pulumi CLI was not found",
    );
  });

  test.each([
    [{}, "never deployed"],
    [{ dashboardUrl: "x" }, "credentialsSecretArns, functionName"],
  ])("has the outputs %j", async (outputs, message) => {
    const env = { DINTERO_LOCAL_STACK_OUTPUTS: await writeOutputs(outputs) };
    expect(await refusal(["status", "--stack", "test"], env)).toContain(message);
  });
});

describe("AWS", () => {
  const STATUS = ["status", "--stack", "test"];
  const NO_KEYS = { AWS_ACCESS_KEY_ID: "", AWS_SECRET_ACCESS_KEY: "" };

  test("is another Region than the person's", async () => {
    stack.current.aws.calls.length = 0;
    const stderr = await refusal(STATUS, { AWS_REGION: "eu-west-1" });
    expect(stderr).toContain("Stack test is in eu-north-1, but AWS_REGION is eu-west-1.");
    expect(stack.current.aws.calls).not.toContainEqual(expect.objectContaining({ service: "sts" }));
  });

  test("has no credentials to go by", async () => {
    const stderr = await refusal(STATUS, NO_KEYS);
    expect(stderr).toMatch(/^No AWS credentials can be used: .*aws sso login --profile default/);
  });

  test("is told by an SSO login that has run out", async () => {
    const env = { ...NO_KEYS, ...(await expiredSsoLogin(stack.current.folder)) };
    const stderr = await refusal(STATUS, env);
    expect(stderr).toContain("No AWS credentials can be used:");
    expect(stderr).toMatch(/expired/);
    expect(stderr).toContain("aws sso login --profile work");
  });

  test.each([
    ["ExpiredToken", "The AWS credentials have expired"],
    ["InvalidClientTokenId", "AWS does not accept the AWS credentials"],
  ])("answers with %s", async (error, message) => {
    stack.current.aws.addFault({ operation: "GetCallerIdentity", effect: { error, status: 403 } });
    expect(await refusal(STATUS)).toContain(message);
  });

  test("is another AWS account than the stack's", async () => {
    const json = JSON.stringify(stack.current.outputs).replaceAll("123456789012", "210987654321");
    const env = { DINTERO_LOCAL_STACK_OUTPUTS: await writeOutputs(JSON.parse(json)) };
    expect(await refusal(STATUS, env)).toMatch(
      /Stack test is in AWS account 210987654321, but .*user\/engineer\) are of 123456789012\./,
    );
  });

  test("is not there, which is told", async () => {
    const env = { AWS_ENDPOINT_URL: "http://127.0.0.1:9" };
    expect(await refusal(STATUS, env)).toContain("no answer from AWS (ECONNREFUSED)");
  });

  test("is silent, which is given up", async () => {
    const silent = await RawServer.start(() => {});
    const env = { AWS_ENDPOINT_URL: `http://${silent.host}` };
    const { status, stderr } = await runOps(stack.current, STATUS, { env });
    await silent.close();
    expect(status).toBe(1);
    expect(stderr).toContain("no answer from AWS (ETIMEDOUT)");
  }, 30_000);
});

let written = 0;

async function writeOutputs(outputs: object): Promise<string> {
  written += 1;
  const path = join(stack.current.folder, `outputs-${written}`, "test.json");
  await mkdir(dirname(path));
  await writeFile(path, JSON.stringify(outputs));
  return path;
}

/** What `aws sso login` leaves, some time later. Source: AWS SDKs reference, "IAM Identity Center". */
async function expiredSsoLogin(home: string): Promise<Environment> {
  const config = join(home, "aws-config");
  await writeFile(
    config,
    [
      "[profile work]",
      "sso_session = corp",
      "sso_account_id = 123456789012",
      "sso_role_name = engineer",
      "[sso-session corp]",
      "sso_region = eu-north-1",
      "sso_start_url = https://corp.example.com/start",
    ].join("\n"),
  );
  const cache = join(home, ".aws", "sso", "cache");
  await mkdir(cache, { recursive: true });
  await writeFile(
    join(cache, `${createHash("sha1").update("corp").digest("hex")}.json`),
    JSON.stringify({
      ...{ accessToken: "old", expiresAt: "2020-01-01T00:00:00Z", region: "eu-north-1" },
      ...{ clientId: "id", clientSecret: "registration", refreshToken: "old too" },
    }),
  );
  return { AWS_CONFIG_FILE: config, AWS_PROFILE: "work" };
}
