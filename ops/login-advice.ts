/** How to get usable AWS credentials, by where the AWS SDK looks for them. */
import { access, constants } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { parseKnownFiles } from "@smithy/core/config";

type Environment = Readonly<Record<string, string | undefined>>;
type Profile = Readonly<Record<string, string | undefined>>;
/** The profiles in the AWS configuration files, by name. */
export type Profiles = Readonly<Record<string, Profile>>;

/** Empty if the files cannot be read: the advice then names them. */
export function readProfiles(): Promise<Profiles> {
  return parseKnownFiles({}).catch(() => ({}));
}

/** The AWS configuration files that the SDK cannot read, with Node's code. */
export async function unreadableFiles(env: Environment): Promise<string[]> {
  const folder = join(homedir(), ".aws");
  const paths = [
    env["AWS_CONFIG_FILE"] || join(folder, "config"),
    env["AWS_SHARED_CREDENTIALS_FILE"] || join(folder, "credentials"),
  ];
  const faults = await Promise.all(
    paths.map((path) =>
      access(path, constants.R_OK).then(
        () => [],
        ({ code }) => [`${path} (${code})`],
      ),
    ),
  );
  return faults.flat();
}

/**
 * One remedy, for the source of credentials that the SDK's default chain uses.
 * Source: https://docs.aws.amazon.com/sdkref/latest/guide/standardized-credentials.html
 * @param unreadable - the configuration files that cannot be read.
 */
export function loginAdvice(
  env: Environment,
  profiles: Profiles,
  unreadable: readonly string[],
): string {
  if (!env["AWS_PROFILE"]) {
    const present = KEY_VARIABLES.filter((name) => env[name]);
    const missing = KEY_VARIABLES.slice(0, 2).filter((name) => !env[name]);
    // The chain looks at these first, unless a profile is named.
    if (missing.length === 0) {
      return `They come from the environment. Set ${inWords(present)} again, or unset them and set AWS_PROFILE.`;
    }
    if (missing.length === 1) {
      return `${present[0]} is set, but ${missing[0]} is not. Set both, or unset them and set AWS_PROFILE.`;
    }
    if (!profiles["default"]) {
      return env["AWS_WEB_IDENTITY_TOKEN_FILE"]
        ? "They come from AWS_WEB_IDENTITY_TOKEN_FILE and AWS_ROLE_ARN. Check both, and check that the role trusts the token."
        : "Set AWS_PROFILE, or set the keys of a role with the permissions.";
    }
  }
  return profileAdvice(env["AWS_PROFILE"] || "default", profiles, unreadable, []);
}

const KEY_VARIABLES = ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"];

function profileAdvice(
  name: string,
  profiles: Profiles,
  unreadable: readonly string[],
  passed: readonly string[],
): string {
  const profile = profiles[name];
  if (!profile) return missingProfile(name, profiles, unreadable, passed.at(-1));
  const source = profile["source_profile"];
  if (profile["mfa_serial"] && profile["role_arn"]) {
    return `The profile ${name} needs an MFA code, which this command cannot ask for. Run: eval "$(aws configure export-credentials --profile ${name} --format env)" && unset AWS_PROFILE`;
  }
  // A profile may name itself as its source, to use its own keys.
  if (source && source !== name) {
    if (passed.includes(name)) {
      return `The source_profile of ${inWords([...new Set(passed)])} leads back to itself. One of them must have credentials.`;
    }
    return profileAdvice(source, profiles, unreadable, [...passed, name]);
  }
  const found = ADVICE.find(({ settings }) => settings.some((setting) => profile[setting]));
  if (!found) return `The profile ${name} has no credentials of its own.`;
  return missingSetting(name, profile, profiles, found) ?? found.advice(name);
}

function missingProfile(
  name: string,
  profiles: Profiles,
  unreadable: readonly string[],
  asker: string | undefined,
): string {
  const names = Object.keys(profiles).filter((known) => !known.includes("."));
  if (names.length === 0 && unreadable.length > 0) {
    return `The profile ${name} was not found, because these files cannot be read: ${unreadable.join(", ")}.`;
  }
  const known = names.length > 0 ? `They have: ${names.join(", ")}.` : "They have no profiles.";
  const remedy = asker ? `Correct the source_profile of the profile ${asker}.` : "Set AWS_PROFILE.";
  return `The AWS configuration files have no profile ${name}. ${known} ${remedy}`;
}

/** The setting that is missing among those that belong together. */
function missingSetting(
  name: string,
  profile: Profile,
  profiles: Profiles,
  { needed, ofSession = [] }: Source,
): string | undefined {
  const missing = needed.find((setting) => !profile[setting]);
  if (missing) return `The profile ${name} has no ${missing}.`;
  const sessionName = profile["sso_session"];
  if (sessionName === undefined) return undefined;
  const session = profiles[`sso-session.${sessionName}`];
  if (!session) {
    return `The profile ${name} names the sso_session ${sessionName}, which the AWS configuration file does not have. Run: aws configure sso --profile ${name}`;
  }
  const missingThere = ofSession.find((setting) => !session[setting]);
  return missingThere && `The sso-session ${sessionName} has no ${missingThere}.`;
}

interface Source {
  /** Any of these names the source. */
  readonly settings: readonly string[];
  readonly needed: readonly string[];
  readonly ofSession?: readonly string[];
  readonly advice: (profile: string) => string;
}

/** In the SDK's order. */
const ADVICE: readonly Source[] = [
  {
    settings: ["aws_access_key_id", "aws_secret_access_key"],
    needed: ["aws_access_key_id", "aws_secret_access_key"],
    advice: (name) => `They are the keys of the profile ${name}. Set new ones.`,
  },
  {
    settings: ["web_identity_token_file"],
    needed: ["role_arn"],
    advice: (name) =>
      `They come from the web_identity_token_file of the profile ${name}. Check that file, and check that the role trusts the token.`,
  },
  {
    settings: ["credential_process"],
    needed: [],
    advice: (name) =>
      `They come from the credential_process of the profile ${name}. Run that command yourself: it must print credentials as JSON, and they must not have expired.`,
  },
  {
    settings: ["sso_session"],
    needed: ["sso_account_id", "sso_role_name"],
    ofSession: ["sso_start_url", "sso_region"],
    advice: (name) => `Run: aws sso login --profile ${name}`,
  },
  {
    settings: ["sso_start_url"],
    needed: ["sso_region", "sso_account_id", "sso_role_name"],
    advice: (name) => `Run: aws sso login --profile ${name}`,
  },
  {
    settings: ["login_session"],
    needed: [],
    advice: (name) => `Run: aws login --profile ${name}`,
  },
  {
    settings: ["credential_source"],
    needed: [],
    advice: (name) =>
      `They come from the credential_source of the profile ${name}, which is not available on this machine.`,
  },
];

function inWords(names: readonly string[]): string {
  return names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;
}
