/**
 * Runs the commands as people do: as processes, with pipes or in a pseudo-terminal, against a stack on
 * this machine. Each fails its test where a secret or a token stands in any byte that came out.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { devNull } from "node:os";
import { text } from "node:stream/consumers";
import { afterAll, afterEach, beforeAll, expect } from "@jest/globals";
import { type IPty, spawn as spawnInTerminal } from "@lydell/node-pty";
import type { ClientCredentials } from "../../lambda/contract.ts";
import { TEXT_WIDTH } from "../../ops/wrapped-text.ts";
import { StandingStack, type StandingStackOptions } from "../../proof/local/standing-stack.ts";
import { withBuiltBundle } from "../support/built-bundle.ts";
import { leaksIn, SECRET_CANARY } from "../support/canaries.ts";
import { commandArguments } from "../support/command-arguments.ts";
import { PLAIN_ENVIRONMENT } from "../support/plain-environment.ts";

const OPS = commandArguments("ops/ops.ts");

/** The client id is no secret. */
export const CANARY_CLIENT: ClientCredentials = {
  client_id: "client-1",
  client_secret: SECRET_CANARY,
};

/** A stack for the tests of one file, whose faults end with each test. May be used inside tests only. */
export function withStandingStack(...accountIds: string[]): { readonly current: StandingStack } {
  return withStandingStackOf({ accountIds });
}

/** The same with options. */
export function withStandingStackOf(options: StandingStackOptions): {
  readonly current: StandingStack;
} {
  const bundle = withBuiltBundle();
  let stack: StandingStack | undefined;
  beforeAll(async () => {
    stack = await StandingStack.start({ ...options, bundleUrl: bundle.hastyUrl });
  });
  afterEach(() => {
    stack?.aws.clearFaults();
    stack?.dintero.clearFaults();
  });
  afterAll(() => stack?.close());
  return {
    get current() {
      if (!stack) throw new Error("The stack is there inside tests only.");
      return stack;
    },
  };
}

/** Dintero gives the account out with the canary as its secret. */
export function acceptCanary({ dintero }: StandingStack, accountId: string): void {
  dintero.setCredentials(accountId, CANARY_CLIENT);
}

export type Environment = Readonly<Record<string, string>>;

/** What a command sees of the machine: nothing of its user. */
export function opsEnvironment(stack: StandingStack, env: Environment = {}): Environment {
  return {
    HOME: stack.folder,
    AWS_CONFIG_FILE: devNull,
    AWS_SHARED_CREDENTIALS_FILE: devNull,
    AWS_EC2_METADATA_DISABLED: "true",
    ...PLAIN_ENVIRONMENT,
    ...stack.environment,
    ...env,
  };
}

export interface OpsRun {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command without a terminal. */
export function runOps(
  stack: StandingStack,
  args: readonly string[],
  options: StartOptions = {},
): Promise<OpsRun> {
  return finishOps(stack, startOps(stack, args, options));
}

export interface StartOptions {
  readonly stdin?: string;
  readonly env?: Environment;
  /** Node's arguments, of another copy of the commands. */
  readonly program?: readonly string[];
  readonly cwd?: string;
}

/** Starts a command without a terminal; `finishOps` has to follow. */
export function startOps(
  stack: StandingStack,
  args: readonly string[],
  { stdin = "", env = {}, program = OPS, cwd = process.cwd() }: StartOptions = {},
): ChildProcess {
  const child = spawn(process.execPath, [...program, ...args], {
    cwd,
    env: opsEnvironment(stack, env),
  });
  child.stdin.end(stdin);
  return child;
}

export async function finishOps(stack: StandingStack, child: ChildProcess): Promise<OpsRun> {
  if (!child.stdout || !child.stderr) throw new Error("The command has no pipes.");
  const [stdout, stderr] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    child.exitCode === null && child.signalCode === null ? once(child, "exit") : undefined,
  ]);
  await expectNoSecret(stack, stdout + stderr);
  return { status: child.exitCode, stdout, stderr };
}

/** A message that was broken into lines, in one. */
export function unwrapped(text: string): string {
  return text.trim().replaceAll(/\s*\n\s*/g, " ");
}

/**
 * The last message that a command printed, in one line, as the screen shows it: without what a terminal
 * is sent beside text, and without what was on the same line before it was drawn again. A spinner is
 * drawn as often as time allows. A line goes on in the next one if the next word did not fit, or with a
 * command.
 */
