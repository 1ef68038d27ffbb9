/** What keeps a command from beginning: arguments, Pulumi, AWS credentials, account and Region. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { RawServer } from "../../proof/local/raw-server.ts";
import { SECRET_CANARY } from "../support/canaries.ts";
import { commandArguments } from "../support/command-arguments.ts";
import { expectMessage, expectPart } from "../support/expect-message.ts";
import {
  type Environment,
  type OpsRun,
  opsEnvironment,
  runOps,
  unwrapped,
  withStandingStack,
} from "./ops-process.ts";
import { ssoLogin } from "./sso-login.ts";

const stack = withStandingStack("T10000001", "T10000002");

// Its patience is some 15 s, in which the other tests run.
let silentAws: RawServer;
let atSilentAws: Promise<OpsRun>;
beforeAll(async () => {
  silentAws = await RawServer.start(() => {});
  const env = { AWS_ENDPOINT_URL: `http://${silentAws.host}` };
  atSilentAws = runOps(stack.current, ["status", "--stack", "test"], { env });
});
afterAll(() => silentAws.close());

/** Runs a command, which has to fail before it says anything of accounts, in lines of 80 columns. */
async function refusal(args: readonly string[], env: Environment = {}): Promise<string> {
  const run = await runOps(stack.current, args, { env });
  expect(run).toMatchObject({ status: 2, stdout: "" });
  return run.stderr;
}

test("The help names every exit status, in 80 columns", async () => {
  const { status, stdout } = await runOps(stack.current, ["--help"]);
  expect(status).toBe(0);
  for (const exit of [0, 1, 2]) expect(stdout).toMatch(new RegExp(`^ +${exit} +\\S`, "m"));
  for (const line of stdout.split("\n")) expect(line.length).toBeLessThanOrEqual(80);
});

describe("Arguments", () => {
  test.each([
    [["nonsense"], "nonsense"],
    [["status"], "--stack <stack>"],
    [["status", "--stck", "test"], "--stck"],
    [["status", "test"], "test"],
    [["status", "--stack", "test", "--stack=prod"], "--stack"],
    [["reconcile", "--force", "--stack", "test"], "--force"],
  ])("%j are refused", async (args, named) => {
    const [message = ""] = unwrapped(await refusal(args)).split(" --help ");
    expectPart(message, { commands: [named] });
  });

  test.each([
    [["credentials", "T10000001", "id", SECRET_CANARY, "--stack", "test"]],
    [["credentials", "T10000001", `--secret=${SECRET_CANARY}`, "--stack", "test"]],
  ])("%# with a secret among them are refused, and the secret is not shown", async (args) => {
    const [message = ""] = unwrapped(await refusal(args)).split(" --help ");
    expectPart(message, { names: ["--stack", "--no-verify", "--yes"] });
  });

  test.each([
    [["credentials", "T10000009", "--stack", "test"], ["T10000009"]],
    [["credentials", "t1000001", "--stack", "test"], ["t1000001"]],
    [["credentials", SECRET_CANARY, "--stack", "test"], []],
    [["reconcile", "T10000001", "T10000009", "--stack", "test"], ["T10000009"]],
  ])(
    "%# with an unknown account are refused, and the existing accounts are named",
    async (args, unknown) => {
      expectMessage(unwrapped(await refusal(args)), {
        names: ["test", "T10000001", "T10000002", ...unknown],
      });
    },
  );
});

test("A stack's name that npm kept for itself is not ignored", async () => {
  // As after `npm run ops status --stack test`, without the two dashes.
  const stderr = unwrapped(await refusal(["status", "test"], { npm_config_stack: "true" }));
  expectPart(stderr, { commands: ["npm run ops -- --help"] });
  expect(stderr).toContain("--stack needs two dashes before it");
});

test("A result that cannot be written is not taken for a good one", async () => {
  // As on a full disk: a file that is open for reading only.
  const output = openSync(import.meta.filename, "r");
  const args = [...commandArguments("ops/ops.ts"), "reconcile", "--stack", "test"];
  const command = spawn(process.execPath, args, {
    env: opsEnvironment(stack.current),
    stdio: ["ignore", output, "pipe"],
  });
  closeSync(output);
  if (!command.stderr) throw new Error("The command has no pipe.");
  const [stderr, [status]] = await Promise.all([text(command.stderr), once(command, "exit")]);
  expect({ status, stderr }).toMatchObject({ status: 2 });
  expectPart(stderr.trim(), { commands: ["The result could not be written (EBADF)."] });
});

