/** `credentials` in a pipeline. */
import { readFile } from "node:fs/promises";
import { describe, expect, test } from "@jest/globals";
import { RawServer } from "../../proof/local/raw-server.ts";
import { leaksIn, SECRET_CANARY } from "../support/canaries.ts";
import {
  acceptCanary,
  CANARY_CLIENT,
  finishOps,
  type OpsRun,
  runOps,
  startOps,
  withStandingStack,
} from "./ops-process.ts";

const ACCOUNT = "T10000001";
const OTHER = "T10000002";
const stack = withStandingStack(ACCOUNT, OTHER);
const CANARY = JSON.stringify(CANARY_CLIENT);

function credentials(stdin: string, ...options: string[]): Promise<OpsRun> {
  acceptCanary(stack.current, ACCOUNT);
  stack.current.aws.calls.length = 0;
  return runOps(stack.current, ["credentials", ACCOUNT, "--stack", "test", ...options], { stdin });
}

function storedSecrets(): unknown[] {
  return stack.current.aws.calls
    .filter(({ operation, error }) => operation === "PutSecretValue" && !error)
    .map(({ input }) => input["SecretString"]);
}

describe("Good credentials", () => {
  test("are tried, stored and used at once, and it says since when and for how long", async () => {
    const run = await credentials(CANARY);
    expect(run.status).toBe(0);
    const [first] = run.stderr.split("\n");
    expect(first).toBe(
      "Stack test: AWS account 123456789012, eu-north-1, as arn:aws:iam::123456789012:user/engineer. Stores credentials of T10000001 in the secret dintero/T10000001/api-client, after trying them at Dintero.",
    );
    expect(storedSecrets()).toEqual([CANARY]);
    const status = await stack.current.sandbox.readStatus(ACCOUNT);
    expect(run.stdout).toContain(`T10000001 has a new token, good until ${status?.expiresAt}`);
    expect(await stack.current.sandbox.readToken(OTHER)).toBeUndefined();
  });

  test("are stored untried with --no-verify", async () => {
    stack.current.dintero.addFault({ effect: { status: 503 }, times: 3 });
    const run = await credentials(CANARY, "--no-verify");
    expect(storedSecrets()).toEqual([CANARY]);
    // Then it is the check that meets the fault.
    expect(run.status).toBe(1);
    expect(run.stdout).toContain(
      "T10000001: the token could not be renewed; readers keep the last",
    );
    expect(run.stdout).toContain("unavailable: ");
  }, 20_000);

  test("stay stored where the check cannot be made, which is told", async () => {
    const { aws, outputs } = stack.current;
    aws.denyAccess({
      operation: "Invoke",
      action: "lambda:InvokeFunction",
      resource: outputs.functionName,
    });
    const run = await credentials(CANARY);
    expect(run.status).toBe(1);
    expect(run.stderr).toContain(`needs lambda:InvokeFunction on ${outputs.functionName}`);
    expect(run.stderr).toContain("The credentials are stored");
    expect(storedSecrets()).toEqual([CANARY]);
  });
});

describe("Nothing is stored", () => {
  test.each([
    ["", "it is empty"],
    ["\n", "it is empty"],
    [`${CANARY_CLIENT.client_id}\n${SECRET_CANARY}\n`, "it is not JSON"],
    [JSON.stringify({ client_id: "a" }), "client_secret is missing"],
    [
      JSON.stringify({ ...CANARY_CLIENT, client_id: "a:b" }),
      "client_id has a colon, which Basic authentication cannot carry",
    ],
    [
      JSON.stringify({ ...CANARY_CLIENT, client_secret: `${SECRET_CANARY} ` }),
      "client_secret has blanks around it",
    ],
  ])("of the input %#, which is no credentials", async (stdin, fault) => {
    const run = await credentials(stdin);
    expect(run).toMatchObject({ status: 1, stdout: "" });
    expect(run.stderr).toContain(`${fault}. Nothing was stored.`);
    expect(run.stderr).toContain('{"client_id": "...", "client_secret": "..."}');
    expect(storedSecrets()).toEqual([]);
  });

  test("where Dintero rejects them", async () => {
    const wrong = JSON.stringify({ ...CANARY_CLIENT, client_id: "client-2" });
    const run = await credentials(wrong);
    expect(run).toMatchObject({ status: 1, stdout: "" });
    expect(run.stderr).toContain(
      "Dintero rejects these credentials for T10000001. Nothing was stored.",
    );
    expect(run.stderr).not.toContain("--no-verify");
    expect(storedSecrets()).toEqual([]);
  });

  test("where Dintero cannot be asked, which is told apart", async () => {
    stack.current.dintero.addFault({ effect: { status: 503, headers: { "retry-after": "60" } } });
    const run = await credentials(CANARY);
    expect(run).toMatchObject({ status: 1, stdout: "" });
    expect(run.stderr).toMatch(
      /could not be asked .* status 503\. Nothing was stored\. .*--no-verify/,
    );
    expect(storedSecrets()).toEqual([]);
  });

  test("where they would be sent to an origin that is not Dintero's", async () => {
    const env = { DINTERO_API_ORIGIN: "https://dintero.example.com" };
    const args = ["credentials", ACCOUNT, "--stack", "test"];
    const run = await runOps(stack.current, args, { stdin: CANARY, env });
    expect(run).toMatchObject({ status: 1, stdout: "" });
    expect(run.stderr).toContain("DINTERO_API_ORIGIN");
  });

  test("without the permission to, which is named", async () => {
    const secret =
      "arn:aws:secretsmanager:eu-north-1:123456789012:secret:dintero/T10000001/api-client";
    stack.current.aws.denyAccess({
      operation: "PutSecretValue",
      action: "secretsmanager:PutSecretValue",
      resource: secret,
    });
    const run = await credentials(CANARY);
    expect(run).toMatchObject({ status: 1, stdout: "" });
    expect(run.stderr).toContain(`user/engineer needs secretsmanager:PutSecretValue on ${secret}.`);
  });

  test("when it is interrupted while it waits for Dintero; arguments and environment are clean", async () => {
    const asked = Promise.withResolvers<void>();
    const silent = await RawServer.start(() => asked.resolve());
    stack.current.aws.calls.length = 0;
    const child = startOps(stack.current, ["credentials", ACCOUNT, "--stack", "test"], {
      stdin: CANARY,
      env: { DINTERO_API_ORIGIN: `http://${silent.host}` },
    });
    const finished = finishOps(stack.current, child);
    await asked.promise;
    const seenByOthers = await Promise.all(
      // Elsewhere only the process itself can tell.
      (process.platform === "linux" ? ["cmdline", "environ"] : []).map((file) =>
        readFile(`/proc/${child.pid}/${file}`, "utf8"),
      ),
    );
    child.kill("SIGINT");
    const run = await finished;
    await silent.close();
    expect(leaksIn(seenByOthers.join(), [SECRET_CANARY])).toEqual([]);
    expect(run).toMatchObject({ status: 130, stdout: "" });
    expect(run.stderr).toContain("Interrupted. Nothing was stored.");
    expect(storedSecrets()).toEqual([]);
  });
});
