/**
 * Runs one TypeScript sample as a service would: loads it, and calls it as often as its standard
 * input says. `drive_sample.py` is the same for Python.
 */
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";
import { moveSystemClock } from "../../proof/local/system-clock.ts";

// The sample and its libraries keep their own clocks, so it is this process's clocks that move.
moveSystemClock(0);
const elapsed = performance.now.bind(performance);
let elapsedOffsetMs = 0;
performance.now = () => elapsed() + elapsedOffsetMs;

const [, , samplePath = "", accountId = ""] = process.argv;
const sample = await import(pathToFileURL(samplePath).href);
const origin = process.env["SAMPLE_ORIGIN"];
const dintero = sample.DinteroClient ? new sample.DinteroClient(accountId, origin) : undefined;

for await (const line of createInterface({ input: process.stdin })) {
  const { path, times, offsetMs, suspendedMs, setBackMs } = JSON.parse(line);
  moveSystemClock(offsetMs - setBackMs);
  elapsedOffsetMs = offsetMs - suspendedMs;
  const replies = await Promise.all(Array.from({ length: times }, () => call(path)));
  process.stdout.write(`${JSON.stringify(replies)}\n`);
}

async function call(path: string) {
  try {
    const response = await (dintero
      ? dintero.call(path)
      : sample.callDintero(accountId, path, {}, origin));
    return { status: response.status, body: await response.json() };
  } catch (error) {
    return { error: String(error) };
  }
}
