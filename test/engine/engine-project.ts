/**
 * A copy of this project that the machine's own Pulumi CLI deploys with its real engine: state, history
 * and what it makes are in a folder of its own.
 */
import { spawn as spawnProcess } from "node:child_process";
import { once } from "node:events";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { text } from "node:stream/consumers";
import { setImmediate } from "node:timers/promises";
import { spawn } from "@lydell/node-pty";
import { PROJECT_NAME } from "../../lambda/contract.ts";
import { PLAIN_ENVIRONMENT } from "../support/plain-environment.ts";

const ROOT = join(import.meta.dirname, "..", "..");
const PARTS = ["Pulumi.yaml", "Pulumi.test.yaml", "Pulumi.prod.yaml", "package.json"];
const FOLDERS = ["infra", "lambda", "scripts"];

export interface EngineRun {
  readonly status: number;
  /** Of both streams. */
  readonly output: string;
}

export type Variables = Readonly<Record<string, string>>;

export class EngineProject {
  readonly folder = mkdtempSync(join(tmpdir(), "tokens-engine-"));
  readonly #cloud = join(this.folder, "cloud.json");
  readonly #project = join(this.folder, "project");

  constructor() {
    for (const name of ["project", "state", "home"]) mkdirSync(join(this.folder, name));
    for (const name of [...PARTS, ...FOLDERS]) {
      cpSync(join(ROOT, name), join(this.#project, name), { recursive: true });
    }
    symlinkSync(join(ROOT, "node_modules"), join(this.#project, "node_modules"));
    this.cloud = {};
  }

  /** Another program in this one's place, with the same state. */
  useProgram(folder: string): void {
    const settings = join(this.#project, "Pulumi.test.yaml");
    cpSync(settings, join(folder, "Pulumi.test.yaml"));
    rmSync(this.#project, { recursive: true });
    cpSync(folder, this.#project, { recursive: true, verbatimSymlinks: true });
  }

  /** Runs a command in the shell, with yes to each question. */
  async run(command: string, variables: Variables = {}): Promise<EngineRun> {
    const shell = spawnProcess("bash", ["-c", `{ ${command}\n} 2>&1`], {
      cwd: this.#project,
      env: { ...this.#environment, PULUMI_SKIP_CONFIRMATIONS: "true", ...variables },
      stdio: ["ignore", "pipe", "ignore"],
    });
    const [output, [status]] = await Promise.all([text(shell.stdout), once(shell, "close")]);
    return { status, output };
  }

  /** Starts a command in a terminal, where somebody sits. */
  startInTerminal(command: string, variables: Variables = {}) {
    const terminal = spawn("bash", ["-c", command], {
      ...{ cwd: this.#project, cols: 160, rows: 50 },
      env: { ...this.#environment, ...variables },
    });
    let output = "";
    let onOutput = () => {};
    terminal.onData((data) => {
      output += data;
      onOutput();
    });
    return {
      type: (keys: string) => terminal.write(keys),
      /** As a lost machine does, with all that the command has started. */
      kill: async () => {
        const signal = (name: NodeJS.Signals) => process.kill(-terminal.pid, name);
        // Not in the middle of a write, which would tear a state that is in files, and no other.
        for (signal("SIGSTOP"); !(isStopped(terminal.pid) && this.#isStateWhole()); ) {
          // Until it has stopped, it may still write.
          if (isStopped(terminal.pid)) signal("SIGCONT");
          await setImmediate();
          signal("SIGSTOP");
        }
        signal("SIGKILL");
      },
      waitFor: (awaited: string) =>
        new Promise<void>((resolve) => {
          onOutput = () => output.includes(awaited) && resolve();
          onOutput();
        }),
      ended: new Promise<EngineRun>((resolve) => {
        terminal.onExit(({ exitCode }) => resolve({ status: exitCode, output }));
      }),
    };
  }

  /** What is made, by id, with its properties. */
  get cloud(): Readonly<Record<string, Readonly<Record<string, unknown>>>> {
    return JSON.parse(readFileSync(this.#cloud, "utf8"));
  }

  /** Somebody changes it without Pulumi. */
  set cloud(resources: Readonly<Record<string, Readonly<Record<string, unknown>>>>) {
    writeFileSync(this.#cloud, JSON.stringify(resources));
  }

  /** All that Pulumi has written: state, history, backups. */
  get written(): string {
    const files = readdirSync(join(this.folder, "state"), { recursive: true, withFileTypes: true });
    return files
      .filter((file) => file.isFile())
      .map((file) => readFileSync(join(file.parentPath, file.name), "utf8"))
      .join("\n");
  }

  #isStateWhole(): boolean {
    const stacks = join(this.folder, "state", ".pulumi", "stacks", PROJECT_NAME);
    try {
      // Beside each file of a state, a second one (.attrs) has its attributes, as JSON too.
      for (const name of readdirSync(stacks)) {
        JSON.parse(readFileSync(join(stacks, name), "utf8"));
      }
      return true;
    } catch {
      return false;
    }
  }

  close(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  get #environment(): Variables {
    return {
      ...PLAIN_ENVIRONMENT,
      // Of another, Pulumi asks for its background's colour, and waits for seconds.
      TERM: "screen-256color",
      PATH: [
        join(import.meta.dirname, "bin"),
        dirname(process.execPath),
        PLAIN_ENVIRONMENT.PATH,
      ].join(delimiter),
      HOME: join(this.folder, "home"),
      PULUMI_HOME: join(this.folder, "home", ".pulumi"),
      PULUMI_BACKEND_URL: `file://${join(this.folder, "state")}`,
      PULUMI_CONFIG_PASSPHRASE: "",
      PULUMI_SKIP_UPDATE_CHECK: "true",
      PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
      TEST_CLOUD: this.#cloud,
    };
  }
}

/** Whether every thread of a process group has stopped, on Linux, where `/proc` tells. */
function isStopped(group: number): boolean {
  if (!existsSync("/proc/self/stat")) return true;
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .every((pid) => {
      try {
        const threads = readdirSync(`/proc/${pid}/task`);
        return threads.every((thread) => {
          const stat = readFileSync(`/proc/${pid}/task/${thread}/stat`, "utf8");
          // After the name, which may have anything in it: the state, the parent, the group.
          const [state = "", , ofGroup] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
          return Number(ofGroup) !== group || /[TtZX]/.test(state);
        });
      } catch {
        // It has ended meanwhile.
        return true;
      }
    });
}
