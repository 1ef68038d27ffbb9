/**
 * Runs one TypeScript sample as a service would: loads it, and calls it as often as its standard
 * input says. `drive_sample.py` is the same for Python.
 */
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";
import { moveSystemClock } from "../../proof/local/system-clock.ts";

// The sample and its libraries keep their own clocks, so it is this process's clock that moves.
moveSystemClock(0);

const [, , samplePath = "", accountId = ""] = process.argv;
const sample = await import(pathToFileURL(samplePath).href);
const dintero = sample.DinteroClient ? new sample.DinteroClient(accountId) : undefined;

for await (const line of createInterface({ input: process.stdin })) {
  const { path, times, clockOffsetMs } = JSON.parse(line);
  moveSystemClock(clockOffsetMs);
  const replies = await Promise.all(Array.from({ length: times }, () => call(path)));
  process.stdout.write(`${JSON.stringify(replies)}\n`);
}

async function call(path: string) {
  try {
    const response = await (dintero ? dintero.call(path) : sample.callDintero(accountId, path));
    return { status: response.status, body: await response.json() };
  } catch (error) {
    return { error: String(error) };
  }
}
