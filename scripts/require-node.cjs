/**
 * Stops an npm script that runs on a Node too old to load TypeScript, in one line instead of a
 * syntax error. Plain CommonJS, so that any Node can read it. Called first by every npm script.
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
