/**
 * The entry that Pulumi loads. Plain JavaScript, so that with a Node too old for TypeScript one line says
 * what to do. Pulumi prefers it to `index.ts`, which is the program.
 */
import "../scripts/require-node.cjs";

// Pulumi's runtime maps every frame of a stack trace to its source, and takes a trace for every promise.
// Only the types are stripped from this program, so the lines are right without the mapping.
Error.prepareStackTrace = undefined;

// Before the program: esbuild runs in its own process while the SDK is loaded.
await import("./started-bundle.ts");

export default (await import("./index.ts")).outputs;
