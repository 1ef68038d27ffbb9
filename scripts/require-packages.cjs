/**
 * As `require-node.cjs`, and stops where an installation left packages out, with one line instead of the
 * stack of an import. All commands need all packages.
 */
require("./require-node.cjs");
const { existsSync, readFileSync } = require("node:fs");
const { join } = require("node:path");

const root = join(__dirname, "..");
const { devDependencies } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
const needed = [
  ...Object.keys(devDependencies),
  // Of the packages for one platform each, this one is used by most commands.
  `@esbuild/${process.platform}-${process.arch}`,
];
const missing = needed.filter((name) => !existsSync(join(root, "node_modules", name)));
if (missing.length > 0) {
  console.error(
    `Packages are missing (${missing.length} of ${needed.length}, such as ${missing[0]}): run \`npm ci\`, without --omit.`,
  );
  process.exit(1);
}
