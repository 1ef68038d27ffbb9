/**
 * The entry that Pulumi loads. Plain JavaScript, so that a Node too old for TypeScript is told in
 * one line what to do; Pulumi prefers it to `index.ts`, which is the program.
 */
import "../scripts/require-node.cjs";

// Pulumi's runtime maps every frame of a stack to its source, and takes a stack for every promise. With
// its types only stripped, this program's source has the lines that run: nothing is lost without.
Error.prepareStackTrace = undefined;

// Before the program: esbuild works in a process of its own while the SDK is loaded.
await import("./started-bundle.ts");

export default (await import("./index.ts")).outputs;
