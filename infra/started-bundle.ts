/** The function's bundle on the disk, begun as soon as this module is loaded. */
import { writeBundle } from "./bundle.ts";

export const writtenBundle = writeBundle();
// A failure is reported where it is awaited; until then, Node must not take it for forgotten.
writtenBundle.catch(() => undefined);
