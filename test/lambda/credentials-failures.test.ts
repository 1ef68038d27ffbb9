import { describe, expect, test } from "@jest/globals";
import { createCredentialsSource } from "../../lambda/credentials.ts";
import { leaksIn, SECRET_CANARY } from "../support/canaries.ts";
import { expectMessage } from "../support/expect-message.ts";
import { failureOf } from "./token-request.ts";
import { withAnswer, withFunctionClients } from "./with-function-clients.ts";

const ACCOUNT_ID = "T12345678";
const NAME = "dintero/T12345678/api-client";
const FORM = '{"client_id": "...", "client_secret": "..."}';
const RESTORE = `aws secretsmanager restore-secret --secret-id ${NAME}`;
const CREDENTIALS = JSON.stringify({ client_id: "ecom-123", client_secret: SECRET_CANARY });

const functionClients = withFunctionClients();
const { run } = functionClients;
const never = new AbortController().signal;

/** Both operations of the source, by the method of it that calls each. */
const OPERATIONS = [
  ["GetSecretValue", "read", ["secretsmanager:GetSecretValue", "kms:Decrypt"]],
  ["DescribeSecret", "currentVersionId", ["secretsmanager:DescribeSecret"]],
] as const;

const source = () => createCredentialsSource(functionClients.clients.secretsManager);

/** One attempt, for what fails for ever. */
const sourceOfOneAttempt = () =>
  createCredentialsSource(functionClients.ofOneAttempt.secretsManager);

function store() {
  return run.secrets.putSecretValue({ SecretId: NAME, SecretString: CREDENTIALS });
}

describe.each(OPERATIONS)("Where %s fails", (operation, method, permissions) => {
  /** The calls that the function made; those that set a test up are others. */
  const calls = () => run.aws.calls.filter((call) => call.operation === operation);
  const failure = () => failureOf(source()[method](ACCOUNT_ID, never));

  test("because the secret is scheduled for deletion, the remedy is to restore it", async () => {
    await store();
    await run.secrets.deleteSecret({ SecretId: NAME });
    const { code, message } = await failure();
    expect(code).toBe("credentials-unusable");
    expectMessage(message, {
      names: [NAME],
      commands: [RESTORE],
      without: [...permissions, FORM],
    });
    expect(message.endsWith(RESTORE)).toBe(true);
  });

  const forGood = { SecretId: NAME, ForceDeleteWithoutRecovery: true };
  test.each<[string, arrange: () => unknown]>([
    ["the permission was lost", () => run.aws.iam.revoke("ReadCredentials")],
    ["the secret was deleted for good", () => run.secrets.deleteSecret(forGood)],
    [
      "the secret was made again, under another ARN",
      async () => {
        await run.secrets.deleteSecret(forGood);
        await run.secrets.createSecret({ Name: NAME, SecretString: CREDENTIALS });
      },
    ],
  ])("because %s, the remedy is a command that finds the cause", async (_, arrange) => {
    await store();
    await arrange();
    run.aws.calls.length = 0;
    const { code, message } = await failure();
    expect(code).toBe("credentials-unusable");
    expect(message).toMatch(/request [0-9a-f-]{36}\./);
    expectMessage(message, {
      names: [NAME, "AccessDeniedException", "400", ...permissions],
      commands: ["npm run ops -- status"],
      without: [RESTORE, FORM, "--refresh"],
    });
    expect(calls()).toHaveLength(1);
  });

  test.each([
    ["throttled", { error: "ThrottlingException" }],
    ["answered with 500", { error: "InternalServiceError" }],
    ["cut off", { disconnect: "before" }],
  ] as const)("because one call is %s, the call is repeated", async (_, effect) => {
    await store();
    run.aws.addFault({ operation, times: 1, effect });
    await source()[method](ACCOUNT_ID, never);
    expect(calls()).toHaveLength(2);
  });

  test.each([
    ["throttled", { error: "ThrottlingException" }, ["ThrottlingException", "400"]],
    ["answered with 500", { error: "InternalServiceError" }, ["InternalServiceError", "500"]],
    ["cut off", { disconnect: "before" }, ["TimeoutError", "ECONNRESET"]],
  ] as const)("because every call is %s, the next check tries again", async (_, effect, names) => {
    await store();
    run.aws.addFault({ operation, effect });
    const { code, message } = await failureOf(sourceOfOneAttempt()[method](ACCOUNT_ID, never));
    expect(code).toBe("credentials-unusable");
    expectMessage(message, {
      names: [NAME, ...names],
      without: [...permissions, RESTORE, FORM],
    });
  });

  test("because the account's time is up, it ends at once", async () => {
    await store();
    const account = new AbortController();
    run.aws.addFault({
      operation,
      when: () => {
        account.abort();
        return true;
      },
      effect: { hang: true },
    });
    const { code, message } = await failureOf(source()[method](ACCOUNT_ID, account.signal));
    expect(code).toBe("credentials-unusable");
    expectMessage(message, {
      names: [NAME],
      without: ["HTTP", ...permissions, RESTORE, FORM],
    });
    expect(calls()).toHaveLength(1);
  });
});

test("A secret without a value asks for credentials", async () => {
  const failure = await failureOf(source().read(ACCOUNT_ID, never));
  expect(failure.code).toBe("credentials-unusable");
  expectMessage(failure.message, {
    names: [NAME, "ResourceNotFoundException", "400"],
    commands: [FORM],
    without: ["secretsmanager:GetSecretValue", RESTORE],
  });
});

test("If the role may not use the secret's key, the failure names the permission", async () => {
  await store();
  run.aws.iam.revoke("DecryptCredentials");
  const failure = await failureOf(source().read(ACCOUNT_ID, never));
  expect(failure.code).toBe("credentials-unusable");
  expectMessage(failure.message, {
    names: [NAME, "AccessDeniedException", "400", "kms:Decrypt"],
    commands: ["npm run ops -- status"],
  });
});

test("If the secret's key is disabled, the failure names the key", async () => {
  await store();
  run.aws.setKeyState(run.aws.keyArn, "Disabled");
  const failure = await failureOf(source().read(ACCOUNT_ID, never));
  run.aws.setKeyState(run.aws.keyArn, "Enabled");
  expect(failure.code).toBe("credentials-unusable");
  expectMessage(failure.message, {
    names: [NAME, "DecryptionFailure", "400"],
    without: ["next check", "kms:Decrypt"],
  });
});

test("If AWS's answer is cut off, the message does not contain the secret", async () => {
  const whole = JSON.stringify({ Name: NAME, SecretString: CREDENTIALS });
  const body = whole.slice(0, whole.indexOf(SECRET_CANARY) + SECRET_CANARY.length);
  const failure = await withAnswer({ body }, ({ secretsManager }) =>
    createCredentialsSource(secretsManager)
      .read(ACCOUNT_ID, never)
      .catch((error: unknown) => error),
  );
  expect(failure).toMatchObject({ code: "credentials-unusable" });
  expect(leaksIn(String(failure), [SECRET_CANARY])).toEqual([]);
});
