/**
 * Stops on Windows, and with a Node that is too old to load TypeScript. It prints one line, which says more
 * than the error that would follow. It also has Node keep what it compiles, which saves a third of a
 * command's start. Plain CommonJS, so that any Node can read it.
 */
var required = 24;

if (Number(process.versions.node.split(".")[0]) < required) {
  console.error(
    "Node " +
      required +
      " or later is needed, but this is Node " +
      process.versions.node +
      ". " +
      "Run `npm ci` (without --omit=dev and --ignore-scripts), which installs Node " +
      required +
      ", or install it from https://nodejs.org.",
  );
  process.exit(2);
}

if (process.platform === "win32") {
  console.error("Windows is not supported: use Linux, macOS, or WSL (https://aka.ms/wsl).");
  process.exit(2);
}

require("node:module").enableCompileCache();
