/** `npm run build`: writes the file that is deployed, so that it can be inspected. */
import { relative } from "node:path";
import { writeBundle } from "./bundle.ts";
import { BUNDLE_PATH } from "./bundle-path.ts";

const bytes = await writeBundle();
process.stdout.write(`${relative(process.cwd(), BUNDLE_PATH)}: ${Math.round(bytes / 1024)} KiB\n`);
