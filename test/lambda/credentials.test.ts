import { describe, expect, test } from "@jest/globals";
import { createCredentialsSource } from "../../lambda/credentials.ts";
import { SECRET_CANARY } from "../support/canaries.ts";
import { expectMessage, expectPart, expectWordsPerCause } from "../support/expect-message.ts";
import { failureOf } from "./token-request.ts";
import { withAnswer, withFunctionClients } from "./with-function-clients.ts";

const ACCOUNT_ID = "T12345678";
const NAME = "dintero/T12345678/api-client";
const FORM = '{"client_id": "...", "client_secret": "..."}';
const CREDENTIALS = { client_id: "ecom-123", client_secret: SECRET_CANARY };
const VERSION_IDS = ["1", "2", "3"].map((digit) => digit.repeat(32));

const functionClients = withFunctionClients();
const { run } = functionClients;
const never = new AbortController().signal;

const source = () => createCredentialsSource(functionClients.clients.secretsManager);
const read = (signal = never) => source().read(ACCOUNT_ID, signal);
const currentVersionId = (signal = never) => source().currentVersionId(ACCOUNT_ID, signal);

function store(text: string) {
  return run.secrets.putSecretValue({ SecretId: NAME, SecretString: text });
}

/** Makes the first version current, then puts the others with the stages given. */
async function storeVersions(...stages: (string[] | undefined)[]) {
  for (const [index, VersionStages] of stages.entries()) {
    await run.secrets.putSecretValue({
      SecretId: NAME,
      ClientRequestToken: VERSION_IDS[index],
      SecretString: JSON.stringify({ ...CREDENTIALS, client_id: `client-${index}` }),
      VersionStages,
    });
  }
}

describe("The credentials", () => {
  test("are read with one call, which decrypts that secret and nothing else", async () => {
    const { VersionId } = await store(JSON.stringify(CREDENTIALS));
    run.aws.calls.length = 0;
    expect(await read()).toEqual({
      client_id: "ecom-123",
      client_secret: SECRET_CANARY,
      versionId: VersionId,
    });
    expect(run.aws.calls).toMatchObject([
      {
        operation: "GetSecretValue",
        input: { SecretId: NAME, VersionStage: "AWSCURRENT" },
        kms: [{ action: "kms:Decrypt", encryptionContext: { SecretVersionId: VersionId } }],
      },
    ]);
  });

  test.each([
    ["text of any script", { client_id: "klient-æøå-☂-🔑", client_secret: "pässwörd-密码-🔐" }],
    ["a colon in the secret", { client_id: "id", client_secret: "left:right" }],
    ["a blank inside", { client_id: "an id", client_secret: "a secret" }],
    ["fields of one character", { client_id: "i", client_secret: "s" }],
    ["JSON escapes", { client_id: 'i"d\\', client_secret: "{}" }],
  ])("come through unharmed with %s", async (_, { client_id, client_secret }) => {
    await store(JSON.stringify({ client_id, client_secret, comment: "of no use here" }));
    expect(await read()).toMatchObject({ client_id, client_secret });
  });

  test("are read behind a byte order mark", async () => {
    await store(`\uFEFF${JSON.stringify(CREDENTIALS)}`);
    expect(await read()).toMatchObject(CREDENTIALS);
    const client_secret = "a\uFEFFb";
    await store(JSON.stringify({ ...CREDENTIALS, client_secret }));
    expect(await read()).toMatchObject({ client_secret });
  });

  test("are those of the current version, not of the previous or a pending one", async () => {
    await storeVersions(undefined, undefined, ["AWSPENDING"]);
    expect(await read()).toMatchObject({ client_id: "client-1", versionId: VERSION_IDS[1] });
  });
});

describe("The current version", () => {
  test("is looked up with one call, which decrypts nothing", async () => {
    const { VersionId } = await store(JSON.stringify(CREDENTIALS));
    run.aws.calls.length = 0;
    expect(await currentVersionId()).toBe(VersionId);
    expect(run.aws.calls).toMatchObject([
      { operation: "DescribeSecret", input: { SecretId: NAME }, kms: [] },
    ]);
  });

  test("is not the previous version, and not a pending one", async () => {
    await storeVersions(undefined, undefined, ["AWSPENDING"]);
    expect(await currentVersionId()).toBe(VERSION_IDS[1]);
  });

  test("is found among other labels of the same version", async () => {
    await storeVersions(undefined, ["AWSPENDING", "AWSCURRENT", "ours"]);
    expect(await currentVersionId()).toBe(VERSION_IDS[1]);
  });

  test("is undefined for a secret without a value", async () => {
    expect(await currentVersionId()).toBeUndefined();
  });
});

