/** `credentials` in a pipeline. */
import { readFile } from "node:fs/promises";
import { describe, expect, test } from "@jest/globals";
import { RawServer } from "../../proof/local/raw-server.ts";
import { leaksIn, SECRET_CANARY } from "../support/canaries.ts";
import { expectMessage, expectPart } from "../support/expect-message.ts";
import {
  acceptCanary,
  CANARY_CLIENT,
  finishOps,
  lastLine,
  type OpsRun,
  runOps,
  startOps,
  unwrapped,
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
  test("are tested, stored and used at once, and the command says until when the token is valid", async () => {
    const run = await credentials(CANARY);
    expect(run.status).toBe(0);
    const [first = ""] = run.stderr.split("\nReading");
    expectMessage(unwrapped(first), {
      names: [
        ...["test", "123456789012", "eu-north-1", "arn:aws:iam::123456789012:user/engineer"],
        ...[ACCOUNT, "dintero/T10000001/api-client", "Dintero"],
      ],
    });
    expect(storedSecrets()).toEqual([CANARY]);
    const status = await stack.current.sandbox.readStatus(ACCOUNT);
    expectMessage(unwrapped(run.stdout), { names: [ACCOUNT, status?.expiresAt ?? "none"] });
    expect(await stack.current.sandbox.readToken(OTHER)).toBeUndefined();
  });

  test("are stored without a test with --no-verify", async () => {
    stack.current.dintero.addFault({ effect: { status: 503 }, times: 3 });
    const run = await credentials(CANARY, "--no-verify");
    expect(storedSecrets()).toEqual([CANARY]);
    // Then it is the check that meets the fault.
    expect(run.status).toBe(1);
    // Readers keep the last token, which is good until then.
    const status = await stack.current.sandbox.readStatus(ACCOUNT);
    expectMessage(unwrapped(run.stdout), {
      names: [ACCOUNT, "unavailable", "503", status?.expiresAt ?? "none"],
    });
  });

  test("are in use if the token is stored and only the check's answer is lost", async () => {
    stack.current.aws.addFault({ operation: "Invoke", effect: { disconnect: "after" } });
    const run = await credentials(CANARY);
    expect(run.status).toBe(0);
    const status = await stack.current.sandbox.readStatus(ACCOUNT);
    expectMessage(unwrapped(run.stdout), { names: [ACCOUNT, status?.expiresAt ?? "none"] });
  });

  test("stay stored if the check cannot be made, and the command says so", async () => {
    const { aws, outputs } = stack.current;
    aws.denyAccess({
      operation: "Invoke",
      action: "lambda:InvokeFunction",
      resource: outputs.functionName,
    });
    const run = await credentials(CANARY);
    expect(run.status).toBe(1);
    expectPart(run.stderr.trim(), {
      names: ["lambda:InvokeFunction", outputs.functionName],
    });
    expectMessage(lastLine(run.stderr));
    expect(storedSecrets()).toEqual([CANARY]);
  });
});

describe("Nothing is stored", () => {
  test.each([
    ["", ["empty"]],
    ["\n", ["empty"]],
    [`${CANARY_CLIENT.client_id}\n${SECRET_CANARY}\n`, ["JSON"]],
    [JSON.stringify({ client_id: "a" }), ["client_secret"]],
    [JSON.stringify({ ...CANARY_CLIENT, client_id: "a:b" }), ["client_id"]],
    [JSON.stringify({ ...CANARY_CLIENT, client_secret: `${SECRET_CANARY} ` }), ["client_secret"]],
  ])("of the input %#, which is not valid", async (stdin, names) => {
    const run = await credentials(stdin);
    expect(run).toMatchObject({ status: 2, stdout: "" });
    const form = '{"client_id": "...", "client_secret": "..."}';
    const message = lastLine(run.stderr);
    expectMessage(message, { commands: [form] });
    expectPart(message.slice(0, message.indexOf(form)).trim(), { names });
    expect(storedSecrets()).toEqual([]);
  });

  test("if Dintero rejects them", async () => {
    const wrong = JSON.stringify({ ...CANARY_CLIENT, client_id: "client-2" });
    const run = await credentials(wrong);
    expect(run).toMatchObject({ status: 1, stdout: "" });
    expectMessage(lastLine(run.stderr), {
      names: ["Dintero", ACCOUNT],
      without: ["--no-verify"],
    });
    expect(storedSecrets()).toEqual([]);
  });

  test("if Dintero cannot be asked, with other words", async () => {
    stack.current.dintero.addFault({ effect: { status: 503, headers: { "retry-after": "60" } } });
    const run = await credentials(CANARY);
    expect(run).toMatchObject({ status: 2, stdout: "" });
    expectMessage(lastLine(run.stderr), {
      names: ["Dintero", "503"],
      commands: ["--no-verify"],
      without: ["next check"],
    });
    expect(storedSecrets()).toEqual([]);
  });

  test("if they would be sent to an origin that is not Dintero's", async () => {
    const env = { DINTERO_API_ORIGIN: "https://dintero.example.com" };
    const args = ["credentials", ACCOUNT, "--stack", "test"];
    const run = await runOps(stack.current, args, { stdin: CANARY, env });
    expect(run).toMatchObject({ status: 2, stdout: "" });
    expectMessage(lastLine(run.stderr), {
      names: ["DINTERO_API_ORIGIN", "https://api.dintero.com", "https://checkout.dintero.com"],
      without: ["dintero.example.com"],
    });
  });

  test("without the permission, which is named", async () => {
    const secret =
      "arn:aws:secretsmanager:eu-north-1:123456789012:secret:dintero/T10000001/api-client";
    stack.current.aws.denyAccess({
      operation: "PutSecretValue",
      action: "secretsmanager:PutSecretValue",
      resource: secret,
    });
    const run = await credentials(CANARY);
    expect(run).toMatchObject({ status: 2, stdout: "" });
    expectPart(run.stderr.trim(), {
      names: ["arn:aws:iam::123456789012:user/engineer", "secretsmanager:PutSecretValue", secret],
    });
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
    expectMessage(lastLine(run.stderr));
    expect(storedSecrets()).toEqual([]);
  });
});
