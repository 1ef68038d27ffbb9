/**
 * Bundles what the function is measured against the way `infra/bundle.ts` bundles the function, and
 * tells what a bundle is made of. Called by the measurements and by the guard against growth.
 */
import { type BuildOptions, build, type Metafile } from "esbuild";
import { BUNDLE_OPTIONS } from "../../infra/bundle.ts";

/** Of the function, from the project's root. */
export const FUNCTION_ENTRY = "lambda/handler.ts";

export interface Subject {
  readonly contents: Uint8Array;
  readonly metafile: Metafile;
}

/**
 * @param entryPoint - from the project's root.
 * @throws esbuild's error, which names the file and the line.
 */
export async function bundleSubject(
  entryPoint: string,
  options: Pick<BuildOptions, "external"> = {},
): Promise<Subject> {
  const { outputFiles, metafile } = await build({
    ...BUNDLE_OPTIONS,
    ...options,
    entryPoints: [entryPoint],
    write: false,
    metafile: true,
  });
  const [bundle] = outputFiles;
  if (!bundle) throw new Error(`esbuild wrote no bundle for ${entryPoint}`);
  return { contents: bundle.contents, metafile };
}
