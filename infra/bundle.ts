/** Bundles the function into the one file that is deployed. */
import { mkdir, rename, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { type BuildOptions, build } from "esbuild";
import { BUNDLE_PATH } from "./bundle-path.ts";

const PROJECT_ROOT = join(import.meta.dirname, "..");

/**
 * The bundle, an ES module that exports `handler(event, context)`: byte-identical for the same
 * sources, in any directory.
 * @throws esbuild's error, which names the file and the line.
 */
export async function bundleLambda(): Promise<Uint8Array> {
  const { outputFiles } = await build({
    ...BUNDLE_OPTIONS,
    entryPoints: ["lambda/handler.ts"],
    write: false,
  });
  const [bundle] = outputFiles;
  if (!bundle) throw new Error("esbuild wrote no bundle for lambda/handler.ts");
  return bundle.contents;
}

/** How the function is bundled. The benchmark bundles the alternatives in the same way. */
export const BUNDLE_OPTIONS = {
  absWorkingDir: PROJECT_ROOT,
  bundle: true,
  platform: "node",
  target: "node24",
  format: "esm",
  // The ES modules of the SDK: they have half the size, and no `require`, which ES modules in Node lack.
  mainFields: ["module", "main"],
  // The SDK uses these only if the environment has no credentials, which never happens in Lambda. The
  // code that they share would be loaded at every start: with Node's `fetch`, as much as all the rest.
  external: [
    "@aws-sdk/credential-provider-http",
    "@aws-sdk/credential-provider-ini",
    "@aws-sdk/credential-provider-process",
    "@aws-sdk/credential-provider-sso",
    "@aws-sdk/credential-provider-web-identity",
    "@smithy/credential-provider-imds",
  ],
  minify: true,
  // No file outside the sources may change the bytes, for example a tsconfig.json in a parent directory.
  tsconfigRaw: "{}",
  legalComments: "none",
  logLevel: "error",
} as const satisfies BuildOptions;

/** Writes the bundle to {@link BUNDLE_PATH} in one step, and returns its size in bytes. */
export async function writeBundle(): Promise<number> {
  const bundle = await bundleLambda();
  await mkdir(dirname(BUNDLE_PATH), { recursive: true });
  // Two stacks may be deployed from here at the same time.
  const unfinished = `${BUNDLE_PATH}.${process.pid}`;
  await writeFile(unfinished, bundle);
  await rename(unfinished, BUNDLE_PATH);
  return bundle.byteLength;
}
