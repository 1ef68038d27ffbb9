/**
 * The process that `loaded-modules.ts` starts: tells which files and which of Node's own modules a
 * function loads, first by itself and then by a check. Plain JavaScript, as Node would load more
 * for TypeScript.
 */
import { writeSync } from "node:fs";
import { registerHooks } from "node:module";

const REPORT_PIPE = 3;
const [url, event] = process.argv.slice(2);
let files = [];
registerHooks({
  load(file, context, nextLoad) {
    files.push(file);
    return nextLoad(file, context);
  },
});
let known = new Set(process.moduleLoadList);

const { handler } = await import(url);
const atStart = taken();
const result = await handler(JSON.parse(event), { functionName: "bench", awsRequestId: "1" });
const failed = result.accounts.find(({ error }) => error);
if (failed) throw new Error(`The check failed: ${failed.error.message}`);
writeSync(REPORT_PIPE, JSON.stringify({ atStart, byCheck: taken() }));
process.exit();

/** What was loaded since the last call. */
function taken() {
  const loaded = { files, builtins: process.moduleLoadList.filter((name) => !known.has(name)) };
  files = [];
  known = new Set(process.moduleLoadList);
  return loaded;
}
