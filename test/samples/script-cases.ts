/** What the samples for the AWS CLI have to do, each run by bash from its first line to its last. */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { dirname, join } from "node:path";
import { leaksIn } from "../support/canaries.ts";
import { OTHER_REGION, writeAmbientFiles, writeAwsConfig } from "./ambient-files.ts";
import type { SampleWorld } from "./sample-world.ts";

export interface ScriptCase {
  readonly sample: string;
  readonly title: string;
  /** Before the script runs. */
  readonly prepare?: (world: SampleWorld) => Promise<void>;
  readonly play: (run: () => Promise<ScriptRun>, world: SampleWorld) => Promise<void>;
}

export interface ScriptRun {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A sample that never gives up is ended. */
const LIFE_MS = 30_000;

/** `binaries` is the folder of the Python that has the AWS CLI; `aws` is in `bin`, beside the script. */
export function runScript(
  scriptPath: string,
  binaries: string,
  world: SampleWorld,
): Promise<ScriptRun> {
  const env = {
    ...world.environment,
    AWS_CLI_PYTHON: join(binaries, "python"),
    PATH: `${join(dirname(scriptPath), "bin")}:${world.environment["PATH"]}`,
  };
  return new Promise((resolve) => {
    const child = execFile(
      "bash",
      [scriptPath, "T12345678.session"],
      { env, timeout: LIFE_MS },
      (_, stdout, stderr) => resolve({ status: child.exitCode ?? -1, stdout, stderr }),
    );
  });
}

const STATUS = '{"expiresAt":"2026-01-02T03:04:05.000Z"}';

export const SCRIPT_CASES: readonly ScriptCase[] = [
  {
    sample: "aws-cli.sh",
    title: "shows what Dintero answers to the stored token",
    async play(run, world) {
      const token = await world.renewToken();
      assert.deepEqual(await run(), {
        status: 0,
        stdout: '{"id":"T12345678.session"}\n',
        stderr: "",
      });
      assert.deepEqual([world.checkout.tokensSeen, world.tokenReads.length], [[token], 1]);
    },
  },
  {
    sample: "aws-cli.sh",
    title: "after a 401 reads once more, and does not send the same token again",
    async play(run, world) {
      const token = await world.renewToken();
      world.checkout.accepted.clear();
      const { status, stdout, stderr } = await run();
      assert.deepEqual([status, stderr], [1, "Dintero answered with status 401.\n"]);
      assert.deepEqual([world.checkout.tokensSeen, world.tokenReads.length], [[token], 2]);
      assert.deepEqual(leaksIn(stdout + stderr, [token]), []);
    },
  },
  {
    sample: "aws-cli.sh",
    title: "has success with the token that the second read finds",
    async play(run, world) {
      const first = await world.renewToken();
      world.checkout.accepted.clear();
      // Renewed between the script's read and its call.
      world.checkout.beforeNextAnswer = () => world.renewToken();
      assert.equal((await run()).status, 0);
      assert.equal(world.checkout.tokensSeen[0], first);
      assert.deepEqual([world.checkout.tokensSeen.length, world.tokenReads.length], [2, 2]);
    },
  },
  {
    sample: "aws-cli.sh",
    title: "does not wait for a Parameter Store that is silent",
    async play(run, world) {
      await world.renewToken();
      world.aws.addFault({ operation: "GetParameter", times: 1, effect: { hang: true } });
      assert.equal((await run()).status, 0);
      assert.equal(world.tokenReads.length, 2);
    },
  },
  {
    sample: "aws-cli.sh",
    title: "tells of a missing parameter by its name",
    async play(run, world) {
      const { status, stdout, stderr } = await run();
      assert.deepEqual([status, stdout], [1, ""]);
      assert.match(stderr, /ParameterNotFound/);
      assert.match(stderr, /No Dintero token was read at \/dintero\/T12345678\/access-token\./);
      assert.equal(world.checkout.tokensSeen.length, 0);
    },
  },
  {
    sample: "aws-cli.sh",
    title: "minds no settings of other tools, and keeps the token out of files and output",
    async prepare(world) {
      await writeAmbientFiles(world.home);
      world.ambient = {
        ...OTHER_REGION,
        SHELLOPTS: "xtrace",
        CURL_HOME: world.home,
        AWS_PAGER: "cat",
      };
    },
    async play(run, world) {
      const token = await world.renewToken();
      const { status, stdout, stderr } = await run();
      assert.deepEqual([status, stdout], [0, '{"id":"T12345678.session"}\n']);
      assert.deepEqual(leaksIn(stderr, [token]), []);
    },
  },
  {
    sample: "aws-cli.sh",
    title: "reads no token where the AWS CLI would write it into its history",
    async prepare(world) {
      await writeAwsConfig(world.home, "cli_history = enabled");
    },
    async play(run, world) {
      const token = await world.renewToken();
      const { status, stdout, stderr } = await run();
      assert.deepEqual([status, stdout, world.tokenReads.length], [1, "", 0]);
      assert.match(stderr, /cli_history/);
      assert.deepEqual(leaksIn(stderr, [token]), []);
    },
  },
  {
    sample: "status.sh",
    title: "shows the token's status",
    async play(run, world) {
      await world.putStatus(STATUS);
      assert.deepEqual(await run(), { status: 0, stdout: `${STATUS}\n`, stderr: "" });
    },
  },
];
