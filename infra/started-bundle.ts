/** The function's bundle, begun as soon as this module is loaded. */
import { bundleLambda } from "./bundle.ts";

export const bundle = bundleLambda();
// A failure is reported where it is awaited; until then, Node must not take it for forgotten.
bundle.catch(() => undefined);
