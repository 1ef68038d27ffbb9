/** The Pulumi program: configuration, component, outputs. */
import { relative } from "node:path";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { BUNDLE_PATH } from "./bundle.ts";
import { requireCliVersion } from "./cli-version.ts";
import { readConfig } from "./config.ts";
import { readDeployedPlace, requireAwsAccount, requireSettingsOf } from "./deployed-place.ts";
import { writtenBundle } from "./started-bundle.ts";
import { TokenRotation } from "./token-rotation.ts";

await requireCliVersion();
const config = readConfig();
const deployed = await readDeployedPlace();
// Before AWS is asked: the provider would be stored with the new Region.
requireSettingsOf(deployed, config);
const [{ accountId }, { partition }, { region }] = await Promise.all([
  aws.getCallerIdentity(),
  aws.getPartition(),
  aws.getRegion(),
]);

requireAwsAccount(config.awsAccountId ?? deployed?.awsAccountId, accountId);
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
