/**
 * Does the same as `require-node.cjs`. It also stops if packages are not installed, with one line instead of
 * the stack trace of an import. All commands need all packages.
 */
require("./require-node.cjs");
const { existsSync, readFileSync } = require("node:fs");
const { join } = require("node:path");

const root = join(__dirname, "..");
const { devDependencies } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
const needed = [
  ...Object.keys(devDependencies),
  // Each platform has its own package. Most commands use this one.
  `@esbuild/${process.platform}-${process.arch}`,
];
// With status 2, which the commands have for what they could not find out.
const missing = needed.filter((name) => !existsSync(join(root, "node_modules", name)));
if (missing.length > 0) {
  console.error(
    `Packages are missing (${missing.length} of ${needed.length}, for example ${missing[0]}). Run \`npm ci\` without --omit.`,
  );
  process.exit(2);
}
// npm writes it last.
if (!existsSync(join(root, "node_modules", ".package-lock.json"))) {
  console.error("The installation of packages did not finish. Run `npm ci` again.");
  process.exit(2);
}
