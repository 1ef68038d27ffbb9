/** `npm start -- --stay`, run as a process. */
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { watch } from "node:fs";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";

const START = join(import.meta.dirname, "..", "..", "..", "proof", "local", "start.ts");

/** What the process takes for the folder of temporary files: a quote is in it. */
let folder: string;
let child: ChildProcess;
let output = "";

async function start(options: readonly string[]): Promise<void> {
  folder = await mkdtemp(join(tmpdir(), "stay's-"));
  output = "";
  const started = spawn(process.execPath, [START, "--stay", ...options], {
    env: { PATH: process.env["PATH"] ?? "", FORCE_COLOR: "0", TMPDIR: folder },
    stdio: ["ignore", "pipe", "pipe"],
  });
  child = started;
  for (const stream of [started.stdout, started.stderr]) {
    stream.setEncoding("utf8").on("data", (chunk: string) => {
      output += chunk;
    });
  }
}

afterAll(async () => {
  child.kill("SIGKILL");
  await rm(folder, { recursive: true });
});

/** Waits until it has said what to do. */
async function introduced(): Promise<void> {
  while (!output.includes("Ctrl-C ends it")) {
    await Promise.race([
      once(child.stdout ?? child, "data"),
      once(child, "exit").then(() => {
        throw new Error(`It ended: ${output}`);
      }),
    ]);
  }
}

async function endedBy(signal: NodeJS.Signals): Promise<void> {
  child.kill(signal);
  expect(await once(child, "exit")).toEqual([0, null]);
  expect(await readdir(folder)).toEqual([]);
}

/** Runs a script in a terminal of its own, after the line that was to be pasted. */
async function inOtherTerminal(script: string): Promise<string> {
  const paste = /^ {2}(\. .*)$/m.exec(output)?.[1];
  const env = { ...process.env, AWS_PROFILE: "mine", AWS_SESSION_TOKEN: "old" };
  const { stdout } = await promisify(execFile)("sh", ["-c", `${paste}\n${script}`], { env });
  return stdout;
}

describe("While it stays", () => {
  beforeAll(async () => {
    await start(["--accounts", "2", "--lifetime", "5h"]);
    await introduced();
  }, 30_000);

  test("the printed line points another terminal at it, and at no other AWS", async () => {
    for (const text of [
      "npm run ops -- status --stack test",
      "npm run ops -- credentials T12345678 --stack test",
    ]) {
      expect(output).toContain(text);
    }
    const outputs = await inOtherTerminal("pulumi stack output --json --stack test");
    expect(Object.keys(JSON.parse(outputs).credentialsSecretArns)).toEqual([
      "T12345678",
      "T87654321",
    ]);
    const variables = await inOtherTerminal("env");
    expect(variables).toMatch(/^AWS_ENDPOINT_URL=http:\/\/127\.0\.0\.1:\d+$/m);
    expect(variables).toMatch(/^AWS_REGION=eu-north-1$/m);
    expect(variables).toMatch(/^AWS_DEFAULT_REGION=eu-north-1$/m);
    expect(variables).toMatch(/^AWS_SECRET_ACCESS_KEY=.+$/m);
    expect(variables).not.toMatch(/^AWS_(PROFILE|SESSION_TOKEN)=/m);
  }, 30_000);

  test("Dintero accepts the API clients that it shows", async () => {
    const [, id, secret] = /T12345678 +client id +(\S+)\n +client secret +(\S+)/.exec(output) ?? [];
    const origin = await inOtherTerminal(`printf %s "$DINTERO_API_ORIGIN"`);
    const response = await fetch(`${origin}/v1/accounts/T12345678/auth/token`, {
      method: "POST",
      headers: {
        authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString("base64")}`,
        "content-type": "application/json",
      },
      body: JSON.stringify({
        grant_type: "client_credentials",
        audience: "https://api.dintero.com/v1/accounts/T12345678",
      }),
    });
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({ expires_in: 5 * 3600 });
  }, 30_000);

  test("its control address takes Dintero down and restores it", async () => {
    const origin = await inOtherTerminal(`printf %s "$DINTERO_ORIGIN"`);
    const session = async () => (await fetch(`${origin}/v1/sessions/any`)).status;
    const controlled = (action: string) =>
      inOtherTerminal(`printf %s "$DINTERO_CONTROL/${action}"`).then((url) =>
        fetch(url, { method: "POST" }),
      );
    expect((await controlled("down")).status).toBe(200);
    expect(await session()).toBe(503);
    expect((await controlled("up")).status).toBe(200);
    expect(await session()).toBe(401);
    expect((await controlled("sideways")).status).toBe(404);
  }, 30_000);

  test("its output fits 80 columns", () => {
    for (const line of output.split("\n")) expect(line.length).toBeLessThanOrEqual(80);
  });

  test("Ctrl-C ends it with status 0 and leaves nothing", async () => {
    expect(await readdir(folder)).toHaveLength(1);
    await endedBy("SIGINT");
    await rm(folder, { recursive: true });
  }, 30_000);
});

test("A signal during its start leaves nothing either", async () => {
  await start(["--accounts", "1"]);
  const watcher = watch(folder);
  const changed = once(watcher, "change");
  if ((await readdir(folder)).length === 0) await changed;
  watcher.close();
  await endedBy("SIGTERM");
}, 30_000);
