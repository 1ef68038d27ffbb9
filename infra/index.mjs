/**
 * The entry that Pulumi loads. Plain JavaScript, so that a Node too old for TypeScript is told in
 * one line what to do; Pulumi prefers it to `index.ts`, which is the program.
 */
import "../scripts/require-node.cjs";

// First of all: esbuild works in a process of its own while Pulumi's SDK is loaded.
await import("./started-bundle.ts");

export default { ...(await import("./index.ts")) };
