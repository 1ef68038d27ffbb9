/** Deployments that do not come to their end. */
import { watch } from "node:fs/promises";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { pulumiCommands } from "./document-commands.ts";
import { EngineProject } from "./engine-project.ts";

const DEPLOY = "npm run deploy -- --stack prod";

let project: EngineProject;
beforeEach(async () => {
  project = new EngineProject();
  await project.run("pulumi stack init prod");
  await project.run("pulumi config set --stack prod --path 'accounts[0]' P12345678");
  await project.run("pulumi config set --stack prod --path 'alarmEmails[0]' a@example.com");
});
afterEach(() => project.close());

/** Begins a deployment that stays where the first resource of the type is made. */
async function deployUntil(type: string, isMade: (id: string) => boolean) {
  const command = `${DEPLOY} --yes; echo "status=$?"`;
  const changes = watch(project.folder);
  const deployment = project.startInTerminal(command, { TEST_HANG_AFTER: type });
  for await (const _ of changes) if (Object.keys(project.cloud).some(isMade)) break;
  return deployment;
}

const isKey = (id: string) => /^[0-9a-f-]{36}$/.test(id);
const isSecret = (id: string) => id.includes(":secret:dintero/");

test("Ctrl-C ends a deployment after what it began, and the next deployment continues", async () => {
  const deployment = await deployUntil("aws:kms/key:Key", isKey);
  deployment.type("\u0003");
  const { output } = await deployment.ended;
  expect(output).toMatch(/status=[1-9]/);
  expect(await project.run(DEPLOY)).toMatchObject({ status: 0 });
});

test("The page's commands repair a deployment that was killed, and show the key that is left over", async () => {
  const deployment = await deployUntil("aws:kms/key:Key", isKey);
  await deployment.kill();
  await deployment.ended;
  expect((await project.run(DEPLOY)).output).toContain("locked");
  for (const command of pulumiCommands("docs/operating.md", "A deployment that was cut off")) {
    expect({ command, ...(await project.run(command)) }).toMatchObject({ status: 0 });
  }
  const { output } = await project.run("pulumi stack output keyArn --stack prod");
  const keys = Object.keys(project.cloud).filter(isKey);
  expect(keys).toHaveLength(2);
  expect(keys.filter((id) => output.includes(id))).toHaveLength(1);
});

test("The page's commands import a secret that was created just before the deployment was killed", async () => {
  const deployment = await deployUntil("aws:secretsmanager/secret:Secret", isSecret);
  await deployment.kill();
  await deployment.ended;
  const [cancel = "", refresh = ""] = pulumiCommands(
    "docs/operating.md",
    "A deployment that was cut off",
  );
  await project.run(cancel);
  expect((await project.run(refresh)).output).toContain("already exists");
  const [arn = ""] = Object.keys(project.cloud).filter(isSecret);
  const imports = pulumiCommands("docs/operating.md", "A deleted secret");
  for (const command of imports.slice(0, 2)) {
    expect({ command, ...(await project.run(`arn=${arn}; ${command}`)) }).toMatchObject({
      status: 0,
    });
  }
  expect(Object.keys(project.cloud).filter(isSecret)).toEqual([arn]);
});
