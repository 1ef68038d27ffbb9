/** The Pulumi program: configuration, component, outputs. Loaded by `index.mjs`. */
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { bundleLambda } from "./bundle.ts";
import { readConfig } from "./config.ts";
import { TokenRotation } from "./token-rotation.ts";

const config = readConfig();
const [{ accountId }, { partition }, { region }, bundle] = await Promise.all([
  aws.getCallerIdentity(),
  aws.getPartition(),
  aws.getRegion(),
  bundleLambda(),
]);

const rotation = new TokenRotation("tokens", {
  ...config,
  place: { partition, region, awsAccountId: accountId },
  code: new pulumi.asset.AssetArchive({
    "index.mjs": new pulumi.asset.StringAsset(Buffer.from(bundle).toString("utf8")),
  }),
});

export const {
  tokenParameterNames,
  statusParameterNames,
  credentialsSecretArns,
  consumerPolicyArn,
  functionName,
  alarmTopicArn,
  alarmNames,
  dashboardUrl,
} = rotation;
