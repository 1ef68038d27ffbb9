import { join } from "node:path";

const ROOT = join(import.meta.dirname, "..", "..");

/**
 * What Node is started with, as the npm scripts do it.
 * @param script - the command's file, from the project's root.
 */
export function commandArguments(script: string): string[] {
  return ["--require", join(ROOT, "scripts", "require-packages.cjs"), join(ROOT, script)];
}
