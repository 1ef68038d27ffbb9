/** The built bundle against the AWS stand-in, when the key is off or its state is not known. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { AwsStandIn } from "../../proof/local/aws/aws-stand-in.ts";
import { DinteroStandIn } from "../../proof/local/dintero/dintero-stand-in.ts";
import { Sandbox } from "../../proof/local/sandbox.ts";
import { VirtualClock } from "../../proof/local/virtual-clock.ts";
import { withBuiltBundle } from "../support/built-bundle.ts";
import { jsonLines } from "../support/captured-output.ts";
import { expectMessage } from "../support/expect-message.ts";

const ACCOUNT_IDS = ["T00000001", "T00000002"];
const [FIRST = ""] = ACCOUNT_IDS;

const bundle = withBuiltBundle();
const clock = new VirtualClock();
let aws: AwsStandIn;
let dintero: DinteroStandIn;
let sandbox: Sandbox;

beforeAll(async () => {
  aws = await AwsStandIn.start({ now: clock.now });
  dintero = await DinteroStandIn.start({ now: clock.now });
  const bundleUrl = bundle.hastyUrl;
  sandbox = await Sandbox.deploy({ accountIds: ACCOUNT_IDS, bundleUrl, clock, aws, dintero });
  for (const accountId of ACCOUNT_IDS) await sandbox.enterCredentials(accountId);
  await sandbox.check();
});
afterAll(async () => {
  await sandbox.close();
  await Promise.all([aws.close(), dintero.close()]);
});
beforeEach(() => {
  aws.calls.length = 0;
});

const operations = () => aws.calls.map(({ operation }) => operation).sort();
const metricsOf = (output: string) => jsonLines(output).filter((line) => "_aws" in line);

describe("A key that is off", () => {
  test("fails every account at the next check, with a message about the key and without other calls", async () => {
    aws.setKeyState(aws.keyArn, "PendingDeletion");
    const { result, output } = await sandbox.check({ accounts: [FIRST], force: true });
    aws.setKeyState(aws.keyArn, "Enabled");
    expect(operations()).toEqual(["DescribeKey", "DescribeSecret", "GetParameters"]);
    expect(result?.accounts).toMatchObject([{ error: { code: "store-failed" } }]);
    expectMessage(result?.accounts[0]?.error?.message ?? "", {
      names: [aws.keyArn],
      commands: ["aws kms cancel-key-deletion", "aws kms enable-key"],
    });
    expect(metricsOf(output)).toMatchObject([
      { DinteroAccount: FIRST, TokenLifeRemaining: expect.any(Number) },
      { RenewalsFailed: 1 },
    ]);
  });

  test("whose state is unknown does not stop renewals, and is in the result and the log", async () => {
    const giveBack = aws.iam.revoke("SeeWhetherTheKeyIsEnabled");
    const { result, output } = await sandbox.check();
    giveBack();
    expect(result?.accounts.map(({ outcome }) => outcome)).toEqual(["fresh", "fresh"]);
    expect(result?.error).toMatchObject({ code: "store-failed" });
    expectMessage(result?.error?.message ?? "", { names: [aws.keyArn, "kms:DescribeKey"] });
    expect(jsonLines(output)).toContainEqual(
      expect.objectContaining({ level: "ERROR", whatToDo: result?.error?.message }),
    );
    for (const document of metricsOf(output))
      expect(document).not.toHaveProperty("ChecksCompleted");
  });
});
