/** The bundle as it is deployed, built once for a test file into a folder of its own. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll } from "@jest/globals";
import { bundleLambda } from "../../infra/bundle.ts";

/** Its `url` may be used inside tests only. */
export function withBuiltBundle(): { readonly url: string } {
  let directory = "";
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), "lambda-"));
    await writeFile(join(directory, "index.mjs"), await bundleLambda());
  });
  afterAll(() => rm(directory, { recursive: true }));
  return {
    get url() {
      return pathToFileURL(join(directory, "index.mjs")).href;
    },
  };
}
