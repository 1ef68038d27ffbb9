/** The commands of docs/operating.md name what there is. */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { parse } from "yaml";
import { duration, timeLeft } from "../../infra/alarm-text.ts";
import {
  ACCOUNT_ERROR_CODES,
  credentialsSecretName,
  statusParameterName,
  tokenParameterName,
} from "../../lambda/contract.ts";
import { CLEARING_MINUTES } from "../../ops/alarm-faults.ts";
import { renderStack } from "../infra/rendered-stack.ts";
import { blocks, DOCUMENTS, ROOT, readDocument, sections } from "./documents.ts";

const OPERATING = readDocument("docs/operating.md");
/** Without the indentation of the blocks that stand in lists. */
const COMMANDS = [
  ...blocks(OPERATING, "sh"),
  ...blocks(OPERATING.replaceAll(/^ {3}/gm, ""), "sh"),
].join("\n");

/** The numbers that the runbooks state, worked out by hand from the thirds. */
const TIMES: readonly [kind: Parameters<typeof timeLeft>[0], row4h: string, row24h: string][] = [
  ["token-at-risk", "1 h 5 min to 1 h 20 min", "7 h 45 min to 8 h"],
  ["rotation-silent", "2 h | 40 min", "15 h 20 min | 7 h 20 min"],
  ["check-broken", "2 h 20 min", "15 h 40 min"],
  ["renewals-failing", "2 h 20 min", "15 h 40 min"],
  ["credentials-rejected", "2 h 20 min", "15 h 40 min"],
];

describe.each(TIMES)("The runbook of %s", (kind, row4h, row24h) => {
  test.each([
    [4, row4h],
    [24, row24h],
  ])(
    "says how long services have with tokens valid for %i h, as the rules have it",
    (hours, row) => {
      const page = sections(OPERATING).get(kind) ?? "";
      expect(page).toContain(`| ${hours} h | ${row} |`);
      const { leastMinutes, mostMinutes, leastMinutesAfterFailures } = timeLeft(kind, hours);
      const [least, ...more] = row.split(/ to | \| /);
      expect(least).toBe(duration(leastMinutes));
      const other = mostMinutes ?? leastMinutesAfterFailures;
      expect(more).toEqual(other === undefined ? [] : [duration(other)]);
    },
  );

  test("says how long the alarm takes to clear, as `status` does", () => {
    const page = sections(OPERATING).get(kind) ?? "";
    expect(page).toContain(`The alarm clears within ${CLEARING_MINUTES[kind]} minutes`);
  });
});

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

  test("name resources by the URNs that the program gives them, and find the schedule by its function", async () => {
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
    const [lambda] = engine.of("aws:lambda/function:Function");
    expect(COMMANDS).toContain("Schedules[?ends_with(Target.Arn, ':$function')]");
    expect(schedule?.inputs["target"]).toMatchObject({
      arn: expect.stringMatching(new RegExp(`:function:${lambda?.name}[^:]*$`)),
    });
  });

  test("say what to do about each failure of an account", () => {
    const told = OPERATING.match(/^\| (`[a-z-]+`(, )?)+ \|/gm)?.join() ?? "";
    for (const code of ACCOUNT_ERROR_CODES) expect(told).toContain(`\`${code}\``);
  });

  test("are valid in a shell", () => {
    // Reads without running: https://www.gnu.org/software/bash/manual/html_node/The-Set-Builtin.html
    execFileSync("bash", ["-n"], { input: COMMANDS });
    execFileSync("bash", ["-n"], {
      input: blocks(readDocument("docs/pipeline.md"), "sh").join("\n"),
    });
  });

  test("find the accounts in Pulumi's output", () => {
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
