/** The calls that the built function really makes, for the tests of what it is allowed. */

import { DescribeSecretCommand } from "@aws-sdk/client-secrets-manager";
import { credentialsSecretName } from "../../lambda/contract.ts";
import { type AwsCall, AwsStandIn } from "../../proof/local/aws/aws-stand-in.ts";
import { DinteroStandIn } from "../../proof/local/dintero/dintero-stand-in.ts";
import { Sandbox } from "../../proof/local/sandbox.ts";
import { VirtualClock } from "../../proof/local/virtual-clock.ts";

export interface RecordedCalls {
  readonly calls: readonly AwsCall[];
  /** The key that was used. */
  readonly keyArn: string;
  /** By account, in their order. */
  readonly secretArns: readonly string[];
}

/**
 * A first check, one of a day later, one with nothing due, and a token over 4 KB: so everything that
 * the function does is among them.
 */
export async function recordCalls(
  bundleUrl: string,
  accounts: readonly string[],
): Promise<RecordedCalls> {
  await using stack = new AsyncDisposableStack();
  const clock = new VirtualClock();
  const aws = stack.adopt(await AwsStandIn.start({ now: clock.now }), (it) => it.close());
  const dintero = stack.adopt(await DinteroStandIn.start({ now: clock.now }), (it) => it.close());
  const options = { accountIds: accounts, bundleUrl, clock, aws, dintero };
  const sandbox = stack.adopt(await Sandbox.deploy(options), (it) => it.close());
  await Promise.all(accounts.map((account) => sandbox.enterCredentials(account)));
  const secrets = await Promise.all(
    accounts.map((account) =>
      sandbox.secretsManager.send(
        new DescribeSecretCommand({ SecretId: credentialsSecretName(account) }),
      ),
    ),
  );

  aws.calls.length = 0;
  await sandbox.check();
  await sandbox.check();
  clock.advance(9 * 60 * 60 * 1000);
  const effect = { reply: (good: object) => ({ ...good, access_token: "x".repeat(5000) }) };
  dintero.addFault({ accountId: accounts[0] ?? "", effect });
  await sandbox.check();
  return {
    calls: [...aws.calls],
    keyArn: aws.keyArn,
    secretArns: secrets.map(({ ARN = "" }) => ARN),
  };
}
