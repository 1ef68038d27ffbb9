/** `credentials` at a terminal. */
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { SECRET_CANARY } from "../support/canaries.ts";
import {
  acceptCanary,
  CANARY_CLIENT,
  CTRL_C,
  CTRL_D,
  ENTER,
  expectTerminalRestored,
  Terminal,
  withStandingStack,
} from "./ops-process.ts";

const ACCOUNT = "T10000001";
const stack = withStandingStack(ACCOUNT);
const ID_PROMPT = "Client id for T10000001:";
const SECRET_PROMPT = "Client secret:";

beforeEach(() => {
  acceptCanary(stack.current, ACCOUNT);
  stack.current.aws.calls.length = 0;
});

function begin(): Terminal {
  return new Terminal(stack.current, ["credentials", ACCOUNT, "--stack", "test"]);
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
  expect(session.output).toContain("T10000001 has a new token");
  expect(session.status).toBe(0);
  expect(stored()).toEqual([JSON.stringify(CANARY_CLIENT)]);
  expect(session.output).toContain("*".repeat(SECRET_CANARY.length));
  expectTerminalRestored(session);
});

test("What cannot be an id or a secret is told at once, and asked for again", async () => {
  const terminal = begin();
  await terminal.waitFor(ID_PROMPT);
  terminal.type(`a:b${ENTER}`);
  await terminal.waitFor("client_id has a colon");
  terminal.type(`\u007f\u007f${ENTER}`);
  await terminal.waitFor(SECRET_PROMPT);
  terminal.type(ENTER);
  await terminal.waitFor("client_secret is empty");
  terminal.type(` ${SECRET_CANARY}${ENTER}`);
  await terminal.waitFor("client_secret has blanks around it");
  terminal.type(CTRL_C);
  const session = await terminal.finish();
  expect(session.status).toBe(130);
  expect(stored()).toEqual([]);
  expectTerminalRestored(session);
});

describe("Nothing is stored, and the terminal is as it was", () => {
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
    expect(session.output).toContain("Interrupted. Nothing was stored.");
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
    expect(session.output).toContain("Interrupted. Nothing was stored.");
    expectTerminalRestored(session);
  });

  test("after Ctrl-C while Dintero keeps us waiting", async () => {
    stack.current.dintero.addFault({ effect: { hang: "headers" } });
    const terminal = begin();
    await terminal.waitFor(ID_PROMPT);
    terminal.type(CANARY_CLIENT.client_id + ENTER);
    await terminal.waitFor(SECRET_PROMPT);
    terminal.type(SECRET_CANARY + ENTER);
    await terminal.waitFor("Trying them at Dintero");
    terminal.type(CTRL_C);
    const session = await terminal.finish();
    expect(session.status).toBe(130);
    expect(session.output).toContain("Interrupted. Nothing was stored.");
    expectTerminalRestored(session);
  });
});

test("Ctrl-C while the token is renewed leaves the credentials stored, which is told", async () => {
  stack.current.aws.addFault({ operation: "Invoke", effect: { hang: true } });
  const terminal = begin();
  await terminal.waitFor(ID_PROMPT);
  terminal.type(CANARY_CLIENT.client_id + ENTER);
  await terminal.waitFor(SECRET_PROMPT);
  terminal.type(SECRET_CANARY + ENTER);
  await terminal.waitFor("Renewing the token");
  terminal.type(CTRL_C);
  const session = await terminal.finish();
  expect(session.status).toBe(130);
  expect(session.output).toContain("Interrupted. The credentials are stored");
  expect(stored()).toEqual([JSON.stringify(CANARY_CLIENT)]);
  expectTerminalRestored(session);
});
