import { join } from "node:path";

/** The function's bundle, the only file that is deployed. The package contains it at the same place. */
export const BUNDLE_PATH = join(import.meta.dirname, "..", "dist", "lambda", "index.mjs");
