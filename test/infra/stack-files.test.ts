/** The keys of the configuration: declared, set, read and typed are the same ones. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { parse } from "yaml";
import { CLI_VERSION_RANGE } from "../../infra/cli-version.ts";
import { configFaults, DEFAULT_LOG_RETENTION_DAYS } from "../../infra/config.ts";
import { MAX_ACCOUNTS, PROJECT_NAME } from "../../lambda/contract.ts";
import { expectMessage } from "../support/expect-message.ts";

interface DeclaredKey {
  readonly description?: string;
  readonly default?: unknown;
}

const ROOT = join(import.meta.dirname, "..", "..");
const read = (file: string) => readFileSync(join(ROOT, file), "utf8");

const project = parse(read("Pulumi.yaml"));
const declared: Record<string, DeclaredKey> = project.config;
const packageJson = JSON.parse(read("package.json"));
const READER_SOURCE = read("infra/read-config.ts");

/** A user has others than those that are published, with values of its own. */
const STACKS = readdirSync(ROOT).flatMap((file) => /^Pulumi\.(.+)\.yaml$/.exec(file)?.[1] ?? []);

/** What a stack file sets of this project's keys. */
function setIn(stack: string): Record<string, unknown> {
  const entries = Object.entries<unknown>(parse(read(`Pulumi.${stack}.yaml`)).config);
  return Object.fromEntries(
    entries.flatMap(([key, value]) => {
      const [namespace, name] = key.split(":");
      return namespace === PROJECT_NAME && name ? [[name, value]] : [];
    }),
  );
}

const names = (text: string, pattern: RegExp) =>
  [...text.matchAll(pattern)].map(([, name]) => name).sort();

describe("The project file", () => {
  test("has the contract's name, and lets Node itself load infra/", () => {
    expect(project).toMatchObject({
      name: PROJECT_NAME,
      main: "infra/",
      runtime: { name: "nodejs", options: { typescript: false } },
      requiredPulumiVersion: CLI_VERSION_RANGE,
    });
  });

  test.each(Object.entries(declared))("describes %s, which has a default and no type", (_, key) => {
    // Of either, the CLI would stop before the program can say all that is wrong.
    expect(Object.keys(key).sort()).toEqual(["default", "description"]);
    expect(key.description).toMatch(/^\S.{10,}\.$/);
  });

  test("keeps the log for as long as the component does", () => {
    expect(declared["logRetentionDays"]?.default).toBe(DEFAULT_LOG_RETENTION_DAYS);
  });

  test("says how many accounts a stack may have", () => {
    expectMessage(declared["accounts"]?.description ?? "", { names: [`${MAX_ACCOUNTS}`] });
  });
});

describe("The declared keys", () => {
  test("are those that the program reads", () => {
    const readKeys = names(READER_SOURCE, /\bconfig\.get\("(\w+)"\)/g);
    expect(readKeys).toEqual(Object.keys(declared).sort());
  });

  test("are those that the program's type has", () => {
    const files = ["read-config", "config", "alarm-config", "company-config"];
    const source = files.map((file) => read(`infra/${file}.ts`)).join("");
    const bodies = source.matchAll(
      /interface (?:Stack|Program|Alarm|Company)Config (?:extends [\w, ]+ )?\{([^}]*)\}/g,
    );
    const body = [...bodies].map(([, it]) => it).join("");
    // The Region is a setting of the provider.
    const ownNames = names(body, /readonly (\w+)\??:/g).filter((name) => name !== "region");
    expect(ownNames).toEqual(Object.keys(declared).sort());
  });

  test("are read in one file only", () => {
    for (const file of ["index.ts", "token-rotation.ts", "check-function.ts", "dashboard.ts"]) {
      expect(read(`infra/${file}`)).not.toContain("pulumi.Config");
    }
  });
});

describe.each(STACKS)("The stack file of %s", (stack) => {
  const text = read(`Pulumi.${stack}.yaml`);

  test("needs nothing but accounts and an address", () => {
    const { environment, logRetentionDays } = {
      ...Object.fromEntries(Object.entries(declared).map(([key, it]) => [key, it.default])),
      ...setIn(stack),
    };
    const config = {
      environment: String(environment),
      accounts: [environment === "production" ? "P12345678" : "T12345678"],
      alarmEmails: ["on-call@example.com"],
      logRetentionDays: Number(logRetentionDays),
    };
    expect(configFaults(config, parse(text).config["aws:region"])).toEqual([]);
  });
});

describe("package.json", () => {
  test("does not install the Pulumi CLI: users have their own", () => {
    expect(packageJson.devDependencies).not.toHaveProperty("pulumi");
  });

  test.each([
    ["preview", "pulumi preview"],
    ["deploy", "pulumi up"],
  ])("runs it by `npm run %s`, options last", (script, command) => {
    expect(packageJson.scripts[script].endsWith(command)).toBe(true);
  });

  test("has nothing that Pulumi would load in place of infra/", () => {
    // It takes `exports["."]` for the program; without `exports` it takes `main`.
    expect(Object.keys(packageJson.exports)).toEqual(["types", "default"]);
  });
});
