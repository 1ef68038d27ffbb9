/** What a script does when its output cannot be written any more. */
import { constants } from "node:os";

/**
 * The reader of a pipe, such as `head`, has seen enough: nothing is said, and the status is that of the signal. Any
 * other error, such as a full disk, is said in one line.
 * @param end - ends the script with this exit status.
 */
export function endOnOutputError(end: (status: number) => void): void {
  process.stdout.on("error", ({ code }: NodeJS.ErrnoException) => {
    if (code === "EPIPE") return end(128 + constants.signals.SIGPIPE);
    process.stderr.write(`The output could not be written (${code}).\n`);
    end(1);
  });
}