export function lastLine(output: string): string {
  const lines = output.split(/\r*\n/).map(asShown).join("\n").trimEnd().split("\n");
  let message = lines.pop() ?? "";
  for (let line = lines.pop(); line !== undefined; line = lines.pop()) {
    const [word = ""] = message.trimStart().split(" ");
    if (!message.startsWith("  ") && line.length + 1 + word.length <= TEXT_WIDTH) break;
    message = `${line} ${message.trimStart()}`;
  }
  return message;
}

/** What is left of a line after its last return to the first column. */
function asShown(line: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is sent.
  const drawings = line.split(/\r|\u001b\[[01]?G/);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is sent.
  const texts = drawings.map((drawing) => drawing.replaceAll(/\u001b\[[\d;?]*[A-Za-z]/g, ""));
  return texts.findLast((text) => text.trim() !== "") ?? "";
}

/** Lines of a terminal that has been used and left. */
export interface Session {
  readonly status: number;
  readonly output: string;
  /** The terminal's settings afterwards, as `stty -a` tells them. */
  readonly settings: string;
}

export const CTRL_C = "\u0003";
export const CTRL_D = "\u0004";
export const ENTER = "\r";

/** A command in a pseudo-terminal. */
export class Terminal {
  readonly #stack: StandingStack;
  readonly #pty: IPty;
  readonly #ended: Promise<void>;
  #output = "";
  /** As far as what was waited for: the next is looked for behind it. */
  #seen = 0;
  #onOutput = () => {};

  constructor(stack: StandingStack, args: readonly string[], env: Environment = {}) {
    this.#stack = stack;
    // The shell outlives the command, to tell its status and what became of the terminal.
    const script = 'trap : INT; "$@"; echo "status=$?"; stty -a';
    this.#pty = spawnInTerminal("sh", ["-c", script, "sh", process.execPath, ...OPS, ...args], {
      cols: 160,
      env: { ...opsEnvironment(stack, env) },
    });
    this.#pty.onData((data) => {
      this.#output += data;
      this.#onOutput();
    });
    this.#ended = new Promise((resolve) => this.#pty.onExit(() => resolve()));
  }

  /** Waits until the text is on the screen. */
  async waitFor(awaited: string): Promise<void> {
    while (!this.#output.includes(awaited, this.#seen)) {
      const more = new Promise<void>((resolve) => {
        this.#onOutput = resolve;
      });
      const ended = this.#ended.then(() => "ended");
      if (
        (await Promise.race([more, ended])) === "ended" &&
        !this.#output.includes(awaited, this.#seen)
      ) {
        throw new Error(`The command ended without "${awaited}":\n${this.#output}`);
      }
    }
    this.#seen = this.#output.indexOf(awaited, this.#seen) + awaited.length;
  }

  /** Types, and goes on at once. */
  type(keys: string): void {
    this.#pty.write(keys);
  }

  /** Closes the window, which hangs up on the command. */
  close(): void {
    const pty = this.#pty;
    // The package's types leave it out.
    if (!("destroy" in pty && typeof pty.destroy === "function")) throw new Error("no destroy()");
    pty.destroy();
  }

  /** Waits for the end. */
  async finish(): Promise<Session> {
    await this.#ended;
    await expectNoSecret(this.#stack, this.#output);
    const [output = "", after = ""] = this.#output.split("status=");
    return { status: Number.parseInt(after, 10), output, settings: after };
  }
}

/** Whether the terminal is as a shell wants it: echo, lines, signals and the cursor. */
export function expectTerminalRestored({ output, settings }: Session): void {
  for (const setting of ["echo", "icanon", "isig"]) {
    expect(settings).toMatch(new RegExp(`(?<![-\\w])${setting}(?!\\w)`));
  }
  expect(output.lastIndexOf("\u001b[?25h")).toBeGreaterThanOrEqual(
    output.lastIndexOf("\u001b[?25l"),
  );
}

async function expectNoSecret(stack: StandingStack, output: string): Promise<void> {
  const clients = Object.values(stack.apiClients).map((client) => client.client_secret);
  const tokens = await Promise.all(
    stack.sandbox.accountIds.map((accountId) =>
      stack.sandbox.readToken(accountId).catch((error: unknown) => {
        // While the key is off, the command cannot have read it either.
        if (error instanceof Error && error.name === "InvalidKeyId") return undefined;
        throw error;
      }),
    ),
  );
  const secrets = [SECRET_CANARY, ...clients, ...tokens.filter((token) => token !== undefined)];
  expect(leaksIn(output, secrets)).toEqual([]);
}
