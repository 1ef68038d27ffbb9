/** The bundle as it is deployed, built once for a test file into a folder of its own. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll } from "@jest/globals";
import { bundleLambda } from "../../infra/bundle.ts";
import { ATTEMPT_TIMEOUT_MS } from "../../lambda/dintero.ts";

export interface BuiltBundle {
  readonly url: string;
  /** The same bundle, loaded by {@link HASTY}. */
  readonly hastyUrl: string;
}

/** Its URLs may be used inside tests only. */
export function withBuiltBundle(): BuiltBundle {
  let directory = "";
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), "lambda-"));
    await writeFile(join(directory, "index.mjs"), await bundleLambda());
    await writeFile(join(directory, "hasty.mjs"), HASTY);
  });
  afterAll(() => rm(directory, { recursive: true }));
  const urlOf = (file: string) => pathToFileURL(join(directory, file)).href;
  return {
    get url() {
      return urlOf("index.mjs");
    },
    get hastyUrl() {
      return urlOf("hasty.mjs");
    },
  };
}

/** What a check is invoked with to ask of a Dintero that stays silent, by {@link BuiltBundle.hastyUrl}. */
export const IMPATIENT = { isImpatient: true };

/**
 * Loads the bundle in a thread whose chance is always 0, so that it waits for nothing between two
 * attempts. In an {@link IMPATIENT} check an attempt at Dintero ends soon: that is for servers that
 * stay silent, since one that answers may need longer on a busy machine.
 */
const HASTY = `
Math.random = () => 0;
const { timeout } = AbortSignal;
let isImpatient = false;
AbortSignal.timeout = (durationMs) =>
  timeout.call(AbortSignal, isImpatient && durationMs === ${ATTEMPT_TIMEOUT_MS} ? 50 : durationMs);
const bundle = await import("./index.mjs");
export function handler(event, context) {
  isImpatient = event?.isImpatient === true;
  return bundle.handler(event, context);
}
`;
