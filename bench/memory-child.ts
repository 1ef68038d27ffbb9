/** The process that `memory.ts` looks at: loads the bundle, makes checks, tells its peak in KiB. */
const { BUNDLE_URL = "", CHECKS, DINTERO_ACCOUNT_IDS = "" } = process.env;
const { handler } = await import(BUNDLE_URL);

const renewAll = { accounts: DINTERO_ACCOUNT_IDS.split(","), force: true };
for (let check = 0; check < Number(CHECKS); check += 1) {
  await handler(renewAll, { functionName: "bench", awsRequestId: String(check) });
}
process.send?.(process.resourceUsage().maxRSS);
process.disconnect();

// Makes the file a module, whose top level may await.
export {};
