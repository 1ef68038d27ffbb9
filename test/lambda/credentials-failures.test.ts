import { describe, expect, test } from "@jest/globals";
import { createCredentialsSource } from "../../lambda/credentials.ts";
import { leaksIn, SECRET_CANARY } from "../support/canaries.ts";
import { failureOf } from "./token-request.ts";
import { withAnswer, withFunctionClients } from "./with-function-clients.ts";

const ACCOUNT_ID = "T12345678";
const NAME = "dintero/T12345678/api-client";
const FORM = '{"client_id": "...", "client_secret": "..."}';
const CREDENTIALS = JSON.stringify({ client_id: "ecom-123", client_secret: SECRET_CANARY });

const functionClients = withFunctionClients();
const { run } = functionClients;
const never = new AbortController().signal;

/** Both operations of the source, by the method of it that calls each. */
const OPERATIONS = [
  [
    "GetSecretValue",
    "read",
    "secretsmanager:GetSecretValue on it, and kms:Decrypt on its key",
    "Reading the secret dintero/T12345678/api-client failed: InvalidRequestException",
  ],
  [
    "DescribeSecret",
    "currentVersionId",
    "secretsmanager:DescribeSecret on it",
    "The secret dintero/T12345678/api-client is scheduled for deletion",
  ],
] as const;

const source = () => createCredentialsSource(functionClients.clients.secretsManager);

/** One attempt, for what fails for ever. */
const sourceOfOneAttempt = () => createCredentialsSource(run.secrets);

function store() {
  return run.secrets.createSecret({ Name: NAME, SecretString: CREDENTIALS });
}

describe.each(OPERATIONS)("Where %s fails", (operation, method, permissions, scheduled) => {
  /** The calls that the function made; those that set a test up are others. */
  const calls = () => run.aws.calls.filter((call) => call.operation === operation);
  const failure = () => failureOf(source()[method](ACCOUNT_ID, never));

  test("because there is no such secret, it is to be stored", async () => {
    const { code, message } = await failure();
    expect(code).toBe("credentials-unusable");
    expect(message).toMatch(
      /^Reading the secret \S+ failed: ResourceNotFoundException, HTTP 400, request [0-9a-f-]{36}\. It /,
    );
    expect(message).toContain(`secret ${NAME} failed`);
    expect(message).toContain(`. It does not exist or has no current value: store ${FORM} in it.`);
  });

  test("because the secret is scheduled for deletion, it is to be restored", async () => {
    await store();
    await run.secrets.deleteSecret({ SecretId: NAME });
    const { code, message } = await failure();
    expect(code).toBe("credentials-unusable");
    expect(message).toContain(scheduled);
    expect(message).toMatch(/scheduled for deletion/);
    expect(message).toContain(`, run: aws secretsmanager restore-secret --secret-id ${NAME}`);
  });

  test("for want of a permission, that is asked for", async () => {
    await store();
    run.aws.addFault({ operation, effect: { error: "AccessDeniedException" } });
    const { code, message } = await failure();
    expect(code).toBe("credentials-unusable");
    expect(message).toContain(`Reading the secret ${NAME} failed: AccessDeniedException, HTTP 400`);
    expect(message).toContain(`. Grant the function's role ${permissions}.`);
    expect(calls()).toHaveLength(1);
  });

  test.each([
    ["throttled", { error: "ThrottlingException" }],
    ["answered with 500", { error: "InternalServiceError" }],
    ["cut off", { disconnect: "before" }],
  ] as const)("because one call is %s, there is another", async (_, effect) => {
    await store();
    run.aws.addFault({ operation, times: 1, effect });
    await source()[method](ACCOUNT_ID, never);
    expect(calls()).toHaveLength(2);
  });

  test.each([
    ["throttled", { error: "ThrottlingException" }, "ThrottlingException, HTTP 400"],
    ["answered with 500", { error: "InternalServiceError" }, "InternalServiceError, HTTP 500"],
    ["cut off", { disconnect: "before" }, "no answer from AWS, TimeoutError (ECONNRESET)"],
  ] as const)("because every call is %s, it is left to the next check", async (_, effect, text) => {
    await store();
    run.aws.addFault({ operation, effect });
    const { code, message } = await failureOf(sourceOfOneAttempt()[method](ACCOUNT_ID, never));
    expect(code).toBe("credentials-unusable");
    expect(message).toContain(`Reading the secret ${NAME} failed: ${text}`);
    expect(message).toMatch(/\. The next check tries again\.$/);
  });

  test("because the account's time is up, it is given up at once", async () => {
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
    expect(await failureOf(source()[method](ACCOUNT_ID, account.signal))).toMatchObject({
      code: "credentials-unusable",
      message: `Reading the secret ${NAME} failed: the time for it was used up. The next check tries again.`,
    });
    expect(calls()).toHaveLength(1);
  });
});

test("A secret without a value is to be stored", async () => {
  await run.secrets.createSecret({ Name: NAME });
  const failure = await failureOf(source().read(ACCOUNT_ID, never));
  expect(failure.code).toBe("credentials-unusable");
  expect(failure.message).toContain(`store ${FORM} in it.`);
});

test("A secret under a disabled key asks for the key", async () => {
  const KmsKeyId = run.aws.createKey();
  await run.secrets.createSecret({
    Name: NAME,
    SecretString: CREDENTIALS,
    KmsKeyId,
  });
  run.aws.setKeyState(KmsKeyId, "Disabled");
  const failure = await failureOf(source().read(ACCOUNT_ID, never));
  expect(failure.code).toBe("credentials-unusable");
  expect(failure.message).toContain(
    `Reading the secret ${NAME} failed: DecryptionFailure, HTTP 400`,
  );
  expect(failure.message).toContain(" Enable the KMS key that the secret is encrypted with.");
});

test("An answer of AWS that is cut off keeps the secret out of the message", async () => {
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
