import { join } from "node:path";

/** Where the function's bundle is, the one file that is deployed: built beside this in the package. */
export const BUNDLE_PATH = join(import.meta.dirname, "..", "dist", "lambda", "index.mjs");