describe("A secret without valid credentials", () => {
  const [id, secret] = [CREDENTIALS.client_id, CREDENTIALS.client_secret];
  /** Each content with its fault, and with the fields that are to be named. */
  const WRONG: [string, content: unknown, fault: string, fields: string[]][] = [
    ["is not JSON", `${id}:${secret}`, "no JSON", []],
    ["is cut off", `{"client_id": "${id}", "client_secret": "${secret}`, "no JSON", []],
    ["is an array", [CREDENTIALS], "array", []],
    ["is a JSON string", secret, "no object", []],
    ["is null", null, "no object", []],
    ["is a number", 7, "no object", []],
    ["has no client_id", { client_secret: secret }, "missing", ["client_id"]],
    ["has no client_secret", { client_id: id, secret }, "missing", ["client_secret"]],
    ["has an empty client_id", { ...CREDENTIALS, client_id: "" }, "empty", ["client_id"]],
    [
      "has an empty client_secret",
      { client_id: id, client_secret: "" },
      "empty",
      ["client_secret"],
    ],
    ["has a number as client_id", { ...CREDENTIALS, client_id: 1 }, "no string", ["client_id"]],
    [
      "has an object as client_secret",
      { client_id: id, client_secret: { secret } },
      "no string",
      ["client_secret"],
    ],
    [
      "has null as client_secret",
      { client_id: id, client_secret: null },
      "no string",
      ["client_secret"],
    ],
    [
      "has a blank before client_id",
      { ...CREDENTIALS, client_id: ` ${id}` },
      "blanks",
      ["client_id"],
    ],
    [
      "has a blank after client_secret",
      { client_id: id, client_secret: `${secret} ` },
      "blanks",
      ["client_secret"],
    ],
    [
      "has a newline after client_secret",
      { client_id: id, client_secret: `${secret}\n` },
      "blanks",
      ["client_secret"],
    ],
    ["has blanks only", { ...CREDENTIALS, client_id: "  " }, "blanks", ["client_id"]],
    [
      "has a newline within client_secret",
      { client_id: id, client_secret: `${secret}\n${secret}` },
      "control characters",
      ["client_secret"],
    ],
    [
      "has a NUL in client_id",
      { ...CREDENTIALS, client_id: `${id}\u0000` },
      "control characters",
      ["client_id"],
    ],
    [
      "has a C1 control character in client_secret",
      { client_id: id, client_secret: `${secret}\u0085` },
      "control characters",
      ["client_secret"],
    ],
    [
      "has a colon in client_id",
      { ...CREDENTIALS, client_id: `${id}:${secret}` },
      "colon",
      ["client_id"],
    ],
    [
      "has two wrong fields",
      { client_id: "", client_secret: ` ${secret}` },
      "empty, blanks",
      ["client_id", "client_secret"],
    ],
    ["has neither field", {}, "both missing", ["client_id", "client_secret"]],
  ];

  /** What is said of the content, up to the form that it has to have. */
  async function refusal(content: unknown): Promise<string> {
    const isText = typeof content === "string" && content !== secret;
    await store(isText ? content : JSON.stringify(content));
    // It finds no part of the secret, in the causes neither.
    const failure = await failureOf(read());
    expect(failure.code).toBe("credentials-unusable");
    expectMessage(failure.message, { names: [NAME], commands: [FORM] });
    expect(failure.cause).toBeUndefined();
    return failure.message.slice(0, failure.message.indexOf(FORM)).trim();
  }

  test.each(WRONG)(
    "that %s is unusable, and the failure names what is wrong and no value",
    async (_, content, __, fields) => {
      const others = ["client_id", "client_secret"].filter((field) => !fields.includes(field));
      expectPart(await refusal(content), { names: fields, without: others });
    },
  );

  test("that is binary is unusable, and each other fault has its own words", async () => {
    const said: [string, string][] = [];
    for (const [, content, fault] of WRONG) {
      said.push([fault, (await refusal(content)).replaceAll(/client_(id|secret)/g, "FIELD")]);
    }
    const SecretBinary = Buffer.from(JSON.stringify(CREDENTIALS));
    await run.secrets.putSecretValue({ SecretId: NAME, SecretBinary });
    const { code, message } = await failureOf(read());
    expect(code).toBe("credentials-unusable");
    expectMessage(message, { names: [NAME], commands: [FORM] });
    expectWordsPerCause([...said, ["binary", message.slice(0, message.indexOf(FORM)).trim()]]);
  });

  test("whose version has no id is unusable, because a change would not be noticed", async () => {
    const body = JSON.stringify({ Name: NAME, SecretString: JSON.stringify(CREDENTIALS) });
    const { code, message } = await withAnswer({ body }, ({ secretsManager }) =>
      failureOf(createCredentialsSource(secretsManager).read(ACCOUNT_ID, never)),
    );
    expect(code).toBe("credentials-unusable");
    expectMessage(message, { names: [NAME], commands: [FORM] });
  });
});
