/**
 * The process that `warm-process.ts` starts: loads a function and has it make checks when told so.
 * Plain JavaScript, since Node's own stripping of types would count as the function's memory.
 */
const { handler } = await import(process.argv[2]);
let checks = 0;

process.on("message", async ({ event, count }) => {
  const cpuBefore = process.cpuUsage();
  const startedAtMs = performance.now();
  for (let made = 0; made < count; made += 1) {
    checks += 1;
    const context = { functionName: "bench", awsRequestId: String(checks) };
    const result = await handler(event, context);
    const failed = result?.accounts.find(({ error }) => error);
    if (failed) throw new Error(`A check that is measured failed: ${failed.error.message}`);
  }
  const checkMs = (performance.now() - startedAtMs) / count;
  const { user, system } = process.cpuUsage(cpuBefore);
  const checkCpuMs = (user + system) / 1000 / count;
  process.send({ checkMs, checkCpuMs, peakMiB: process.resourceUsage().maxRSS / 1024 });
});
process.send("loaded");
