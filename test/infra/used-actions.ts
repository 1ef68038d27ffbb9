/** The IAM actions that the built function really needs, for the test that it is allowed no others. */
import { AwsStandIn } from "../../proof/local/aws/aws-stand-in.ts";
import { DinteroStandIn } from "../../proof/local/dintero/dintero-stand-in.ts";
import { accessOfCall } from "../../proof/local/iam/implied-access.ts";
import { Sandbox } from "../../proof/local/sandbox.ts";
import { VirtualClock } from "../../proof/local/virtual-clock.ts";

/** Only the actions are asked for, whatever they are on. */
const SITE = {
  ...{ partition: "aws", region: "eu-north-1", accountId: "123456789012" },
  principalArn: "arn:aws:iam::123456789012:role/tokens-role",
  secretArn: (name: string) => `arn:aws:secretsmanager:eu-north-1:123456789012:secret:${name}`,
};

/**
 * A first check, one of a day later, one with nothing due, and a token over 4 KB: so everything that
 * the function does is among them.
 */
export async function usedActions(
  bundleUrl: string,
  accountIds: readonly string[],
): Promise<Set<string>> {
  await using stack = new AsyncDisposableStack();
  const clock = new VirtualClock();
  const aws = stack.adopt(await AwsStandIn.start({ now: clock.now }), (it) => it.close());
  const dintero = stack.adopt(await DinteroStandIn.start({ now: clock.now }), (it) => it.close());
  const options = { accountIds, bundleUrl, clock, aws, dintero };
  const sandbox = stack.adopt(await Sandbox.deploy(options), (it) => it.close());
  await Promise.all(accountIds.map((account) => sandbox.enterCredentials(account)));

  aws.calls.length = 0;
  await sandbox.check();
  await sandbox.check();
  clock.advance(9 * 60 * 60 * 1000);
  const effect = { reply: (good: object) => ({ ...good, access_token: "x".repeat(5000) }) };
  dintero.addFault({ accountId: accountIds[0] ?? "", effect });
  await sandbox.check();
  const access = aws.calls.flatMap((call) => [...accessOfCall(call, SITE), ...call.kms]);
  return new Set(access.map(({ action }) => action));
}
