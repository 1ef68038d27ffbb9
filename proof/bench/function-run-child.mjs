/**
 * Loads a function, has it make checks, and reports what that took. Plain JavaScript, and no channel
 * but a pipe: Node would otherwise load its TypeScript and network modules here, and the measured
 * function find them there.
 */
import { writeSync } from "node:fs";

const REPORT_PIPE = 3;
const [url, eventJson, checks] = process.argv.slice(2);
const event = JSON.parse(eventJson);

const cpuBeforeLoad = process.cpuUsage();
const startedAtMs = performance.now();
const builtinsBefore = new Set(process.moduleLoadList);
const { handler } = await import(url);
const loadMs = performance.now() - startedAtMs;
// Of all threads, those that compile and collect garbage too.
const loadCpu = process.cpuUsage(cpuBeforeLoad);
const atStart = newBuiltins();
globalThis.gc();

const report = { loadMs, atStart };
for (let made = 0; made < Number(checks); made += 1) {
  const cpuBefore = process.cpuUsage();
  const checkedFromMs = performance.now();
  const result = await handler(event, { functionName: "bench", awsRequestId: String(made) });
  const failed = result?.accounts.find(({ error }) => error);
  if (failed) throw new Error(`The check that is measured failed: ${failed.error.message}`);
  report.firstCheckMs ??= loadMs + performance.now() - checkedFromMs;
  report.firstCheckCpuMs ??= toMs(loadCpu) + toMs(process.cpuUsage(cpuBefore));
  report.byFirstCheck ??= newBuiltins();
}
report.peakMiB = process.resourceUsage().maxRSS / 1024;
writeSync(REPORT_PIPE, JSON.stringify(report));
process.exit();

/** What Node has loaded of itself since the last call. */
function newBuiltins() {
  const loaded = process.moduleLoadList.filter((name) => !builtinsBefore.has(name));
  for (const name of loaded) builtinsBefore.add(name);
  return loaded;
}

function toMs({ user, system }) {
  return (user + system) / 1000;
}
