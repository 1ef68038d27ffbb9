/** `npm start -- --stay`, run as a process. */
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { watch } from "node:fs";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";

const START = join(import.meta.dirname, "..", "..", "..", "proof", "local", "start.ts");

/** What the process takes for the folder of temporary files: a quote is in it. */
let folder: string;
let child: ChildProcess | undefined;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "stay's-"));
});
afterEach(async () => {
  child?.kill("SIGKILL");
  await rm(folder, { recursive: true });
});

function start(options: readonly string[] = []): { child: ChildProcess; output: () => string } {
  const started = spawn(process.execPath, [START, "--stay", ...options], {
    env: { ...process.env, TMPDIR: folder },
    stdio: ["ignore", "pipe", "pipe"],
  });
  child = started;
  let output = "";
  for (const stream of [started.stdout, started.stderr]) {
    stream.setEncoding("utf8").on("data", (chunk: string) => {
      output += chunk;
    });
  }
  return { child: started, output: () => output };
}

/** Starts it, and waits until it has said what to do. */
async function startAndWait(options: readonly string[] = []) {
  const started = start(options);
  while (!started.output().includes("Ctrl-C ends it")) {
    await Promise.race([
      once(started.child.stdout ?? started.child, "data"),
      once(started.child, "exit").then(() => {
        throw new Error(`It ended: ${started.output()}`);
      }),
    ]);
  }
  return started;
}

/** Runs a script in a terminal of its own, after the line that was to be pasted. */
async function inOtherTerminal(output: string, script: string): Promise<string> {
  const paste = /^ {2}(\. .*)$/m.exec(output)?.[1];
  const env = { ...process.env, AWS_PROFILE: "mine", AWS_SESSION_TOKEN: "old" };
  const { stdout } = await promisify(execFile)("sh", ["-c", `${paste}\n${script}`], { env });
  return stdout;
}

describe("While it stays", () => {
  test("the line to paste makes another terminal reach it, and no other AWS", async () => {
    const { output } = await startAndWait(["--accounts", "2"]);
    const said = output();
    for (const text of [
      "npm run ops -- status --stack test",
      "npm run ops -- credentials T10000001 --stack test",
    ]) {
      expect(said).toContain(text);
    }
    const outputs = await inOtherTerminal(said, "pulumi stack output --json --stack test");
    expect(Object.keys(JSON.parse(outputs).credentialsSecretArns)).toEqual([
      "T10000001",
      "T10000002",
    ]);
    const variables = await inOtherTerminal(said, "env");
    expect(variables).toMatch(/^AWS_ENDPOINT_URL=http:\/\/127\.0\.0\.1:\d+$/m);
    expect(variables).toMatch(/^DINTERO_API_ORIGIN=http:\/\/127\.0\.0\.1:\d+$/m);
    expect(variables).toMatch(/^AWS_SECRET_ACCESS_KEY=.+$/m);
    expect(variables).not.toMatch(/^AWS_(PROFILE|SESSION_TOKEN)=/m);
  }, 30_000);

  test("Dintero accepts the API clients that it shows", async () => {
    const { output } = await startAndWait(["--accounts", "1", "--lifetime", "5h"]);
    const [, id, secret] =
      /T10000001 +client id +(\S+)\n +client secret +(\S+)/.exec(output()) ?? [];
    const origin = await inOtherTerminal(output(), `printf %s "$DINTERO_API_ORIGIN"`);
    const response = await fetch(`${origin}/v1/accounts/T10000001/auth/token`, {
      method: "POST",
      headers: {
        authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString("base64")}`,
        "content-type": "application/json",
      },
      body: JSON.stringify({
        grant_type: "client_credentials",
        audience: "https://api.dintero.com/v1/accounts/T10000001",
      }),
    });
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({ expires_in: 5 * 3600 });
  }, 30_000);
});

describe("At its end", () => {
  test.each(["SIGINT", "SIGTERM", "SIGHUP"] as const)(
    "%s ends it with status 0, and nothing is left",
    async (signal) => {
      const { child } = await startAndWait(["--accounts", "1"]);
      expect(await readdir(folder)).toHaveLength(1);
      child.kill(signal);
      expect(await once(child, "exit")).toEqual([0, null]);
      expect(await readdir(folder)).toEqual([]);
    },
    30_000,
  );

  test("Ctrl-C before it has started leaves nothing either", async () => {
    const watcher = watch(folder);
    const { child } = start(["--accounts", "1"]);
    await once(watcher, "change");
    watcher.close();
    child.kill("SIGINT");
    expect(await once(child, "exit")).toEqual([0, null]);
    expect(await readdir(folder)).toEqual([]);
  }, 30_000);
});
