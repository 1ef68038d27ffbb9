/** A person's login by SSO. */
import { createHash } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Environment } from "./ops-process.ts";

/**
 * What `aws sso login` leaves in a home, for the profile `work`. Source: AWS SDKs reference, "IAM Identity
 * Center".
 * @param expiresAt - of the session, in ISO 8601.
 */
export async function ssoLogin(home: string, expiresAt: string): Promise<Environment> {
  const config = join(home, "aws-config");
  await writeFile(
    config,
    [
      "[profile work]",
      "sso_session = corp",
      "sso_account_id = 123456789012",
      "sso_role_name = engineer",
      "[sso-session corp]",
      "sso_region = eu-north-1",
      "sso_start_url = https://corp.example.com/start",
    ].join("\n"),
  );
  const cache = join(home, ".aws", "sso", "cache");
  await mkdir(cache, { recursive: true });
  await writeFile(
    join(cache, `${createHash("sha1").update("corp").digest("hex")}.json`),
    JSON.stringify({
      ...{ accessToken: "old", expiresAt, region: "eu-north-1" },
      ...{ clientId: "id", clientSecret: "registration", refreshToken: "old too" },
    }),
  );
  return { AWS_CONFIG_FILE: config, AWS_PROFILE: "work" };
}
