/**
 * The entry that Pulumi loads. Plain JavaScript, so that a Node too old for TypeScript is told in
 * one line what to do; Pulumi prefers it to `index.ts`, which is the program.
 */
import "../scripts/require-node.cjs";

export default { ...(await import("./index.ts")) };
