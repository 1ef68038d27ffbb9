/** How to get usable AWS credentials, by where the AWS SDK looks for them. */
import { parseKnownFiles } from "@smithy/core/config";

type Environment = Readonly<Record<string, string | undefined>>;
type Profile = Readonly<Record<string, string | undefined>>;
/** The profiles in the AWS configuration files, by name. */
export type Profiles = Readonly<Record<string, Profile>>;

/** Empty if the files cannot be read: the advice then says that the profile is missing, like the SDK. */
export function readProfiles(): Promise<Profiles> {
  return parseKnownFiles({}).catch(() => ({}));
}

/**
 * One remedy, for the source of credentials that the SDK's default chain uses.
 * Source: https://docs.aws.amazon.com/sdkref/latest/guide/standardized-credentials.html
 */
export function loginAdvice(env: Environment, profiles: Profiles): string {
  if (!env["AWS_PROFILE"]) {
    // The chain looks at these first, unless a profile is named.
    if (env["AWS_ACCESS_KEY_ID"] && env["AWS_SECRET_ACCESS_KEY"]) {
      return "They come from the environment (AWS_ACCESS_KEY_ID). Set new ones, or unset them and set AWS_PROFILE.";
    }
    if (!profiles["default"]) {
      return env["AWS_WEB_IDENTITY_TOKEN_FILE"]
        ? "They come from AWS_WEB_IDENTITY_TOKEN_FILE and AWS_ROLE_ARN. Check both, and check that the role trusts the token."
        : "Set AWS_PROFILE, or set the keys of a role with the permissions.";
    }
  }
  return profileAdvice(env["AWS_PROFILE"] || "default", profiles);
}

function profileAdvice(name: string, profiles: Profiles, passed: readonly string[] = []): string {
  const profile = profiles[name];
  if (!profile) {
    const names = Object.keys(profiles).filter((known) => !known.includes("."));
    const known = names.length > 0 ? `They have: ${names.join(", ")}.` : "They have no profiles.";
    const asker = passed.at(-1);
    const remedy = asker
      ? `Correct the source_profile of the profile ${asker}.`
      : "Set AWS_PROFILE.";
    return `The AWS configuration files have no profile ${name}. ${known} ${remedy}`;
  }
  const source = profile["source_profile"];
  if (profile["mfa_serial"] && profile["role_arn"]) {
    return `The profile ${name} needs an MFA code, which this command cannot ask for. Run: eval "$(aws configure export-credentials --profile ${name} --format env)" && unset AWS_PROFILE`;
  }
  // A profile may name itself as its source, to use its own keys.
  if (source && source !== name && !passed.includes(source)) {
    return profileAdvice(source, profiles, [...passed, name]);
  }
  const found = ADVICE.find(([setting]) => profile[setting]);
  return found ? found[1](name) : `The profile ${name} does not say where its credentials are.`;
}

/** In the SDK's order. */
const ADVICE: readonly [setting: string, advice: (profile: string) => string][] = [
  ["aws_access_key_id", (name) => `They are the keys of the profile ${name}. Set new ones.`],
  [
    "web_identity_token_file",
    (name) =>
      `They come from the web_identity_token_file of the profile ${name}. Check that file, and check that the role trusts the token.`,
  ],
  [
    "credential_process",
    (name) =>
      `They come from the credential_process of the profile ${name}. Run that command by hand to see why it fails.`,
  ],
  ["sso_session", (name) => `Run: aws sso login --profile ${name}`],
  ["sso_start_url", (name) => `Run: aws sso login --profile ${name}`],
  ["login_session", (name) => `Run: aws login --profile ${name}`],
  [
    "credential_source",
    (name) =>
      `They come from the credential_source of the profile ${name}, which is not available on this machine.`,
  ],
];
