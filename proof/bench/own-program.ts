/** Runs the project's Pulumi program as the CLI does. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parse } from "yaml";
import { PROJECT_NAME } from "../../lambda/contract.ts";
import { accountIdsOf } from "../account-ids.ts";
import { TEST_PLACE } from "../local/pulumi/computed-properties.ts";
import {
  type ProgramOptions,
  type ProgramRun,
  runProgram,
} from "../local/pulumi/resource-monitor.ts";

const ROOT = join(import.meta.dirname, "..", "..");

/**
 * @param changed - another program, or another Node.
 * @throws if the program fails.
 */
export async function runOwnProgram(
  accounts: number,
  changed: Partial<Pick<ProgramOptions, "main" | "nodePath">> = {},
): Promise<ProgramRun> {
  const { main } = parse(await readFile(join(ROOT, "Pulumi.yaml"), "utf8"));
  const run = await runProgram({
    directory: ROOT,
    main,
    project: PROJECT_NAME,
    stack: "test",
    config: {
      "aws:region": TEST_PLACE.region,
      environment: "test",
      accounts: JSON.stringify(accountIdsOf(accounts)),
      alarmEmails: '["on-call@example.com"]',
      alarmTopicArn: "",
      logRetentionDays: "90",
    },
    invokes: {
      "aws:index/getCallerIdentity:getCallerIdentity": { accountId: TEST_PLACE.awsAccountId },
      "aws:index/getPartition:getPartition": { partition: TEST_PLACE.partition },
      "aws:index/getRegion:getRegion": { region: TEST_PLACE.region },
    },
    ...changed,
  });
  if (run.status === 0) return run;
  throw new Error(`The program failed: ${run.logs.map(({ message }) => message).join("\n")}`);
}
