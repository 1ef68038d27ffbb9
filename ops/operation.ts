/**
 * One run of a command as the person sees it: what is printed to which stream, and what happens on Ctrl-C.
 */
import { setMaxListeners } from "node:events";
import ora from "ora";

const SIGNAL_NUMBERS = { SIGINT: 2, SIGTERM: 15, SIGHUP: 1 } as const;
/** The terminal sends a signal to all its processes, and npm sends it on once more. */
const SAME_KEY_MS = 1_000;

type StopSignal = keyof typeof SIGNAL_NUMBERS;

export class Operation {
  /** The result of an interruption at this moment. The commands keep it up to date. */
  ifInterrupted = "Nothing was changed.";
  readonly #controller = new AbortController();
  #stoppedBy: StopSignal | undefined;
  #outputError: string | undefined;
  #stoppedAtMs = 0;

  /** Aborts as soon as the person wants to stop. Everything that waits must use it. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  constructor() {
    // Each call listens to it: Node would take more than ten for a leak, and warn.
    setMaxListeners(0, this.signal);
  }

  /** The exit status of a stopped run, as in shells: 128 plus the signal's number. */
  get stoppedStatus(): number | undefined {
    return this.#stoppedBy && 128 + SIGNAL_NUMBERS[this.#stoppedBy];
  }

  /** Why the result could not be written, for example to a disk that is full. */
  get outputError(): string | undefined {
    return this.#outputError;
  }

  /** Stops on the signals that end a process. A second signal, from an impatient person, ends it at once. */
  listen(): void {
    // What was begun is still completed. If the terminal or the pipe was closed, nobody reads the output.
    process.stderr.on("error", () => {});
    process.stdout.on("error", ({ code }: NodeJS.ErrnoException) => {
      if (code === "EPIPE" || code === "EIO") return;
      this.#outputError = code;
    });
    for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
      process.on(name, () => {
        const isImpatient = this.#stoppedBy && performance.now() - this.#stoppedAtMs > SAME_KEY_MS;
        if (!isImpatient) return this.stop(name);
        this.tell(`\nStopped at once. ${this.ifInterrupted}`);
        process.exit(128 + SIGNAL_NUMBERS[name]);
      });
    }
  }

  /** Also called for Ctrl-C at a prompt, because the terminal sends no signal then. */
  stop(by: StopSignal): void {
    if (this.#stoppedBy) return;
    this.#stoppedBy = by;
    this.#stoppedAtMs = performance.now();
    this.#controller.abort();
  }

  /** The result, on standard output. */
  print(text: string): void {
    process.stdout.write(`${text}\n`);
  }

  /** Progress, on standard error, so that standard output has only the result. */
  tell(text: string): void {
    process.stderr.write(`${text}\n`);
  }

  /** Shows on a terminal what the command is waiting for. */
  async during<Result>(text: string, work: () => Promise<Result>): Promise<Result> {
    const spinner = ora({
      text,
      isSilent: !canAnimate(process.stderr),
      color: process.stderr.hasColors?.() ? "cyan" : false,
      // It would put the terminal into raw mode, in which Ctrl-C sends no signal.
      discardStdin: false,
    }).start();
    try {
      return await work();
    } finally {
      spinner.stop();
    }
  }
}

/**
 * Whether a spinner can be drawn. A pseudo-terminal without a size has 0 columns, for example the one of
 * `script` without a terminal of its own. With 0 columns, ora never stops clearing its lines.
 */
export const canAnimate = ({ isTTY, columns }: Pick<NodeJS.WriteStream, "isTTY" | "columns">) =>
  isTTY && columns > 0;
