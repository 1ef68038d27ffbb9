/** The function and what it is measured against, built into a folder that is removed afterwards. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { bundleLambda } from "../../infra/bundle.ts";
import { bundleSubject } from "./bundle-subject.ts";
import { installedBytes } from "./installed-bytes.ts";

export interface BuiltSubject {
  /** `file:` URL of a module that exports `handler`. */
  readonly url: string;
  /** Of what is deployed. */
  readonly bytes: number;
}

export class BuiltSubjects implements AsyncDisposable {
  readonly function: BuiltSubject;
  readonly emptyHandler: BuiltSubject;
  readonly sdkClients: BuiltSubject;
  /** With all that the SDK finds credentials with, as it comes. */
  readonly wholeSdkClients: BuiltSubject;
  readonly nodeSample: BuiltSubject;
  readonly bareSdk: BuiltSubject;
  readonly bareHttp: BuiltSubject;
  readonly #directory: string;

  static async build(): Promise<BuiltSubjects> {
    const directory = await mkdtemp(join(tmpdir(), "bench-"));
    const write = async (name: string, contents: Uint8Array): Promise<BuiltSubject> => {
      const path = join(directory, `${name}.mjs`);
      await writeFile(path, contents);
      return { url: pathToFileURL(path).href, bytes: contents.byteLength };
    };
    const build = async (name: string) =>
      write(name, (await bundleSubject(`proof/bench/subjects/${name}.ts`)).contents);
    return new BuiltSubjects(directory, {
      function: await write("function", await bundleLambda()),
      emptyHandler: await build("empty-handler"),
      sdkClients: await build("sdk-clients"),
      wholeSdkClients: await write(
        "whole-sdk-clients",
        (await bundleSubject("proof/bench/subjects/sdk-clients.ts", { external: [] })).contents,
      ),
      nodeSample: await nodeSample(),
      bareSdk: await build("bare-sdk"),
      bareHttp: await build("bare-http"),
    });
  }

  private constructor(
    directory: string,
    subjects: Omit<BuiltSubjects, typeof Symbol.asyncDispose>,
  ) {
    this.#directory = directory;
    this.function = subjects.function;
    this.emptyHandler = subjects.emptyHandler;
    this.sdkClients = subjects.sdkClients;
    this.wholeSdkClients = subjects.wholeSdkClients;
    this.nodeSample = subjects.nodeSample;
    this.bareSdk = subjects.bareSdk;
    this.bareHttp = subjects.bareHttp;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.#directory, { recursive: true });
  }
}

/** Where it lies, since it takes what it imports from this project's `node_modules`. */
async function nodeSample(): Promise<BuiltSubject> {
  const packages = ["node-fetch", "@aws-sdk/client-secrets-manager", "@aws-sdk/client-ssm"];
  const url = new URL("./subjects/node-sample.mjs", import.meta.url).href;
  return { url, bytes: await installedBytes(packages) };
}
