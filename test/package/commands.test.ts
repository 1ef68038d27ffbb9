/** The commands of the packed npm package, beside somebody's own program. */
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { PROJECT_VERSION } from "../../lambda/contract.ts";
import { type OpsRun, runOps, unwrapped, withStandingStack } from "../ops/ops-process.ts";
import { PACK_TIMEOUT_MS, removeOwnPrograms, writeOwnProgram } from "./own-program.ts";

const ACCOUNT = "T10000001";
const stack = withStandingStack(ACCOUNT);

let folder: string;
beforeAll(async () => {
  folder = await writeOwnProgram({ "package.json": "{}" });
}, PACK_TIMEOUT_MS);
afterAll(removeOwnPrograms);

function run(...args: string[]): Promise<OpsRun> {
  const program = [join(folder, "node_modules", "dintero-token-rotation", "dist", "ops.mjs")];
  return runOps(stack.current, [...args, "--stack", "test"], { program, cwd: folder });
}

test("They store credentials, make a check and show the state", async () => {
  const { apiClients } = stack.current;
  const program = [join(folder, "node_modules", "dintero-token-rotation", "dist", "ops.mjs")];
  const stored = await runOps(stack.current, ["credentials", ACCOUNT, "--stack", "test"], {
    ...{ program, cwd: folder, stdin: JSON.stringify(apiClients[ACCOUNT]) },
  });
  expect(stored.status).toBe(0);
  expect((await run("reconcile")).status).toBe(0);
  const { status, stdout } = await run("status");
  expect(status).toBe(0);
  expect(stdout).toContain(`${ACCOUNT}  fresh`);
});

test("They recommend commands that their users have", async () => {
  const { sandbox } = stack.current;
  await sandbox.storeSecret(ACCOUNT, "{}");
  const { stdout, stderr } = await run("reconcile");
  const said = unwrapped(stdout + stderr);
  expect(said).toContain(`npx dintero-token-rotation credentials ${ACCOUNT} --stack test`);
  // The function's log is shown as it is.
  expect(said.replace(/Log of .* in .*/, "")).not.toContain("npm run");
});

test("Their help has their own name", async () => {
  const helps = [await run("--help"), await run("status", "--help")];
  const said = helps.map(({ stdout }) => stdout).join("");
  expect(said).toContain("npx dintero-token-rotation COMMAND --stack STACK");
  expect(said).not.toContain("npm run");
});

test("They show their version", async () => {
  expect(await run("--version")).toMatchObject({ status: 0, stdout: `${PROJECT_VERSION}\n` });
});
