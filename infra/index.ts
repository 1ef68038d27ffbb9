/** The Pulumi program: configuration, component, outputs. */
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { readConfig } from "./config.ts";
import { bundle } from "./started-bundle.ts";
import { TokenRotation } from "./token-rotation.ts";

const config = readConfig();
const [{ accountId }, { partition }, { region }] = await Promise.all([
  aws.getCallerIdentity(),
  aws.getPartition(),
  aws.getRegion(),
]);

const rotation = new TokenRotation("tokens", {
  ...config,
  place: { partition, region, awsAccountId: accountId },
  code: new pulumi.asset.AssetArchive({
    "index.mjs": new pulumi.asset.StringAsset(Buffer.from(await bundle).toString("utf8")),
  }),
});

export const {
  tokenParameterNames,
  statusParameterNames,
  credentialsSecretArns,
  consumerPolicyArn,
  functionName,
  alarmTopicArn,
  urgentAlarmTopicArn,
  alarmEmails,
  keyArn,
  alarmNames,
  dashboardUrl,
} = rotation;
