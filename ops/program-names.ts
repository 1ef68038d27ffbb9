/** What people run: this repository's scripts, or the npm package beside a Pulumi program of their own. */
import { join } from "node:path";

/** As built for the package, these files are JavaScript. */
export const IS_PACKAGE = !import.meta.url.endsWith(".ts");

/** Begins every command of `ops`. */
export const OPS = IS_PACKAGE ? "npx dintero-token-rotation" : "npm run ops --";

export const DEPLOY = IS_PACKAGE ? "pulumi up" : "npm run deploy --";

/** Where the Pulumi program is. */
export const PROGRAM_FOLDER = IS_PACKAGE ? process.cwd() : join(import.meta.dirname, "..");
