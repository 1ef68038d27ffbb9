/** The commands of docs/operating.md name what there is. */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { parse } from "yaml";
import {
  ACCOUNT_ERROR_CODES,
  credentialsSecretName,
  statusParameterName,
  tokenParameterName,
} from "../../lambda/contract.ts";
import { renderStack } from "../infra/rendered-stack.ts";
import { blocks, DOCUMENTS, ROOT, readDocument } from "./documents.ts";

const OPERATING = readDocument("docs/operating.md");
/** Without the indentation of the blocks that stand in lists. */
const COMMANDS = [
  ...blocks(OPERATING, "sh"),
  ...blocks(OPERATING.replaceAll(/^ {3}/gm, ""), "sh"),
].join("\n");

describe("The commands of operating", () => {
  test("name parameters and secrets as the contract has them", () => {
    const named = (pattern: RegExp) => [...new Set(OPERATING.match(pattern) ?? [])].sort();
    expect(named(/\/dintero\/P12345678\/[a-z-]+/g)).toEqual([
      tokenParameterName("P12345678"),
      statusParameterName("P12345678"),
    ]);
    expect(named(/(?<![/-])dintero\/P12345678\/[a-z-]+/g)).toEqual([
      credentialsSecretName("P12345678"),
    ]);
  });

  test("name resources by the URNs, and the schedule by the prefix, that the program gives them", async () => {
    const { engine } = await renderStack({ environment: "production", accounts: ["P12345678"] });
    const registered = engine.registered.map(({ type, name }) => `${type}::${name}`);
    const component = "dintero-token-rotation:index:TokenRotation";
    const secret = "aws:secretsmanager/secret:Secret::tokens-P12345678-credentials";
    expect(registered).toContain(secret);
    expect(parse(readDocument("Pulumi.yaml")).name).toBe("dintero-token-rotation");
    const urn = "urn:pulumi:prod::dintero-token-rotation::";
    expect(COMMANDS).toContain(`--stack prod '${urn}${component}$${secret}'`);
    expect(COMMANDS).toContain(`--parent 'tokens=${urn}${component}::tokens'`);
    expect(COMMANDS).toContain(`pulumi import ${secret.replace("::", " ")} "$arn"`);

    const [schedule] = engine.of("aws:scheduler/schedule:Schedule");
    const [, prefix = "-"] = /--name-prefix (\S+)/.exec(COMMANDS) ?? [];
    expect(schedule?.name.startsWith(prefix)).toBe(true);
  });

  test("say of each failure of an account what to do", () => {
    const told = OPERATING.match(/^\| (`[a-z-]+`(, )?)+ \|/gm)?.join() ?? "";
    for (const code of ACCOUNT_ERROR_CODES) expect(told).toContain(`\`${code}\``);
  });

  test("are such that a shell can read them", () => {
    // Reads without running: https://www.gnu.org/software/bash/manual/html_node/The-Set-Builtin.html
    execFileSync("bash", ["-n"], { input: COMMANDS });
    execFileSync("bash", ["-n"], {
      input: blocks(readDocument("docs/pipeline.md"), "sh").join("\n"),
    });
  });

  test("find the accounts in what Pulumi prints of the list", () => {
    const [, filter = "false"] = /accounts --stack prod \| (tr .*)\); do/.exec(COMMANDS) ?? [];
    const accounts = execFileSync("bash", ["-c", filter], { input: '["P12345678","P123"]\n' });
    expect(String(accounts).trim().split(" ")).toEqual(["P12345678", "P123"]);
  });
});

const OPS = readFileSync(join(ROOT, "ops", "ops.ts"), "utf8");
const { scripts } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));

test.each(DOCUMENTS)("The commands in %s are commands of this project", (document) => {
  const text = readDocument(document);
  for (const [, script = ""] of text.matchAll(/npm run (?:--silent )?([a-z:]+)/g)) {
    expect(Object.keys(scripts)).toContain(script);
  }
  for (const [, command] of text.matchAll(/npm run (?:--silent )?ops -- ([a-z]+)/g)) {
    expect(OPS).toContain(`stackCommand("${command}")`);
  }
});