describe("Pulumi", () => {
  test("knows no such stack", async () => {
    const stderr = await refusal(["status", "--stack", "nope"]);
    expectMessage(unwrapped(stderr), { names: ["nope"], commands: ["pulumi stack ls"] });
    // Pulumi's own words, which are not ours.
    expect(stderr).toContain("no stack named 'nope' found");
  });

  test("is not installed", async () => {
    const path = { PATH: join(stack.current.folder, "nothing") };
    const stderr = await refusal(["status", "--stack", "test"], path);
    expectMessage(unwrapped(stderr), {
      names: ["Pulumi CLI"],
      commands: ["https://www.pulumi.com/docs/install/"],
    });
  });

  test.each([
    [{}, []],
    [{ dashboardUrl: "x" }, ["credentialsSecretArns", "functionName"]],
  ])("has the outputs %j", async (outputs, names) => {
    const env = { DINTERO_LOCAL_STACK_OUTPUTS: await writeOutputs(outputs) };
    expectMessage(unwrapped(await refusal(["status", "--stack", "test"], env)), {
      names,
      commands: ["npm run deploy -- --stack test"],
    });
  });
});

describe("AWS", () => {
  const STATUS = ["status", "--stack", "test"];
  const NO_KEYS = { AWS_ACCESS_KEY_ID: "", AWS_SECRET_ACCESS_KEY: "" };

  test("is in another Region than the person's", async () => {
    stack.current.aws.calls.length = 0;
    const stderr = await refusal(STATUS, { AWS_REGION: "eu-west-1" });
    expectMessage(unwrapped(stderr), {
      names: ["test", "eu-north-1", "AWS_REGION", "eu-west-1"],
      commands: ["export AWS_REGION=eu-north-1"],
    });
    expect(stack.current.aws.calls).not.toContainEqual(expect.objectContaining({ service: "sts" }));
  });

  test("gets no credentials", async () => {
    expectMessage(unwrapped(await refusal(STATUS, NO_KEYS)), { names: ["AWS_PROFILE"] });
  });

  test("is reached with an SSO login that has expired", async () => {
    const env = { ...NO_KEYS, ...(await ssoLogin(stack.current.folder, "2020-01-01T00:00:00Z")) };
    const stderr = await refusal(STATUS, env);
    expectMessage(unwrapped(stderr), {
      commands: ["aws sso login --profile work"],
    });
  });

  test.each([["ExpiredToken"], ["InvalidClientTokenId"]])("answers with %s", async (error) => {
    stack.current.aws.addFault({ operation: "GetCallerIdentity", effect: { error, status: 403 } });
    expectMessage(unwrapped(await refusal(STATUS)), { names: [error] });
  });

  test("is another AWS account than the stack's", async () => {
    const json = JSON.stringify(stack.current.outputs).replaceAll("123456789012", "210987654321");
    const env = { DINTERO_LOCAL_STACK_OUTPUTS: await writeOutputs(JSON.parse(json)) };
    expectMessage(unwrapped(await refusal(STATUS, env)), {
      names: ["test", "210987654321", "arn:aws:iam::123456789012:user/engineer", "AWS_PROFILE"],
    });
  });

  test("does not answer", async () => {
    const env = { AWS_ENDPOINT_URL: "http://127.0.0.1:9" };
    expectMessage(unwrapped(await refusal(STATUS, env)), { names: ["AWS", "ECONNREFUSED"] });
  });

  test("is silent, and the command stops waiting", async () => {
    const { status, stderr } = await atSilentAws;
    expect(status).toBe(2);
    expectMessage(unwrapped(stderr), { names: ["AWS", "ETIMEDOUT"] });
  });
});

let written = 0;

async function writeOutputs(outputs: object): Promise<string> {
  written += 1;
  const path = join(stack.current.folder, `outputs-${written}`, "test.json");
  await mkdir(dirname(path));
  await writeFile(path, JSON.stringify(outputs));
  return path;
}
