import { describe, expect, test } from "@jest/globals";
import { ACCOUNTS_PER_READ, createTokenStore } from "../../lambda/token-store.ts";
import {
  ACCOUNT_ID,
  never,
  STATUS_NAME,
  TOKEN,
  TOKEN_NAME,
  withTokenStore,
} from "./token-store-run.ts";
import { withAnswer } from "./with-function-clients.ts";

const { run, store } = withTokenStore();

const DOCUMENT = {
  issuedAt: "2026-01-02T03:04:05.006Z",
  expiresAt: "2026-01-03T03:04:05.006Z",
  tokenVersion: 7,
  tokenFingerprint: "0123456789ab",
  credentialsVersionId: "version-1",
  keyId: "key-1",
};
const STATUS = {
  issuedAtMs: Date.UTC(2026, 0, 2, 3, 4, 5, 6),
  expiresAtMs: Date.UTC(2026, 0, 3, 3, 4, 5, 6),
  tokenVersion: 7,
  tokenFingerprint: "0123456789ab",
  credentialsVersionId: "version-1",
  keyId: "key-1",
};

function putToken(accountId = ACCOUNT_ID) {
  return run.ssm.putParameter({
    Name: `/dintero/${accountId}/access-token`,
    Value: TOKEN,
    Type: "SecureString",
    KeyId: run.aws.keyArn,
    Overwrite: true,
  });
}

function putStatus(document: unknown, accountId = ACCOUNT_ID) {
  return run.ssm.putParameter({
    Name: `/dintero/${accountId}/access-token-status`,
    Value: typeof document === "string" ? document : JSON.stringify(document),
    Type: "String",
    Overwrite: true,
  });
}

describe("Reading what is stored", () => {
  test("takes one call for five accounts, which decrypts nothing", async () => {
    const accountIds = ["T00000001", "T00000002", "T003", "T00000004", "T00000005"];
    expect(accountIds).toHaveLength(ACCOUNTS_PER_READ);
    await putToken("T00000002");
    run.aws.calls.length = 0;
    await store().read(accountIds, never);
    expect(run.aws.calls).toEqual([
      {
        service: "ssm",
        operation: "GetParameters",
        input: {
          Names: [
            "/dintero/T00000001/access-token",
            "/dintero/T00000001/access-token-status",
            "/dintero/T00000002/access-token",
            "/dintero/T00000002/access-token-status",
            "/dintero/T003/access-token",
            "/dintero/T003/access-token-status",
            "/dintero/T00000004/access-token",
            "/dintero/T00000004/access-token-status",
            "/dintero/T00000005/access-token",
            "/dintero/T00000005/access-token-status",
          ],
          WithDecryption: false,
        },
        kms: [],
      },
    ]);
  });

  test("gives the token's version, both times and the status", async () => {
    const startMs = run.clock.nowMs;
    await putToken();
    run.clock.nowMs += 1000;
    await putToken();
    run.clock.nowMs += 2500;
    await putStatus(DOCUMENT);
    run.clock.nowMs += 5000;
    expect(await store().read([ACCOUNT_ID], never)).toStrictEqual([
      {
        tokenParameter: { version: 2, lastModifiedMs: startMs + 1000 },
        statusParameter: { lastModifiedMs: startMs + 3500, status: STATUS },
      },
    ]);
  });

  test("gives an account without parameters as empty", async () => {
    expect(await store().read([ACCOUNT_ID], never)).toStrictEqual([{}]);
  });

  test("gives a token without a status, and a status without a token", async () => {
    await putToken("T00000001");
    await putStatus(DOCUMENT, "T00000002");
    const lastModifiedMs = run.clock.nowMs;
    expect(await store().read(["T00000001", "T00000002"], never)).toStrictEqual([
      { tokenParameter: { version: 1, lastModifiedMs } },
      { statusParameter: { lastModifiedMs, status: STATUS } },
    ]);
  });

  test("keeps the accounts' order, in whatever order SSM answers", async () => {
    await putStatus({ ...DOCUMENT, tokenVersion: 1 }, "T00000001");
    await putStatus({ ...DOCUMENT, tokenVersion: 3 }, "T00000003");
    await putStatus({ ...DOCUMENT, tokenVersion: 2 }, "T00000002");
    const versionsOf = async (accountIds: string[]) =>
      (await store().read(accountIds, never)).map(
        ({ statusParameter }) => statusParameter?.status?.tokenVersion,
      );
    expect(await versionsOf(["T00000003", "T00000009", "T00000001", "T00000002"])).toEqual([
      3,
      undefined,
      1,
      2,
    ]);
    expect(await versionsOf(["T00000001", "T00000002", "T00000003"])).toEqual([1, 2, 3]);
  });
});

