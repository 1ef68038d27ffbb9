/** `credentials` at a terminal. */
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { RawServer } from "../../proof/local/raw-server.ts";
import { SECRET_CANARY } from "../support/canaries.ts";
import { expectMessage } from "../support/expect-message.ts";
import {
  acceptCanary,
  CANARY_CLIENT,
  CTRL_C,
  CTRL_D,
  ENTER,
  type Environment,
  expectTerminalRestored,
  lastLine,
  Terminal,
  withStandingStack,
} from "./ops-process.ts";

const ACCOUNT = "T10000001";
const stack = withStandingStack(ACCOUNT);
// What each prompt ends with.
const ID_PROMPT = `${ACCOUNT}:`;
const SECRET_PROMPT = "secret:";

beforeEach(() => {
  acceptCanary(stack.current, ACCOUNT);
  stack.current.aws.calls.length = 0;
});

function begin(env: Environment = {}): Terminal {
  return new Terminal(stack.current, ["credentials", ACCOUNT, "--stack", "test"], env);
}

function stored(): unknown[] {
  return stack.current.aws.calls
    .filter(({ operation }) => operation === "PutSecretValue")
    .map(({ input }) => input["SecretString"]);
}

test("Id and secret are asked for, the secret hidden, and stored", async () => {
  const terminal = begin();
  await terminal.waitFor(ID_PROMPT);
  terminal.type(CANARY_CLIENT.client_id + ENTER);
  await terminal.waitFor(SECRET_PROMPT);
  terminal.type(SECRET_CANARY + ENTER);
  const session = await terminal.finish();
  const status = await stack.current.sandbox.readStatus(ACCOUNT);
  expectMessage(lastLine(session.output), { names: [ACCOUNT, status?.expiresAt ?? "none"] });
  expect(session.status).toBe(0);
  expect(stored()).toEqual([JSON.stringify(CANARY_CLIENT)]);
  expect(session.output).toContain("*".repeat(SECRET_CANARY.length));
  expectTerminalRestored(session);
});

test("What cannot be an id or a secret is reported at once, and asked for again", async () => {
  const terminal = begin();
  await terminal.waitFor(ID_PROMPT);
  terminal.type(`a:b${ENTER}`);
  await terminal.waitFor("client_id");
  terminal.type(`\u007f\u007f${ENTER}`);
  await terminal.waitFor(SECRET_PROMPT);
  terminal.type(ENTER);
  await terminal.waitFor("client_secret");
  terminal.type(` ${SECRET_CANARY}${ENTER}`);
  await terminal.waitFor("client_secret");
  terminal.type(CTRL_C);
  const session = await terminal.finish();
  expect(session.status).toBe(130);
  expect(stored()).toEqual([]);
  expectTerminalRestored(session);
});

describe("Nothing is stored, and the terminal is restored", () => {
  afterEach(() => expect(stored()).toEqual([]));

  test.each([
    ["Ctrl-C", CTRL_C],
    ["Ctrl-D", CTRL_D],
  ])("after %s at the first prompt", async (_, key) => {
    const terminal = begin();
    await terminal.waitFor(ID_PROMPT);
    terminal.type(key);
    const session = await terminal.finish();
    expect(session.status).toBe(130);
    expectMessage(lastLine(session.output));
    expectTerminalRestored(session);
  });

  test("after Ctrl-C in the middle of the secret", async () => {
    const terminal = begin();
    await terminal.waitFor(ID_PROMPT);
    terminal.type(CANARY_CLIENT.client_id + ENTER);
    await terminal.waitFor(SECRET_PROMPT);
    terminal.type(SECRET_CANARY);
    await terminal.waitFor("*".repeat(SECRET_CANARY.length));
    terminal.type(CTRL_C);
    const session = await terminal.finish();
    expect(session.status).toBe(130);
    expectMessage(lastLine(session.output));
    expectTerminalRestored(session);
  });

  test("after Ctrl-C while waiting for Dintero", async () => {
    const asked = Promise.withResolvers<void>();
    const silent = await RawServer.start(() => asked.resolve());
    const terminal = begin({ DINTERO_API_ORIGIN: `http://${silent.host}` });
    await terminal.waitFor(ID_PROMPT);
    terminal.type(CANARY_CLIENT.client_id + ENTER);
    await terminal.waitFor(SECRET_PROMPT);
    terminal.type(SECRET_CANARY + ENTER);
    await asked.promise;
    terminal.type(CTRL_C);
    const session = await terminal.finish();
    await silent.close();
    expect(session.status).toBe(130);
    expectMessage(lastLine(session.output));
    expectTerminalRestored(session);
  });
});

test("Ctrl-C while the token is renewed leaves the credentials stored, and says so", async () => {
  const invoked = Promise.withResolvers<void>();
  stack.current.aws.addFault({
    operation: "Invoke",
    when: () => {
      invoked.resolve();
      return true;
    },
    effect: { hang: true },
  });
  const terminal = begin();
  await terminal.waitFor(ID_PROMPT);
  terminal.type(CANARY_CLIENT.client_id + ENTER);
  await terminal.waitFor(SECRET_PROMPT);
  terminal.type(SECRET_CANARY + ENTER);
  await invoked.promise;
  terminal.type(CTRL_C);
  const session = await terminal.finish();
  expect(session.status).toBe(130);
  expectMessage(lastLine(session.output));
  expect(stored()).toEqual([JSON.stringify(CANARY_CLIENT)]);
  expectTerminalRestored(session);
});
