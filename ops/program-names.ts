/** What people run: this repository's scripts, or the npm package in their own Pulumi project. */
import { join } from "node:path";

/** In the package these files are JavaScript. */
export const IS_PACKAGE = !import.meta.url.endsWith(".ts");

/** The beginning of every command of `ops`. */
export const OPS = IS_PACKAGE ? "npx dintero-token-rotation" : "npm run ops --";

export const DEPLOY = IS_PACKAGE ? "pulumi up" : "npm run deploy --";

/** Where the Pulumi program is. */
export const PROGRAM_FOLDER = IS_PACKAGE ? process.cwd() : join(import.meta.dirname, "..");
