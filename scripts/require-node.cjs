/**
 * Stops on Windows, and a Node that is too old to load TypeScript, with one line instead of an error of
 * something else, and has any other keep what it compiles, which saves a third of a command's start. Plain CommonJS, so that
 * any Node can read it.
 */
var required = 24;

if (Number(process.versions.node.split(".")[0]) < required) {
  console.error(
    "Node " +
      required +
      " or later is needed, and this is Node " +
      process.versions.node +
      ": " +
      "run `npm ci` (without --omit=dev and --ignore-scripts), which brings Node " +
      required +
      " along, " +
      "or install it from https://nodejs.org.",
  );
  process.exit(1);
}

if (process.platform === "win32") {
  console.error("Windows is not supported: use Linux, macOS, or WSL (https://aka.ms/wsl).");
  process.exit(1);
}

require("node:module").enableCompileCache();
