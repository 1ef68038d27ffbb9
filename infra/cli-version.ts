/** Which Pulumi CLI deploys the stack. */
import * as pulumi from "@pulumi/pulumi";

/** Also in `Pulumi.yaml`, but older CLIs do not read it there. */
export const CLI_VERSION_RANGE = ">=3.219.0";

/** @throws `pulumi.RunError` */
export async function requireCliVersion(): Promise<void> {
  try {
    await pulumi.requirePulumiVersion(CLI_VERSION_RANGE);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    // An engine that cannot report its version is accepted.
    if (reason.includes("does not support the `RequirePulumiVersion` RPC")) return;
    throw new pulumi.RunError(
      `The version of the Pulumi CLI must be ${CLI_VERSION_RANGE}: ${reason}. Install it: https://www.pulumi.com/docs/install/`,
    );
  }
}