describe("A status", () => {
  test.each([
    ["version 1", { tokenVersion: 1 }, { tokenVersion: 1 }],
    [
      "times without milliseconds",
      { issuedAt: "2026-01-02T03:04:05Z", expiresAt: "2026-01-03T03:04:05Z" },
      {
        issuedAtMs: Date.UTC(2026, 0, 2, 3, 4, 5),
        expiresAtMs: Date.UTC(2026, 0, 3, 3, 4, 5),
      },
    ],
    ["a field that this program does not know", { comment: "by hand" }, {}],
  ])("with %s is read", async (_, change, expected) => {
    await putStatus({ ...DOCUMENT, ...change });
    const [stored] = await store().read([ACCOUNT_ID], never);
    expect(stored?.statusParameter?.status).toStrictEqual({ ...STATUS, ...expected });
  });

  const without = (field: keyof typeof DOCUMENT) => ({ ...DOCUMENT, [field]: undefined });
  test.each<[string, unknown]>([
    ["is not JSON", "fresh"],
    ["is cut off", JSON.stringify(DOCUMENT).slice(0, -1)],
    ["is an array", [DOCUMENT]],
    ["is null", null],
    ["is a JSON string", '"fresh"'],
    ["is an empty object", {}],
    ["has no issuedAt", without("issuedAt")],
    ["has no expiresAt", without("expiresAt")],
    ["has no tokenVersion", without("tokenVersion")],
    ["has no tokenFingerprint", without("tokenFingerprint")],
    ["has no credentialsVersionId", without("credentialsVersionId")],
    ["has no keyId", without("keyId")],
    ["has a number as issuedAt", { ...DOCUMENT, issuedAt: STATUS.issuedAtMs }],
    ["has a number as expiresAt", { ...DOCUMENT, expiresAt: STATUS.expiresAtMs }],
    ["has text as tokenVersion", { ...DOCUMENT, tokenVersion: "7" }],
    ["has a number as tokenFingerprint", { ...DOCUMENT, tokenFingerprint: 123456789012 }],
    ["has a number as credentialsVersionId", { ...DOCUMENT, credentialsVersionId: 1 }],
    ["has null as keyId", { ...DOCUMENT, keyId: null }],
    ["has a day as issuedAt", { ...DOCUMENT, issuedAt: "2026-01-02" }],
    ["has a word as expiresAt", { ...DOCUMENT, expiresAt: "tomorrow" }],
    ["has a local time as expiresAt", { ...DOCUMENT, expiresAt: "2026-01-03T03:04:05" }],
    ["has a 13th month in issuedAt", { ...DOCUMENT, issuedAt: "2026-13-02T03:04:05.006Z" }],
    ["has half a UTC offset in issuedAt", { ...DOCUMENT, issuedAt: "2026-01-02T03:04:05+01" }],
    ["has half a UTC offset in expiresAt", { ...DOCUMENT, expiresAt: "2026-01-03T03:04:05+01" }],
    ["has version 0", { ...DOCUMENT, tokenVersion: 0 }],
    ["has version -1", { ...DOCUMENT, tokenVersion: -1 }],
    ["has version 1.5", { ...DOCUMENT, tokenVersion: 1.5 }],
    ["has a fingerprint of 11 digits", { ...DOCUMENT, tokenFingerprint: "0123456789a" }],
    ["has a fingerprint of 13 digits", { ...DOCUMENT, tokenFingerprint: "0123456789abc" }],
    ["has a fingerprint in upper case", { ...DOCUMENT, tokenFingerprint: "0123456789AB" }],
    ["has a fingerprint with a g", { ...DOCUMENT, tokenFingerprint: "0123456789ag" }],
    ["has a blank before its fingerprint", { ...DOCUMENT, tokenFingerprint: " 0123456789ab" }],
    ["has an empty credentialsVersionId", { ...DOCUMENT, credentialsVersionId: "" }],
    ["has an empty keyId", { ...DOCUMENT, keyId: "" }],
  ])("that %s is not a status, and only its time is returned", async (_, document) => {
    await putStatus(document);
    expect(await store().read([ACCOUNT_ID], never)).toStrictEqual([
      { statusParameter: { lastModifiedMs: run.clock.nowMs } },
    ]);
  });
});

describe("An answer of SSM with less in it than SSM documents", () => {
  const readFrom = (reply: unknown) =>
    withAnswer({ body: JSON.stringify(reply) }, ({ ssm }) =>
      createTokenStore(ssm, { environment: "test", keyId: "key-1" }).read([ACCOUNT_ID], never),
    );

  test("gives empty accounts if it has no parameters", async () => {
    expect(await readFrom({})).toStrictEqual([{}]);
  });

  test("gives times and a version that fit no status", async () => {
    expect(
      await readFrom({ Parameters: [{ Name: TOKEN_NAME }, { Name: STATUS_NAME }] }),
    ).toStrictEqual([
      { tokenParameter: { version: 0, lastModifiedMs: 0 }, statusParameter: { lastModifiedMs: 0 } },
    ]);
  });
});
