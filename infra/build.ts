/** `npm run build`: writes the file that is deployed, so that it can be inspected. */
import { relative } from "node:path";
import { BUNDLE_PATH, writeBundle } from "./bundle.ts";

const bytes = await writeBundle();
process.stdout.write(`${relative(process.cwd(), BUNDLE_PATH)}: ${Math.round(bytes / 1024)} KiB\n`);
