/** The function and what it is compared with, built into a folder that is removed afterwards. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { type BuildOptions, build } from "esbuild";
import { BUNDLE_OPTIONS, bundleLambda } from "../../infra/bundle.ts";
import { temporaryFolder } from "./temporary-folder.ts";

export interface BuiltSubject {
  /** `file:` URL of a module that exports `handler`. */
  readonly url: string;
  /** Of what is deployed. */
  readonly bytes: number;
}

export interface BuiltSubjects extends Disposable {
  readonly function: BuiltSubject;
  readonly sdkClients: BuiltSubject;
  /** With all credential providers of the SDK. */
  readonly wholeSdkClients: BuiltSubject;
  readonly bareSdk: BuiltSubject;
}

export async function buildSubjects(): Promise<BuiltSubjects> {
  const folder = temporaryFolder();
  const write = async (name: string, contents: Uint8Array): Promise<BuiltSubject> => {
    const path = join(folder.path, `${name}.mjs`);
    await writeFile(path, contents);
    return { url: pathToFileURL(path).href, bytes: contents.byteLength };
  };
  return {
    function: await write("function", await bundleLambda()),
    sdkClients: await write("sdk-clients", await bundleSubject("sdk-clients")),
    wholeSdkClients: await write(
      "whole-sdk-clients",
      await bundleSubject("sdk-clients", { external: [] }),
    ),
    bareSdk: await write("bare-sdk", await bundleSubject("bare-sdk")),
    [Symbol.dispose]: () => folder[Symbol.dispose](),
  };
}

/** As the function is bundled. @throws esbuild's error, which names the file and the line. */
async function bundleSubject(
  name: string,
  options: Pick<BuildOptions, "external"> = {},
): Promise<Uint8Array> {
  const entryPoints = [`proof/bench/subjects/${name}.ts`];
  const { outputFiles } = await build({ ...BUNDLE_OPTIONS, ...options, entryPoints, write: false });
  const [bundle] = outputFiles;
  if (!bundle) throw new Error(`esbuild wrote no bundle for ${name}`);
  return bundle.contents;
}
