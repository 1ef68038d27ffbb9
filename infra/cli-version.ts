/** Which Pulumi CLI deploys the stack. */
import * as pulumi from "@pulumi/pulumi";

/** As in `Pulumi.yaml`, which a CLI before this version does not read it from. */
export const CLI_VERSION_RANGE = ">=3.219.0";

/** @throws `pulumi.RunError` */
export async function requireCliVersion(): Promise<void> {
  try {
    await pulumi.requirePulumiVersion(CLI_VERSION_RANGE);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    // Of an engine that cannot say its version, nothing is known.
    if (reason.includes("does not support the `RequirePulumiVersion` RPC")) return;
    throw new pulumi.RunError(
      `The Pulumi CLI must be ${CLI_VERSION_RANGE}: ${reason}. Install it: https://www.pulumi.com/docs/install/`,
    );
  }
}
