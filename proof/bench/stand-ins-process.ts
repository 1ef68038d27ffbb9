/**
 * AWS and Dintero on loopback, with the credentials of as
 * many accounts as it is given, until its parent is gone. Over TLS, as the real ones are: over HTTP
 * the SDK loads other modules of Node, and undici with them.
 */
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { createServer } from "node:tls";
import { CreateSecretCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { credentialsSecretName } from "../../lambda/contract.ts";
import { AwsStandIn } from "../local/aws/aws-stand-in.ts";
import { DinteroStandIn } from "../local/dintero/dintero-stand-in.ts";
import { functionPolicies } from "../local/iam/function-policies.ts";
import { credentialVariables, newClientCredentials } from "../local/sandbox.ts";
import { selfSignedCertificate } from "../local/self-signed-certificate.ts";
import { temporaryFolder } from "./temporary-folder.ts";

const accountIds = process.argv.slice(2);
// Removed when this process ends.
const certificatePath = join(temporaryFolder().path, "certificate.pem");
writeFileSync(certificatePath, selfSignedCertificate.cert);

const aws = await AwsStandIn.start({ now: Date.now });
const dintero = await DinteroStandIn.start({ now: Date.now, tls: selfSignedCertificate });

const { url: endpoint, region, credentials, keyArn } = aws;
const secretsManager = new SecretsManagerClient({ endpoint, region, credentials });
const secretArns: string[] = [];
for (const accountId of accountIds) {
  const client = newClientCredentials();
  dintero.setCredentials(accountId, client);
  const { ARN = "" } = await secretsManager.send(
    new CreateSecretCommand({
      Name: credentialsSecretName(accountId),
      KmsKeyId: keyArn,
      SecretString: JSON.stringify(client),
    }),
  );
  secretArns.push(ARN);
}
secretsManager.destroy();
const place = { partition: "aws", region, awsAccountId: aws.accountId };
const role = aws.iam.createRole();
role.policies = functionPolicies({ place, accountIds, secretArns, keyArn });

// Ctrl-C reaches this process too. It ends after its parent, which then disconnects.
process.on("SIGINT", () => {});
process.once("disconnect", () => process.exit());
process.send?.({
  AWS_REGION: region,
  ...credentialVariables(role.credentials),
  AWS_ENDPOINT_URL: `https://127.0.0.1:${await tlsPortOf(endpoint)}`,
  DINTERO_ENVIRONMENT: "test",
  DINTERO_ACCOUNT_IDS: accountIds.join(","),
  DINTERO_API_ORIGIN: dintero.origin,
  KMS_KEY_ID: keyArn,
  NODE_EXTRA_CA_CERTS: certificatePath,
});

/** Listens in front of a server that speaks HTTP alone. */
async function tlsPortOf(url: string): Promise<number> {
  const port = Number(new URL(url).port);
  const server = createServer(selfSignedCertificate, (outer) => {
    const inner = connect({ port, host: "127.0.0.1", noDelay: true });
    outer.pipe(inner).pipe(outer);
    outer.setNoDelay();
    // A client that disconnects closes its connection.
    outer.on("error", () => inner.destroy());
    inner.on("error", () => outer.destroy());
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("not listening on TCP");
  return address.port;
}
