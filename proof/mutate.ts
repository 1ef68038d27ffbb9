/**
 * `npm run mutate [-- FILE ...]`: changes the product in every way that StrykerJS knows, one at a
 * time, and shows which changes no test notices. The files are all that the tests can judge, or those
 * named.
 */
import { Stryker } from "@stryker-mutator/core";

type Options = ConstructorParameters<typeof Stryker>[0];

const FILES = [
  "lambda/**/*.ts",
  "!lambda/handler.ts",
  "!lambda/clock.ts",
  "infra/{alarm-config,alarm-text,config}.ts",
];
/** The stack is rendered once for many tests, so no single test covers a line of these. */
const RENDERED_FILES = ["infra/access.ts", "infra/alarm-definitions.ts"];

const named = process.argv.slice(2);
const isNamed = (file: string) => named.includes(file);
const isAll = named.length === 0;

await mutate(isAll ? FILES : named.filter((file) => !RENDERED_FILES.includes(file)), {
  coverageAnalysis: "perTest",
  ignoreStatic: true,
  // Without the tests of the built bundle, where no mutant is.
  ...jestWith(["lambda/**/*.test.ts", "infra/*{config,text}*.test.ts"], ["/handler"]),
});
await mutate(isAll ? RENDERED_FILES : RENDERED_FILES.filter(isNamed), {
  coverageAnalysis: "off",
  ...jestWith(["infra/{access,alarm}*.test.ts"], []),
});

async function mutate(files: readonly string[], options: Options): Promise<void> {
  if (files.length === 0) return;
  const stryker = new Stryker({
    mutate: [...files],
    plugins: ["@stryker-mutator/jest-runner"],
    testRunner: "jest",
    testRunnerNodeArgs: ["--experimental-vm-modules", "--disable-warning=ExperimentalWarning"],
    reporters: ["clear-text", "progress"],
    clearTextReporter: { allowColor: false, logTests: false, allowEmojis: false },
    tempDirName: "dist/stryker",
    timeoutMS: 20_000,
    ...options,
  });
  await stryker.runMutationTest();
}

function jestWith(tests: readonly string[], ignored: readonly string[]): Options {
  const testMatch = tests.map((pattern) => `<rootDir>/test/${pattern}`);
  const config = { testMatch, testPathIgnorePatterns: ignored };
  return { jest: { configFile: "jest.config.ts", enableFindRelatedTests: true, config } };
}
