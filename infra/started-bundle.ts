/** The function's bundle on disk. Bundling starts as soon as this module is loaded. */
import { writeBundle } from "./bundle.ts";

export const writtenBundle = writeBundle();
// A failure is reported when the promise is awaited. Until then, Node must not treat it as unhandled.
writtenBundle.catch(() => undefined);
