/** What `status` reports of a stack in which something is wrong, end to end. */
import {
  CreateSecretCommand,
  DeleteSecretCommand,
  RestoreSecretCommand,
} from "@aws-sdk/client-secrets-manager";
import { PutParameterCommand } from "@aws-sdk/client-ssm";
import { afterEach, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { credentialsSecretName, statusParameterName } from "../../lambda/contract.ts";
import { expectMessage } from "../support/expect-message.ts";
import { runOps, withStandingStack } from "./ops-process.ts";
import { messageOf, readStatus } from "./status-document.ts";

const FRESH = "P10000001";
const OTHER = "P10000002";
const stack = withStandingStack(FRESH, OTHER);
const ops = (command: string) => `npm run ops -- ${command} --stack prod`;
const REFRESH = "npm run deploy -- --stack prod --refresh";

const status = () => readStatus(stack.current);

/** The stored token has so much of its 24 h left. */
async function age(accountId: string, remainingHours: number): Promise<void> {
  const { sandbox } = stack.current;
  const expiresAtMs = Date.now() + remainingHours * 3_600_000;
  const document = {
    ...(await sandbox.readStatus(accountId)),
    issuedAt: new Date(expiresAtMs - 24 * 3_600_000).toISOString(),
    expiresAt: new Date(expiresAtMs).toISOString(),
  };
  const Name = statusParameterName(accountId);
  const command = new PutParameterCommand({
    Name,
    Value: JSON.stringify(document),
    Overwrite: true,
  });
  await sandbox.ssm.send(command);
}

const alarmOf = (part: string) => {
  const name = stack.current.outputs.alarmNames.find((it) => it.includes(part));
  return name ?? `no alarm ${part}`;
};

beforeAll(async () => {
  const { sandbox, apiClients } = stack.current;
  for (const accountId of [FRESH, OTHER]) {
    await sandbox.storeSecret(accountId, JSON.stringify(apiClients[accountId]));
  }
});
beforeEach(async () => {
  await stack.current.aws.functions.run(stack.current.outputs.functionName, {
    accounts: [FRESH, OTHER],
    force: true,
  });
});

describe("A token", () => {
  test("that no check renewed is overdue", async () => {
    await age(OTHER, 15.7);
    const { status: exit, accounts, faults, codes } = await status();
    expect([exit, codes]).toEqual([1, ["renewal-overdue"]]);
    expect(accounts[1]).toMatchObject({ state: "overdue" });
    const since = accounts[1]?.renewalDueSince ?? "";
    expectMessage(messageOf(faults, "renewal-overdue"), {
      names: [OTHER, `${since.slice(0, 16).replace("T", " ")} UTC`],
      commands: [ops(`reconcile ${OTHER}`)],
    });
  });

  test("that somebody overwrote is replaced at once, and a check renews it", async () => {
    await stack.current.sandbox.editToken(OTHER, "hello");
    const { status: exit, accounts, faults, codes } = await status();
    expect([exit, codes]).toEqual([1, ["token-replaced"]]);
    expect(accounts[1]).toMatchObject({ state: "replaced" });
    const command = ops(`reconcile ${OTHER} --force`);
    expectMessage(messageOf(faults, "token-replaced"), { names: [OTHER], commands: [command] });
    await runOps(stack.current, ["reconcile", OTHER, "--force", "--yes", "--stack", "prod"]);
    expect((await status()).status).toBe(0);
  });
});

describe("An alarm in ALARM", () => {
  const fire = (part: string) =>
    stack.current.aws.alarms.setState(alarmOf(part), "ALARM", "Threshold Crossed");
  afterEach(() => {
    const { aws, outputs } = stack.current;
    for (const name of outputs.alarmNames) aws.alarms.setState(name, "OK", "It is over.");
  });

  test.each([`at-risk-${OTHER}`, "renewals-failing", "credentials-rejected"])(
    "is clearing if every token that it may be about was renewed: %s",
    async (part) => {
      fire(part);
      expect((await status()).status).toBe(0);
      const { stdout } = await runOps(stack.current, ["status", "--stack", "prod"]);
      expect(stdout).toContain(alarmOf(part));
    },
  );

  test.each(["rotation-silent", "check-broken"])("is a fault if it is %s", async (part) => {
    fire(part);
    const { status: exit, faults, codes } = await status();
    expect([exit, codes]).toEqual([1, ["alarm-in-alarm"]]);
    expectMessage(messageOf(faults, "alarm-in-alarm"), {
      names: [alarmOf(part)],
      commands: [ops("reconcile")],
    });
  });

  test("is a fault of its account, whose own fault has the cause", async () => {
    await age(OTHER, 1);
    fire(`at-risk-${OTHER}`);
    const { status: exit, faults, codes } = await status();
    expect([exit, codes]).toEqual([1, ["token-at-risk", "alarm-in-alarm"]]);
    expect(faults.map(({ accountId }) => accountId)).toEqual([OTHER, OTHER]);
  });
});

describe("For a lost secret or key, only status has the command:", () => {
  /** What the commands say that meet the fault. */
  async function pointers(): Promise<string[]> {
    const { current } = stack;
    const stdin = JSON.stringify(current.apiClients[OTHER]);
    const options = { stdin };
    const commands = [
      ["credentials", OTHER, "--no-verify"],
      ["reconcile", OTHER, "--force"],
    ];
    const runs = [];
    for (const command of commands) {
      runs.push(await runOps(current, [...command, "--yes", "--stack", "prod"], options));
    }
    return runs.map((run) => {
      expect(run.status).toBe(1);
      return run.stderr + run.stdout.split("\nLog of ")[0];
    });
  }

  async function expectPointersToStatus(): Promise<void> {
    for (const said of await pointers()) {
      expect(said).toContain(ops("status"));
      expect(said).not.toContain("--refresh");
    }
  }

  test("the secret, deleted for good or scheduled for deletion", async () => {
    const { sandbox, aws, apiClients } = stack.current;
    const SecretId = credentialsSecretName(OTHER);
    await sandbox.secretsManager.send(new DeleteSecretCommand({ SecretId }));
    const scheduled = await status();
    expect([scheduled.status, scheduled.codes]).toEqual([1, ["secret-scheduled-for-deletion"]]);
    expect(messageOf(scheduled.faults, "secret-scheduled-for-deletion")).toContain(
      `aws secretsmanager restore-secret --secret-id ${SecretId} --region eu-north-1`,
    );
    await expectPointersToStatus();
    await sandbox.secretsManager.send(new RestoreSecretCommand({ SecretId }));

    const forGood = { SecretId, ForceDeleteWithoutRecovery: true };
    await sandbox.secretsManager.send(new DeleteSecretCommand(forGood));
    const deleted = await status();
    expect([deleted.status, deleted.codes]).toEqual([1, ["secret-deleted"]]);
    expect(messageOf(deleted.faults, "secret-deleted").split("\n")).toEqual([
      expect.stringContaining(REFRESH),
      expect.stringContaining(ops(`credentials ${OTHER}`)),
    ]);
    await expectPointersToStatus();

    aws.setKeyState(aws.keyArn, "PendingDeletion");
    const both = await status();
    aws.setKeyState(aws.keyArn, "Enabled");
    expect(both.codes).toEqual(["key-not-enabled", "secret-deleted"]);
    expect(both.faults.map(({ message }) => message).join("\n")).not.toContain("--refresh");
    const again = new CreateSecretCommand({ Name: SecretId, KmsKeyId: aws.keyArn });
    await sandbox.secretsManager.send(again);
    await sandbox.storeSecret(OTHER, JSON.stringify(apiClients[OTHER]));
  });

  test.each([
    ["Disabled", ["enable-key"]],
    ["PendingDeletion", ["cancel-key-deletion", "enable-key"]],
  ] as const)("the key, which is %s", async (state, commands) => {
    const { aws } = stack.current;
    aws.setKeyState(aws.keyArn, state);
    const { status: exit, faults, codes, key, accounts } = await status();
    const said = await pointers();
    aws.setKeyState(aws.keyArn, "Enabled");
    expect([exit, codes, key?.state]).toEqual([1, ["key-not-enabled"], state]);
    expect(accounts.map((account) => account.state)).not.toContain("fresh");
    expect(faults[0]?.urgency).toBe("urgent");
    expectMessage(messageOf(faults, "key-not-enabled"), {
      names: [aws.keyArn],
      commands: commands.map((it) => `aws kms ${it} --key-id ${aws.keyArn} --region eu-north-1`),
    });
    for (const text of said) expect(text).toContain(ops("status"));
  });
});
