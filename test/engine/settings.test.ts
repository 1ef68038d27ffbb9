/** What people set wrong, through the CLI: the program has the word, with all faults and their commands. */
import { afterAll, beforeEach, expect, test } from "@jest/globals";
import { EngineProject } from "./engine-project.ts";

let project: EngineProject;
const projects: EngineProject[] = [];
beforeEach(async () => {
  project = new EngineProject();
  projects.push(project);
  await project.run(
    "pulumi stack init test && pulumi config set --stack test --path 'accounts[0]' T12345678 && pulumi config set --stack test --path 'alarmEmails[0]' a@example.com",
  );
});
afterAll(() => {
  for (const each of projects) each.close();
});

const SET_ACCOUNT = "pulumi config set --path 'accounts[0]' T12345678 --stack test";

test.each<[settings: readonly string[], fixes: readonly string[]]>([
  [["set accounts T12345678"], [SET_ACCOUNT]],
  [["set --path 'accounts[0]' 12345678"], [SET_ACCOUNT]],
  [["set accounts '{\"a\":1}'"], [SET_ACCOUNT]],
  [["rm accounts"], [SET_ACCOUNT]],
  [
    ["set alarmEmails a@example.com"],
    ["pulumi config set --path 'alarmEmails[0]' a@example.com --stack test"],
  ],
  [["set logRetentionDays ninety"], ["pulumi config set logRetentionDays 90 --stack test"]],
  [["rm environment"], ["pulumi config set environment test --stack test"]],
  [["rm aws:region"], ["pulumi config set aws:region eu-north-1 --stack test"]],
  [
    ["set --path 'tags[\"ManagedBy\"]' me", "set --path 'tags[\"CostCentre\"]' 0042"],
    ["pulumi config rm --path 'tags[\"ManagedBy\"]' --stack test"],
  ],
  [["set runbookURL https://example.com"], ["pulumi config rm runbookURL --stack test"]],
  [
    ["rm environment", "rm aws:region", "set logRetentionDays true"],
    [
      "pulumi config set aws:region eu-north-1 --stack test",
      "pulumi config set environment test --stack test",
      "pulumi config set logRetentionDays 90 --stack test",
    ],
  ],
])(
  "%j is refused with the commands that fix it, and the commands work",
  async (settings, fixes) => {
    for (const setting of settings) await project.run(`pulumi config ${setting} --stack test`);
    const { status, output } = await project.run("npm run deploy -- --stack test", {
      AWS_REGION: "eu-west-1",
    });
    expect(status).not.toBe(0);
    expect(output.match(/pulumi config .* --stack test/g)).toEqual(fixes);
    expect(project.cloud).toEqual({});
    for (const fix of fixes) await project.run(fix);
    expect(await project.run("npm run preview -- --stack test")).toMatchObject({ status: 0 });
  },
);

test("Tags and a boundary reach AWS as they were set", async () => {
  const set = "pulumi config set --stack test";
  const boundary = "arn:aws:iam::123456789012:policy/company";
  await project.run(`${set} --path 'tags["Cost centre"]' 0042`);
  await project.run(`${set} permissionsBoundaryArn ${boundary}`);
  expect(await project.run("npm run deploy -- --stack test")).toMatchObject({ status: 0 });
  const made = Object.values(project.cloud);
  const roles = made.filter((it) => it["assumeRolePolicy"]);
  expect(roles.map((role) => role["permissionsBoundary"])).toEqual([boundary, boundary]);
  const secret = made.find((it) => String(it["arn"]).includes(":secret:"));
  expect(secret?.["tags"]).toMatchObject({ "Cost centre": "0042", DinteroAccount: "T12345678" });
});
