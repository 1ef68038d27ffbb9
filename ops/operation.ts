/**
 * One run of a command as the person sees it: what is said where, and what happens on Ctrl-C. Made
 * by `ops.ts`, handed to the commands.
 */
import { setMaxListeners } from "node:events";
import ora from "ora";

const SIGNAL_NUMBERS = { SIGINT: 2, SIGTERM: 15, SIGHUP: 1 } as const;
/** npm passes on what the terminal has sent to all its processes already. */
const SAME_KEY_MS = 1_000;

type StopSignal = keyof typeof SIGNAL_NUMBERS;

export class Operation {
  /** What an interruption at this moment leaves behind; the commands keep it true. */
  ifInterrupted = "Nothing was changed.";
  readonly #controller = new AbortController();
  #stoppedBy: StopSignal | undefined;
  #stoppedAtMs = 0;

  /** Aborts as soon as the person wants to stop; all that waits is handed it. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  constructor() {
    // Each call listens to it: Node would take more than ten for a leak, and warn.
    setMaxListeners(0, this.signal);
  }

  /** The exit status of a stopped run, as shells have it: 128 and the signal's number. */
  get stoppedStatus(): number | undefined {
    return this.#stoppedBy && 128 + SIGNAL_NUMBERS[this.#stoppedBy];
  }

  /** Stops on the signals that end a process; a second one, of an impatient person, ends it at once. */
  listen(): void {
    // Who has closed the terminal, or the pipe, reads no more; what was begun is ended all the same.
    for (const stream of [process.stdout, process.stderr]) stream.on("error", () => {});
    for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
      process.on(name, () => {
        const isImpatient = this.#stoppedBy && performance.now() - this.#stoppedAtMs > SAME_KEY_MS;
        if (!isImpatient) return this.stop(name);
        this.tell(`\nEnded at once. ${this.ifInterrupted}`);
        process.exit(128 + SIGNAL_NUMBERS[name]);
      });
    }
  }

  /** Also called for Ctrl-C at a prompt, where the terminal sends no signal. */
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

  /** What goes on, on standard error, so that standard output holds the result alone. */
  tell(text: string): void {
    process.stderr.write(`${text}\n`);
  }

  /** Shows on a terminal that something is waited for. */
  async during<Result>(text: string, work: () => Promise<Result>): Promise<Result> {
    const spinner = ora({
      text,
      isSilent: !canAnimate(process.stderr),
      // It would put the terminal into raw mode, where Ctrl-C is no signal any more.
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
 * Whether a spinner can be drawn. A pseudo-terminal that nobody gave a size has 0 columns, as
 * `script` makes it without a terminal of its own; in that one ora never ends clearing its lines.
 */
export const canAnimate = ({ isTTY, columns }: Pick<NodeJS.WriteStream, "isTTY" | "columns">) =>
  isTTY && columns > 0;
