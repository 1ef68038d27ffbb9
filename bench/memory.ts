/**
 * `npm run bench`: how much memory the function takes, with one account and with twenty. Forks a
 * process that does nothing but load the bundle and make checks, and asks it for its peak.
 */
import { fork } from "node:child_process";
import { once } from "node:events";
import { pathToFileURL } from "node:url";
import { CreateSecretCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { BUNDLE_PATH, writeBundle } from "../infra/bundle.ts";
import { credentialsSecretName, MAX_ACCOUNTS } from "../lambda/contract.ts";
import { AwsStandIn } from "../local/aws/aws-stand-in.ts";
import { DinteroStandIn } from "../local/dintero/dintero-stand-in.ts";
import { newApiClient } from "../local/sandbox.ts";

const RUNS = 5;
const CHECKS = 50;

await writeBundle();
for (const accounts of [1, MAX_ACCOUNTS]) {
  const peaks: number[] = [];
  for (let run = 0; run < RUNS; run += 1) peaks.push(await peakMiB(accounts));
  peaks.sort((a, b) => a - b);
  const [least, median, most] = [0, RUNS >> 1, RUNS - 1].map((index) => peaks[index]);
  process.stdout.write(
    `${accounts} accounts, ${CHECKS} checks that renew all: ${median} MiB (${least} to ${most}, ${RUNS} runs)\n`,
  );
}

async function peakMiB(accounts: number): Promise<number> {
  await using stack = new AsyncDisposableStack();
  const aws = stack.adopt(await AwsStandIn.start({ now: Date.now }), (it) => it.close());
  const dintero = stack.adopt(await DinteroStandIn.start({ now: Date.now }), (it) => it.close());
  const accountIds = Array.from({ length: accounts }, (_, index) => `T${10_000_001 + index}`);
  const { url: endpoint, region, credentials } = aws;
  const secretsManager = new SecretsManagerClient({ endpoint, region, credentials });
  for (const accountId of accountIds) {
    const client = newApiClient();
    dintero.setCredentials(accountId, {
      clientId: client.client_id,
      clientSecret: client.client_secret,
    });
    await secretsManager.send(
      new CreateSecretCommand({
        Name: credentialsSecretName(accountId),
        SecretString: JSON.stringify(client),
      }),
    );
  }
  const child = fork(new URL("./memory-child.ts", import.meta.url), {
    env: {
      BUNDLE_URL: pathToFileURL(BUNDLE_PATH).href,
      CHECKS: String(CHECKS),
      AWS_REGION: region,
      AWS_ACCESS_KEY_ID: credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
      AWS_ENDPOINT_URL: endpoint,
      DINTERO_ENVIRONMENT: "test",
      DINTERO_ACCOUNT_IDS: accountIds.join(","),
      DINTERO_API_ORIGIN: dintero.origin,
      KMS_KEY_ID: aws.keyArn,
    },
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  const [peakKiB] = await once(child, "message");
  return Math.round(peakKiB / 1024);
}
