/**
 * Builds the content of the npm package into `dist/`: the component with its types, the commands, the function, and the
 * licences of what is bundled. Everything in `dist/` that ends in `.js` is CommonJS, which a Pulumi program in
 * either module system can load.
 */
import { readdirSync, readFileSync } from "node:fs";
import { chmod, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { type BuildOptions, build, type Metafile } from "esbuild";
import ts from "typescript";
import { BUNDLE_OPTIONS, writeBundle } from "../infra/bundle.ts";

const ROOT = join(import.meta.dirname, "..");
const DIST = join(ROOT, "dist");

/** The oldest Node that Pulumi's SDK runs on. */
const TARGET = "node20";
const COMMON = {
  absWorkingDir: ROOT,
  bundle: true,
  platform: "node",
  target: TARGET,
  tsconfigRaw: "{}",
  legalComments: "none",
  logLevel: "error",
  metafile: true,
} as const satisfies BuildOptions;

await writeBundle();
const bundles = await Promise.all([
  build({ ...BUNDLE_OPTIONS, entryPoints: ["lambda/handler.ts"], metafile: true, write: false }),
  build({
    ...COMMON,
    entryPoints: ["infra/package.ts"],
    outfile: "dist/index.js",
    format: "cjs",
    // From the program that uses the component: two copies of Pulumi would not know each other's resources.
    external: ["@pulumi/*"],
    define: { "import.meta.dirname": "__dirname" },
  }),
  build({
    ...COMMON,
    entryPoints: ["ops/ops.ts"],
    outfile: "dist/ops.mjs",
    format: "esm",
    minify: true,
    mainFields: ["module", "main"],
    // Bundled CommonJS packages load Node's modules with this.
    banner: {
      js: '#!/usr/bin/env node\nimport { createRequire } from "node:module"; const require = createRequire(import.meta.url);',
    },
  }),
]);
await chmod(join(DIST, "ops.mjs"), 0o755);
await writeFile(join(DIST, "package.json"), `${JSON.stringify({ type: "commonjs" })}\n`);
await writeFile(join(DIST, "licenses.txt"), licenses(bundles.map(({ metafile }) => metafile)));
writeTypes();

/** Writes only the types that a user's editor needs, without those of the implementation. */
function writeTypes(): void {
  const emitted = ["package", "token-rotation", "token-rotation-args"];
  const program = ts.createProgram([join(ROOT, "infra", "package.ts")], {
    ...{ target: ts.ScriptTarget.ES2024, module: ts.ModuleKind.NodeNext, strict: true },
    ...{ declaration: true, emitDeclarationOnly: true, allowImportingTsExtensions: true },
    ...{ skipLibCheck: true, types: ["node"], exactOptionalPropertyTypes: true, outDir: DIST },
  });
  program.emit(undefined, (path, text) => {
    const name = basename(path, ".d.ts");
    if (!emitted.includes(name)) return;
    const target = join(DIST, `${name === "package" ? "index" : name}.d.ts`);
    ts.sys.writeFile(target, text.replaceAll(/(from "\.\/[\w-]+)\.ts"/g, '$1.js"'));
  });
}

/** The notices that the licences of the bundled packages require, each once. */
function licenses(metafiles: readonly Metafile[]): string {
  const folders = metafiles.flatMap(({ inputs }) =>
    Object.keys(inputs).flatMap(
      (path) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0] ?? [],
    ),
  );
  const notices = Map.groupBy(new Set(folders.sort()), (folder) => {
    const [file] = readdirSync(join(ROOT, folder)).filter((name) => /^licen[cs]e/i.test(name));
    return file ? readText(folder, file).trim() : "";
  });
  return [...notices]
    .map(([notice, of]) => {
      const names = of.map((folder) => {
        const { name, version, license } = JSON.parse(readText(folder, "package.json"));
        return `${name} ${version} (${license})`;
      });
      return `${names.join("\n")}\n\n${notice}\n`;
    })
    .join(`\n${"-".repeat(80)}\n\n`);
}

function readText(...path: string[]): string {
  return readFileSync(join(ROOT, ...path), "utf8");
}
