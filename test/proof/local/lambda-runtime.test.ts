import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { LambdaRuntime } from "../../../proof/local/lambda-runtime.ts";

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "runtime-"));
});
afterEach(() => rm(directory, { recursive: true }));

/** Runs `use` with a runtime that has loaded this source. */
async function withFunction(
  source: string,
  use: (runtime: LambdaRuntime) => Promise<void>,
): Promise<void> {
  const path = join(directory, "index.mjs");
  await writeFile(path, source);
  const bundleUrl = pathToFileURL(path).href;
  const runtime = new LambdaRuntime({ bundleUrl, environment: { GREETING: "hello" } });
  try {
    await use(runtime);
  } finally {
    await runtime.close();
  }
}

test("the handler gets the event, and the part of the context that it uses", async () => {
  const source = "export const handler = async (event, context) => ({ event, context });";
  await withFunction(source, async (runtime) => {
    const { result } = await runtime.invoke({ accounts: ["T123"] });
    expect(result).toMatchObject({
      event: { accounts: ["T123"] },
      context: { awsRequestId: expect.stringMatching(/^[0-9a-f-]{36}$/) },
    });
  });
});

test("the caller can choose the request id", async () => {
  const source = "export const handler = async (event, { awsRequestId }) => ({ awsRequestId });";
  await withFunction(source, async (runtime) => {
    const { result } = await runtime.invoke({}, 0, "the-request");
    expect(result).toEqual({ awsRequestId: "the-request" });
  });
});

test("the result is converted to JSON and back", async () => {
  const source = "export const handler = async () => ({ at: new Date(0), none: undefined });";
  await withFunction(source, async (runtime) => {
    expect((await runtime.invoke({})).result).toStrictEqual({ at: "1970-01-01T00:00:00.000Z" });
  });
});

test("a handler's error is returned with its type and message", async () => {
  const source = "export const handler = async () => { throw new RangeError('too far'); };";
  await withFunction(source, async (runtime) => {
    expect(await runtime.invoke({})).toEqual({
      error: { errorType: "RangeError", errorMessage: "too far" },
      output: "",
    });
  });
});

test("each invocation has its own output, from both streams", async () => {
  const source = `let count = 0;
    export const handler = async () => {
      count += 1;
      process.stdout.write("out " + count + "\\n");
      process.stderr.write("err " + count + "\\n");
    return {}; };`;
  await withFunction(source, async (runtime) => {
    expect((await runtime.invoke({})).output).toBe("out 1\nerr 1\n");
    expect((await runtime.invoke({})).output).toBe("out 2\nerr 2\n");
  });
});

test("the function sees only the environment that it is given", async () => {
  const source = "export const handler = async () => process.env;";
  await withFunction(source, async (runtime) => {
    const { result } = await runtime.invoke({});
    expect(result).toMatchObject({ GREETING: "hello", AWS_LAMBDA_LOG_FORMAT: "JSON" });
    expect(result).not.toHaveProperty("PATH");
  });
});

test("only its clock is ahead, by the given time", async () => {
  const source = `export const handler = async () =>
    ({ now: Date.now(), date: new Date().getTime(), fixed: new Date(5).getTime(), utc: Date.UTC(1970, 0, 2) });`;
  await withFunction(source, async (runtime) => {
    const hourMs = 3_600_000;
    const before = Date.now();
    const { result } = await runtime.invoke({}, hourMs);
    const after = Date.now();
    expect(result).toMatchObject({ fixed: 5, utc: 86_400_000 });
    for (const time of Object.values(result ?? {}).slice(0, 2)) {
      expect(time).toBeGreaterThanOrEqual(before + hourMs);
      expect(time).toBeLessThanOrEqual(after + hourMs);
    }
  });
});

test("a bundle that cannot be loaded fails the invocation", async () => {
  await withFunction("throw new Error('broken at load');", async (runtime) => {
    await expect(runtime.invoke({})).rejects.toThrow("broken at load");
  });
});

test("stopping a function rejects the invocations that wait for it", async () => {
  await withFunction("export const handler = () => new Promise(() => {});", async (runtime) => {
    const reply = runtime.invoke({});
    await runtime.close();
    await expect(reply).rejects.toThrow("The function was stopped.");
  });
});
