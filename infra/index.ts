/** The Pulumi program: configuration, component, outputs. */
import { relative } from "node:path";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { BUNDLE_PATH } from "./bundle.ts";
import { readConfig, requireAwsAccount } from "./config.ts";
import { writtenBundle } from "./started-bundle.ts";
import { TokenRotation } from "./token-rotation.ts";

const config = readConfig();
const [{ accountId }, { partition }, { region }] = await Promise.all([
  aws.getCallerIdentity(),
  aws.getPartition(),
  aws.getRegion(),
]);

requireAwsAccount(config, accountId);
await writtenBundle;
const rotation = new TokenRotation("tokens", {
  ...config,
  place: { partition, region, awsAccountId: accountId },
  // A file, so that the state holds its hash and not its text; and relative, as the state is shared.
  code: new pulumi.asset.AssetArchive({
    "index.mjs": new pulumi.asset.FileAsset(relative(process.cwd(), BUNDLE_PATH)),
  }),
});

export const { outputs } = rotation;
