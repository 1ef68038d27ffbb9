/** The Pulumi program: configuration, component, outputs. */
import * as aws from "@pulumi/aws";
import { requireCliVersion } from "./cli-version.ts";
import { readDeployedPlace, requireAwsAccount, requireSettingsOf } from "./deployed-place.ts";
import { readConfig } from "./read-config.ts";
import { writtenBundle } from "./started-bundle.ts";
import { TokenRotation } from "./token-rotation.ts";

await requireCliVersion();
const deployed = await readDeployedPlace();
// Before the first call to AWS, which would store the provider with the new Region. And before the other
// settings, whose fixes would be those for another environment.
requireSettingsOf(deployed);
const config = readConfig();
const { region: _, awsAccountId = deployed?.awsAccountId, ...args } = config;
const { accountId } = await aws.getCallerIdentity();
requireAwsAccount(awsAccountId, accountId);
await writtenBundle;

export const { outputs } = new TokenRotation("tokens", args);
