/**
 * `npm run test:samples`: takes the samples out of `docs/consuming.md`, runs each against the
 * stand-ins exactly as it stands there, and says what it did. Needs python3, bash and curl. The
 * sample for Pulumi is run by `test/docs/consuming.test.ts`.
 */
import { execFile } from "node:child_process";
import {
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  realpath,
  rm,
  symlink,
  writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { leaksIn } from "../support/canaries.ts";
import { pythonEnvironment } from "../support/python-environment.ts";
import { casesOf, LIBRARY_SAMPLES } from "./library-cases.ts";
import { sampleBlocks } from "./sample-blocks.ts";
import { SampleProcess } from "./sample-process.ts";
import { SampleWorld } from "./sample-world.ts";
import { runScript, SCRIPT_CASES, type ScriptCase } from "./script-cases.ts";

const ROOT = join(import.meta.dirname, "..", "..");
const run = promisify(execFile);

const results = { passed: 0, failed: 0 };
try {
  await runSamples();
} catch (error) {
  results.failed += 1;
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
}
process.stdout.write(`\n${results.passed} passed, ${results.failed} failed\n`);
process.exitCode = results.failed > 0 ? 1 : 0;

async function runSamples(): Promise<void> {
  const binaries = await pythonEnvironment(join(import.meta.dirname, "requirements.txt"));
  const directory = await writeSamples();
  try {
    await check("The TypeScript samples", "type-check", () => typeCheck(directory));
    // At once: each waits for a time-out of its library.
    await Promise.all(
      LIBRARY_SAMPLES.map((name) =>
        playLibrarySample(name, join(directory, name), driverOf(name, binaries)),
      ),
    );
    for (const scriptCase of SCRIPT_CASES) {
      await playScript(scriptCase, join(directory, scriptCase.sample), binaries);
    }
  } finally {
    await rm(directory, { recursive: true });
  }
}

/** Outside `node_modules`, where Node strips no types; the link is what finds the libraries. */
async function writeSamples(): Promise<string> {
  // macOS's temporary folder is itself a link, which `import.meta.url` would not show.
  const directory = await realpath(await mkdtemp(join(tmpdir(), "samples-")));
  await symlink(join(ROOT, "node_modules"), join(directory, "node_modules"));
  await writeFile(join(directory, "package.json"), '{ "type": "module" }');
  for (const [name, text] of sampleBlocks()) await writeFile(join(directory, name), text);
  // In place of the environment's own command: pip writes its path into the first line of that, where
  // a blank ends it.
  await mkdir(join(directory, "bin"));
  const aws = '#!/bin/sh\nexec "$AWS_CLI_PYTHON" -m awscli "$@"\n';
  await writeFile(join(directory, "bin", "aws"), aws, { mode: 0o755 });
  return directory;
}

async function typeCheck(directory: string): Promise<void> {
  const tsconfig = { extends: join(ROOT, "tsconfig.json"), include: ["*.ts"] };
  await writeFile(join(directory, "tsconfig.json"), JSON.stringify(tsconfig));
  const tsc = join(ROOT, "node_modules", "typescript", "bin", "tsc");
  await run(process.execPath, [tsc, "--project", directory]).catch(({ stdout }) => {
    throw new Error(stdout);
  });
}

/** What loads the sample and calls it. */
function driverOf(name: string, binaries: string): readonly string[] {
  const driver = (file: string) => join(import.meta.dirname, file);
  return name.endsWith(".py")
    ? [join(binaries, "python"), driver("drive_sample.py")]
    : [process.execPath, driver("drive-sample.ts")];
}

async function playLibrarySample(
  name: string,
  path: string,
  driver: readonly string[],
): Promise<void> {
  for (const { title, play, prepare } of casesOf(name)) {
    await check(name, title, async () => {
      await using stack = new AsyncDisposableStack();
      const world = stack.adopt(await SampleWorld.start(), (started) => started.close());
      await prepare?.(world);
      const sample = stack.adopt(new SampleProcess(driver, path, world), (it) => it.close());
      await play(sample, world);
      const tokens = world.checkout.tokensSeen.filter((token) => token !== undefined);
      if (leaksIn(sample.output + (await filesIn(world.home)), tokens).length > 0) {
        throw new Error("it tells a token");
      }
    });
  }
}

async function playScript(
  { sample, title, play, prepare }: ScriptCase,
  path: string,
  binaries: string,
): Promise<void> {
  await check(sample, title, async () => {
    await using stack = new AsyncDisposableStack();
    const world = stack.adopt(await SampleWorld.start(), (started) => started.close());
    await prepare?.(world);
    await play(() => runScript(path, binaries, world), world);
    const tokens = world.checkout.tokensSeen.filter((token) => token !== undefined);
    if (leaksIn(await filesIn(world.home), tokens).length > 0) {
      throw new Error("it wrote a token into a file");
    }
  });
}

/** What stands in the files of a folder. */
async function filesIn(folder: string): Promise<string> {
  const files = await readdir(folder, { recursive: true, withFileTypes: true });
  const texts = files
    .filter((file) => file.isFile())
    .map((file) => readFile(join(file.parentPath, file.name), "latin1"));
  return (await Promise.all(texts)).join("\n");
}

async function check(subject: string, title: string, play: () => Promise<void>): Promise<void> {
  try {
    await play();
    results.passed += 1;
    process.stdout.write(`✓ ${subject}: ${title}\n`);
  } catch (error) {
    results.failed += 1;
    const message = error instanceof Error ? error.message : String(error);
    process.stdout.write(`✗ ${subject}: ${title}\n${message.replaceAll(/^/gm, "    ")}\n`);
  }
}
