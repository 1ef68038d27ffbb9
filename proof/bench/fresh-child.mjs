/**
 * The process that `fresh-process.ts` starts: loads a function, and has it make one check if told
 * an event. Plain JavaScript, and no channel but a pipe: Node would otherwise load its TypeScript
 * and network modules here, and the measured function find them there.
 */
import { writeSync } from "node:fs";

const MIB = 1024 * 1024;
const REPORT_PIPE = 3;
const [url, event] = process.argv.slice(2);

const cpuBefore = process.cpuUsage();
const startedAtMs = performance.now();
const { handler } = await import(url);
const loadedAtMs = performance.now();
const loadCpu = process.cpuUsage(cpuBefore);
const rssMiB = process.memoryUsage.rss() / MIB;
globalThis.gc();
const heapMiB = process.memoryUsage().heapUsed / MIB;

const cpuBetween = process.cpuUsage();
const checkedFromMs = performance.now();
if (event !== undefined) {
  const result = await handler(JSON.parse(event), { functionName: "bench", awsRequestId: "1" });
  const failed = result?.accounts.find(({ error }) => error);
  if (failed) throw new Error(`The check that is measured failed: ${failed.error.message}`);
}
const checkMs = performance.now() - checkedFromMs;

const checkCpu = process.cpuUsage(cpuBetween);

const loadMs = loadedAtMs - startedAtMs;
const report = {
  loadMs,
  loadCpuMs: toMs(loadCpu),
  rssMiB,
  heapMiB,
  loadAndCheckMs: loadMs + checkMs,
  loadAndCheckCpuMs: toMs(loadCpu) + toMs(checkCpu),
};
writeSync(REPORT_PIPE, JSON.stringify(report));

/** Of all threads, those that compile and collect garbage too. */
function toMs({ user, system }) {
  return (user + system) / 1000;
}
