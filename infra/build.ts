/** `npm run build`: writes the artefact that is deployed, for those who want to look at it. */
import { relative } from "node:path";
import { BUNDLE_PATH, writeBundle } from "./bundle.ts";

const bytes = await writeBundle();
process.stdout.write(`${relative(process.cwd(), BUNDLE_PATH)}: ${Math.round(bytes / 1024)} KiB\n`);
