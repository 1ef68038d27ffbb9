import { describe, expect, test } from "@jest/globals";
import { createTokenStore, MAX_TOKEN_BYTES } from "../../lambda/token-store.ts";
import { expectMessage } from "../support/expect-message.ts";
import { failureOf } from "./token-request.ts";
import {
  ACCOUNT_ID,
  STATUS_NAME,
  TOKEN,
  TOKEN_NAME,
  withTokenStore,
  write,
} from "./token-store-run.ts";
import { withAnswer } from "./with-function-clients.ts";

const { run, permit, store, stored, readerGets, writes } = withTokenStore();
const TAGS = [
  { Key: "ManagedBy", Value: "dintero-token-rotation" },
  { Key: "DinteroEnvironment", Value: "test" },
  { Key: "DinteroAccount", Value: ACCOUNT_ID },
];

const document = (tokenVersion: number) =>
  `{"issuedAt":"2026-01-02T03:04:05.006Z","expiresAt":"2026-01-03T03:04:05.006Z","tokenVersion":${tokenVersion},"tokenFingerprint":"0123456789ab","credentialsVersionId":"5f0c8a52-9f7c-4d0e-8a0f-2f8b8e6f6c11","keyId":"key-1"}`;

const arnOf = (name: string) =>
  `arn:aws:ssm:${run.aws.region}:${run.aws.accountId}:parameter${name}`;

describe("Writing a first token", () => {
  test("makes both parameters, the token first, with the key on the token and tags on both", async () => {
    await write(store(), TOKEN, {});
    expect(run.aws.calls.map(({ operation }) => operation)).toEqual([
      "PutParameter",
      "PutParameter",
    ]);
    expect(writes().map(({ input }) => input)).toStrictEqual([
      {
        Name: TOKEN_NAME,
        Value: TOKEN,
        Type: "SecureString",
        KeyId: run.aws.keyArn,
        Tier: "Intelligent-Tiering",
        Tags: TAGS,
        Overwrite: false,
      },
      {
        Name: STATUS_NAME,
        Value: document(1),
        Type: "String",
        Tier: "Intelligent-Tiering",
        Tags: TAGS,
        Overwrite: false,
      },
    ]);
    const tags = { ResourceType: "Parameter", ResourceId: TOKEN_NAME } as const;
    expect((await run.ssm.listTagsForResource(tags)).TagList).toEqual(TAGS);
  });

  test("tags it with a stack's own environment", async () => {
    await write(store({ environment: "production" }), TOKEN, {}, { accountId: "P00000001" });
    expect(writes()[0]?.input["Tags"]).toEqual([
      { Key: "ManagedBy", Value: "dintero-token-rotation" },
      { Key: "DinteroEnvironment", Value: "production" },
      { Key: "DinteroAccount", Value: "P00000001" },
    ]);
  });

  test("tags both parameters with the user's tags too, which cannot change its own", async () => {
    const parameterTags = { CostCenter: "1234", ManagedBy: "somebody else" };
    await write(store({ parameterTags }), TOKEN, {});
    for (const { input } of writes()) {
      expect(input["Tags"]).toEqual(
        expect.arrayContaining([{ Key: "CostCenter", Value: "1234" }, ...TAGS]),
      );
      expect(input["Tags"]).toHaveLength(1 + TAGS.length);
    }
    expect(writes()).toHaveLength(2);
  });

  test("gives what the function and readers then read", async () => {
    const written = await write(store(), TOKEN, {});
    expect(written.tokenVersion).toBe(1);
    expect((await stored()).statusParameter?.status).toStrictEqual(written);
    expect(await readerGets(TOKEN_NAME)).toBe(TOKEN);
  });
});

describe("Writing a later token", () => {
  test("overwrites both parameters, without tags", async () => {
    await write(store(), "first", {});
    const before = await stored();
    run.aws.calls.length = 0;
    const written = await write(store(), TOKEN, before);
    expect(written.tokenVersion).toBe(2);
    expect(writes().map(({ input }) => input)).toStrictEqual([
      {
        Name: TOKEN_NAME,
        Value: TOKEN,
        Type: "SecureString",
        KeyId: run.aws.keyArn,
        Tier: "Intelligent-Tiering",
        Overwrite: true,
      },
      {
        Name: STATUS_NAME,
        Value: document(2),
        Type: "String",
        Tier: "Intelligent-Tiering",
        Overwrite: true,
      },
    ]);
    expect(await readerGets(TOKEN_NAME)).toBe(TOKEN);
  });

  test("tags only the parameter that is missing", async () => {
    await write(store(), "first", {});
    await run.ssm.deleteParameter({ Name: STATUS_NAME });
    const before = await stored();
    run.aws.calls.length = 0;
    await write(store(), TOKEN, before);
    expect(writes().map(({ input }) => [input["Name"], input["Overwrite"], input["Tags"]])).toEqual(
      [
        [TOKEN_NAME, true, undefined],
        [STATUS_NAME, false, TAGS],
      ],
    );
  });

  test("encrypts it with this stack's key, also if the last one had another key", async () => {
    await write(store(), "first", {});
    const before = await stored();
    const keyArn = run.aws.createKey();
    permit(keyArn);
    await write(store({ keyId: keyArn }), TOKEN, before);
    expect(writes()[2]?.kms[0]?.keyArn).toBe(keyArn);
  });

  test("takes the version from SSM's reply, and not from what was read", async () => {
    await write(store(), "first", {});
    const before = await stored();
    await run.ssm.putParameter({ Name: TOKEN_NAME, Value: "by hand", Overwrite: true });
    expect(await write(store(), TOKEN, before)).toMatchObject({
      tokenVersion: 3,
    });
  });

  test("returns a version that no token has if SSM's reply has none", async () => {
    const written = await withAnswer({ body: "{}" }, ({ ssm }) =>
      write(createTokenStore(ssm, { environment: "test", keyId: "key-1" }), TOKEN, {}),
    );
    expect(written.tokenVersion).toBe(0);
  });
});

