/**
 * Where the stack is, and for which environment. It cannot move: in another Region or AWS account everything
 * would be created again, and readers would keep reading tokens that are no longer renewed. In another
 * environment its accounts would be deleted.
 */
import * as pulumi from "@pulumi/pulumi";
import { ACCOUNT_PREFIX, ENVIRONMENTS, type Environment } from "../lambda/contract.ts";

export interface DeployedPlace {
  readonly environment: Environment | undefined;
  readonly region: string;
  readonly awsAccountId: string;
}

/** Where the stack was last deployed; `undefined` before its first deployment. */
export async function readDeployedPlace(): Promise<DeployedPlace | undefined> {
  const name = `${pulumi.getOrganization()}/${pulumi.getProject()}/${pulumi.getStack()}`;
  // The call that a `StackReference` makes. The reference itself would be one more resource in the state. An
  // engine that cannot answer, for example in a test, would end the program.
  // Source: https://github.com/pulumi/pulumi/blob/master/pkg/resource/deploy/builtins.go
  const stack = await pulumi.runtime
    .invoke("pulumi:pulumi:readStackOutputs", { name })
    .catch(() => undefined);
  const [[account, arn] = []] = Object.entries(stack?.outputs?.credentialsSecretArns ?? {});
  const [, , , region, awsAccountId] = String(arn).split(":");
  const environment = ENVIRONMENTS.find((it) => account?.startsWith(ACCOUNT_PREFIX[it]));
  return region && awsAccountId ? { environment, region, awsAccountId } : undefined;
}

/**
 * Checks that the settings name the place where the stack is.
 * @throws `pulumi.RunError`
 */
export function requireSettingsOf(deployed: DeployedPlace | undefined): void {
  if (!deployed) return;
  const config = new pulumi.Config();
  const settings = [
    { name: "environment", value: config.get("environment"), right: deployed.environment },
    { name: "aws:region", value: new pulumi.Config("aws").get("region"), right: deployed.region },
    { name: "awsAccountId", value: config.get("awsAccountId"), right: deployed.awsAccountId },
  ];
  const stack = pulumi.getStack();
  for (const { name, value, right } of settings) {
    if (!value || right === undefined || value === right) continue;
    throw new pulumi.RunError(
      `Stack ${stack} is deployed with ${name} ${right}, but its settings say ${value}. A deployed stack cannot change it. Nothing was changed. For ${value}, create another stack. To restore the setting, run: pulumi config set ${name} ${right} --stack ${stack}`,
    );
  }
}

/**
 * Checks that the credentials belong to the stack's AWS account. In another one, a refresh would find no
 * resource, and create everything there.
 * @param expected - `undefined` if neither the settings nor a deployment names it.
 * @throws `pulumi.RunError`
 */
export function requireAwsAccount(expected: string | undefined, actual: string): void {
  if (expected === undefined || expected === actual) return;
  throw new pulumi.RunError(
    `Stack ${pulumi.getStack()} is for AWS account ${expected}, but your AWS credentials belong to ${actual}. Nothing was changed. Set AWS_PROFILE to a profile for ${expected}.`,
  );
}
