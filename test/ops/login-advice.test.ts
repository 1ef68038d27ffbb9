import { mkdtemp, rm } from "node:fs/promises";
import { devNull, tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { loginAdvice, type Profiles, unreadableFiles } from "../../ops/login-advice.ts";
import { expectMessage } from "../support/expect-message.ts";

const ROLE = { role_arn: "arn:aws:iam::123456789012:role/engineer" };
const SSO_ROLE = { sso_account_id: "123456789012", sso_role_name: "engineer" };
const PROFILES: Profiles = {
  session: { sso_session: "corp", ...SSO_ROLE },
  "sso-session.corp": { sso_start_url: "https://corp.example.com/start", sso_region: "eu-north-1" },
  "sso-session.placeless": { sso_start_url: "https://corp.example.com/start" },
  legacy: {
    sso_start_url: "https://corp.example.com/start",
    sso_region: "eu-north-1",
    ...SSO_ROLE,
  },
  unnumbered: { sso_session: "corp", sso_role_name: "engineer" },
  placeless: { sso_session: "placeless", ...SSO_ROLE },
  sessionless: { sso_session: "gone", ...SSO_ROLE },
  idonly: { aws_access_key_id: "AKIA" },
  secretonly: { aws_secret_access_key: "hunter2" },
  console: { login_session: "arn:aws:iam::123456789012:user/engineer" },
  tool: { credential_process: "/opt/tool --password hunter2" },
  keys: { aws_access_key_id: "AKIA", aws_secret_access_key: "hunter2" },
  metadata: { ...ROLE, credential_source: "Ec2InstanceMetadata" },
  web: { ...ROLE, web_identity_token_file: "/token" },
  code: { ...ROLE, source_profile: "keys", mfa_serial: "arn:aws:iam::123456789012:mfa/engineer" },
  through: { ...ROLE, source_profile: "session" },
  twice: { ...ROLE, source_profile: "through" },
  itself: {
    ...ROLE,
    source_profile: "itself",
    aws_access_key_id: "AKIA",
    aws_secret_access_key: "hunter2",
  },
  lost: { ...ROLE, source_profile: "gone" },
  ring: { ...ROLE, source_profile: "ring2" },
  ring2: { ...ROLE, source_profile: "ring" },
  bare: { region: "eu-north-1" },
};

describe("The advice for the profile", () => {
  test.each([
    ["session", [], ["aws sso login --profile session"]],
    ["legacy", [], ["aws sso login --profile legacy"]],
    ["console", [], ["aws login --profile console"]],
    ["through", [], ["aws sso login --profile session"]],
    ["twice", [], ["aws sso login --profile session"]],
    ["tool", ["credential_process", "tool"], []],
    ["keys", ["keys"], []],
    ["itself", ["itself"], []],
    ["metadata", ["credential_source", "metadata"], []],
    ["web", ["web_identity_token_file", "web"], []],
    [
      "code",
      ["MFA", "code"],
      [
        'eval "$(aws configure export-credentials --profile code --format env)" && unset AWS_PROFILE',
      ],
    ],
    ["bare", ["bare"], []],
    ["ring", ["ring", "ring2", "source_profile"], []],
    ["unnumbered", ["unnumbered", "sso_account_id"], []],
    ["placeless", ["placeless", "sso_region"], []],
    ["sessionless", ["sessionless", "gone"], ["aws configure sso --profile sessionless"]],
    ["idonly", ["idonly", "aws_secret_access_key"], []],
    ["secretonly", ["secretonly", "aws_access_key_id"], []],
  ])("%s says how to get its credentials again", (AWS_PROFILE, names, commands) => {
    const others = ["aws sso login", "aws login", "MFA", "credential_process"];
    const without = others.filter(
      (text) => !names.includes(text) && !commands.some((command) => command.includes(text)),
    );
    // A named profile wins over keys in the environment, as in the SDK.
    const env = { AWS_PROFILE, AWS_ACCESS_KEY_ID: "AKIA", AWS_SECRET_ACCESS_KEY: "key" };
    expectMessage(loginAdvice(env, PROFILES, []), {
      ...{ names, commands, without: [...without, "hunter2"] },
    });
  });

  test.each([
    ["nobody", ["nobody", "lost", "a", "AWS_PROFILE"], "source_profile"],
    ["lost", ["gone", "lost", "a", "source_profile"], "AWS_PROFILE"],
  ])(
    "%s, which is missing or has a missing source, names the existing profiles",
    (AWS_PROFILE, names, other) => {
      expectMessage(loginAdvice({ AWS_PROFILE }, { lost: PROFILES["lost"] ?? {}, a: {} }, []), {
        ...{ names, without: ["sso-session", other] },
      });
      expectMessage(loginAdvice({ AWS_PROFILE }, {}, []), { names: [AWS_PROFILE, "AWS_PROFILE"] });
    },
  );
});

describe("Without a named profile, the advice is for", () => {
  test.each([
    [
      "keys in the environment",
      { AWS_ACCESS_KEY_ID: "AKIA", AWS_SECRET_ACCESS_KEY: "key" },
      ["AWS_ACCESS_KEY_ID"],
    ],
    [
      "a token of a pipeline",
      { AWS_WEB_IDENTITY_TOKEN_FILE: "/token" },
      ["AWS_WEB_IDENTITY_TOKEN_FILE", "AWS_ROLE_ARN"],
    ],
    [
      "keys of a session in the environment",
      { AWS_ACCESS_KEY_ID: "AKIA", AWS_SECRET_ACCESS_KEY: "key", AWS_SESSION_TOKEN: "token" },
      ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"],
    ],
    [
      "half a pair in the environment",
      { AWS_SECRET_ACCESS_KEY: "key" },
      ["AWS_SECRET_ACCESS_KEY", "AWS_ACCESS_KEY_ID"],
    ],
    ["nothing at all", {}, ["AWS_PROFILE"]],
  ])("%s", (_, env, names) => {
    expectMessage(loginAdvice(env, PROFILES, []), { names });
  });

  test("the default profile, if there is one", () => {
    expectMessage(loginAdvice({}, { ...PROFILES, default: PROFILES["session"] ?? {} }, []), {
      commands: ["aws sso login --profile default"],
    });
  });
});

test("Configuration files that cannot be read are named, with the reason", async () => {
  const folder = await mkdtemp(join(tmpdir(), "aws-"));
  const env = { AWS_CONFIG_FILE: join(folder, "gone"), AWS_SHARED_CREDENTIALS_FILE: devNull };
  const unreadable = await unreadableFiles(env);
  await rm(folder, { recursive: true });
  expect(unreadable).toEqual([`${env.AWS_CONFIG_FILE} (ENOENT)`]);
  expectMessage(loginAdvice({ AWS_PROFILE: "keys" }, {}, unreadable), {
    names: ["keys", env.AWS_CONFIG_FILE, "ENOENT"],
    without: ["Set AWS_PROFILE"],
  });
});