describe("A token", () => {
  test.each([
    // KMS encrypts so much itself. Source: KMS API reference, Encrypt.
    [4096, "kms:Encrypt"],
    [4097, "kms:GenerateDataKey"],
    [MAX_TOKEN_BYTES, "kms:GenerateDataKey"],
  ])(
    "of %i bytes is encrypted with %s for its own name, and never decrypted",
    async (bytes, action) => {
      await write(store(), "x".repeat(bytes), {});
      expect(writes().map(({ kms }) => kms)).toEqual([
        [
          {
            action,
            keyArn: run.aws.keyArn,
            encryptionContext: { PARAMETER_ARN: arnOf(TOKEN_NAME) },
          },
        ],
        [],
      ]);
      expect(await readerGets(TOKEN_NAME)).toHaveLength(bytes);
    },
  );

  test.each([
    ["bytes", "x".repeat(MAX_TOKEN_BYTES + 1)],
    ["bytes in fewer characters", "ø".repeat(MAX_TOKEN_BYTES / 2 + 1)],
  ])(`of more than ${MAX_TOKEN_BYTES} %s is refused before any call`, async (_, token) => {
    const { code, message } = await failureOf(write(store(), token, {}));
    expect(code).toBe("store-failed");
    expectMessage(message, { names: [TOKEN_NAME, `${MAX_TOKEN_BYTES} bytes`] });
    expect(run.aws.calls).toEqual([]);
  });
});

describe("A parameter that was created after it was read", () => {
  test("by another check is overwritten", async () => {
    const before = await stored();
    await write(store(), "of the other check", before);
    run.aws.calls.length = 0;
    const written = await write(store(), TOKEN, before);
    expect(written.tokenVersion).toBe(2);
    expect(
      writes().map(({ input, error }) => [input["Name"], input["Overwrite"], input["Tags"], error]),
    ).toEqual([
      [TOKEN_NAME, false, TAGS, "ParameterAlreadyExists"],
      [TOKEN_NAME, true, undefined, undefined],
      [STATUS_NAME, false, TAGS, "ParameterAlreadyExists"],
      [STATUS_NAME, true, undefined, undefined],
    ]);
    expect(await readerGets(TOKEN_NAME)).toBe(TOKEN);
    expect(await readerGets(STATUS_NAME)).toBe(document(2));
    expect(writes()[1]?.input).toMatchObject({
      Value: TOKEN,
      Type: "SecureString",
      KeyId: run.aws.keyArn,
      Tier: "Intelligent-Tiering",
    });
  });

  test("by a first attempt whose answer was lost is overwritten", async () => {
    run.aws.addFault({ operation: "PutParameter", times: 1, effect: { disconnect: "after" } });
    const written = await write(store(), TOKEN, {});
    expect(written.tokenVersion).toBe(2);
    expect((await stored()).tokenParameter?.version).toBe(2);
    expect(await readerGets(STATUS_NAME)).toBe(document(2));
  });

  test("by another check whose write is still running is overwritten after that", async () => {
    const released = Promise.withResolvers<void>();
    const effect = { writesUntil: released.promise };
    run.aws.addFault({ operation: "PutParameter", times: 1, effect });
    run.aws.addFault({
      operation: "PutParameter",
      when: () => {
        // The first write is held, the second refused, and this is its second attempt.
        if (writes().length === 3) released.resolve();
        return false;
      },
      effect,
    });
    const both = await Promise.all(["one", "two"].map((token) => write(store(), token, {})));
    expect(both.map(({ tokenVersion }) => tokenVersion).sort()).toEqual([1, 2]);
    expect(writes().map(({ error }) => error)).toContain("TooManyUpdates");
  });

  test("by one of two checks at once serves both", async () => {
    const both = await Promise.all(["one", "two"].map((token) => write(store(), token, {})));
    expect(both.map(({ tokenVersion }) => tokenVersion).sort()).toEqual([1, 2]);
    expect((await stored()).tokenParameter?.version).toBe(2);
  });
});
