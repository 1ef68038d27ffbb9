import { execFile } from "node:child_process";
import { cp, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { describe, expect, test } from "@jest/globals";
import { bundleLambda } from "../../infra/bundle.ts";
import { PLAIN_ENVIRONMENT } from "../support/plain-environment.ts";

const run = promisify(execFile);
const PROJECT_ROOT = join(import.meta.dirname, "..", "..");

describe("bundleLambda", () => {
  test("gives the same bytes in another directory, with any files around it", async () => {
    const parent = await mkdtemp(join(tmpdir(), "bundle-"));
    const checkout = join(parent, "some", "where else");
    try {
      await cp(join(PROJECT_ROOT, "lambda"), join(checkout, "lambda"), { recursive: true });
      await cp(join(PROJECT_ROOT, "infra"), join(checkout, "infra"), { recursive: true });
      await cp(join(PROJECT_ROOT, "package.json"), join(checkout, "package.json"));
      await symlink(join(PROJECT_ROOT, "node_modules"), join(checkout, "node_modules"));
      const tsconfig = { compilerOptions: { target: "es5", useDefineForClassFields: false } };
      await writeFile(join(checkout, "tsconfig.json"), JSON.stringify(tsconfig));

      const elsewhere: typeof import("../../infra/bundle.ts") = await import(
        pathToFileURL(join(checkout, "infra", "bundle.ts")).href
      );

      expect(Buffer.from(await elsewhere.bundleLambda())).toEqual(
        Buffer.from(await bundleLambda()),
      );
    } finally {
      await rm(parent, { recursive: true });
    }
  });

  test("loads on its own, with no package beside it, and exports the handler", async () => {
    const directory = await mkdtemp(join(tmpdir(), "bundle-"));
    try {
      const path = join(directory, "index.mjs");
      await writeFile(path, await bundleLambda());
      const script = `import(${JSON.stringify(pathToFileURL(path).href)}).then((module) => console.log(JSON.stringify([Object.keys(module), module.handler.length])))`;

      const { stdout, stderr } = await run(process.execPath, ["-e", script], {
        cwd: directory,
        env: PLAIN_ENVIRONMENT,
      });

      expect({ exported: JSON.parse(stdout), stderr }).toEqual({
        exported: [["handler"], 2],
        stderr: "",
      });
    } finally {
      await rm(directory, { recursive: true });
    }
  });
});
