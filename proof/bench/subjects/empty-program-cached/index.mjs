/** The empty program, begun as `infra/index.mjs` begins: Node keeps what it compiled of the SDK. */
import module from "node:module";

module.enableCompileCache();

await import("../empty-program/index.mjs");
