/** What the tests of the credentials rely on: stages, deletion and uses of keys. */
import { describe, expect, test } from "@jest/globals";
import { refusal, withAws } from "./with-aws.ts";

const run = withAws();
const NAME = "dintero/T12345678/api-client";
const [FIRST, SECOND, THIRD] = ["1".repeat(32), "2".repeat(32), "3".repeat(32)] as const;

const create = (change: Record<string, unknown> = {}) =>
  run.secrets.createSecret({ Name: NAME, ...change });
const put = (SecretString: string, ClientRequestToken: string, change = {}) =>
  run.secrets.putSecretValue({ SecretId: NAME, SecretString, ClientRequestToken, ...change });
const get = (change: Record<string, unknown> = {}) =>
  run.secrets.getSecretValue({ SecretId: NAME, ...change });
const describeIt = () => run.secrets.describeSecret({ SecretId: NAME });
const lastUses = () => run.aws.calls.at(-1)?.kms;

describe("A new value", () => {
  test("gets the label AWSCURRENT, and the last one gets AWSPREVIOUS", async () => {
    await create({ SecretString: "one", ClientRequestToken: FIRST });
    await put("two", SECOND);
    await put("three", THIRD);
    expect((await describeIt()).VersionIdsToStages).toEqual({
      [SECOND]: ["AWSPREVIOUS"],
      [THIRD]: ["AWSCURRENT"],
    });
    expect(await get()).toMatchObject({ SecretString: "three", VersionId: THIRD });
    expect((await get({ VersionStage: "AWSPREVIOUS" })).SecretString).toBe("two");
  });

  test("sent twice creates one version, and its token is refused for another value", async () => {
    await create();
    await put("one", FIRST);
    await put("two", SECOND);
    expect(await put("one", FIRST)).toMatchObject({ VersionStages: ["AWSPREVIOUS"] });
    expect((await get()).SecretString).toBe("two");
    expect((await refusal(put("other", FIRST))).name).toBe("ResourceExistsException");
  });
});

test("A change of a secret updates its date, and reading it does not", async () => {
  const changedMs = async () => (await describeIt()).LastChangedDate?.getTime();
  await create();
  expect(await changedMs()).toBe(run.clock.nowMs);
  const changes = [
    () => put("one", FIRST),
    () => run.secrets.deleteSecret({ SecretId: NAME }),
    () => run.secrets.restoreSecret({ SecretId: NAME }),
  ];
  for (const change of changes) {
    run.clock.nowMs += 1000;
    await change();
    expect(await changedMs()).toBe(run.clock.nowMs);
  }
  run.clock.nowMs += 1000;
  await get();
  expect(await changedMs()).toBe(run.clock.nowMs - 1000);
});

describe("A deletion", () => {
  const remove = (change = {}) => run.secrets.deleteSecret({ SecretId: NAME, ...change });

  test("can be undone, and until then the secret cannot be read or written", async () => {
    await create({ SecretString: "one" });
    await remove();
    expect((await describeIt()).DeletedDate).toEqual(expect.any(Date));
    for (const call of [get(), put("two", SECOND), create(), remove()]) {
      expect((await refusal(call)).name).toBe("InvalidRequestException");
    }
    await run.secrets.restoreSecret({ SecretId: NAME });
    expect((await get()).SecretString).toBe("one");
  });

  test("that is forced takes effect at once, and succeeds if there is no secret", async () => {
    await create();
    await remove({ ForceDeleteWithoutRecovery: true });
    await remove({ ForceDeleteWithoutRecovery: true });
    expect((await refusal(describeIt())).name).toBe("ResourceNotFoundException");
    expect((await refusal(remove())).name).toBe("ResourceNotFoundException");
  });
});

describe("A key", () => {
  test("creates a data key for a value, and decrypts it for a reader and for a comparison", async () => {
    const keyArn = run.aws.createKey();
    const { ARN: SecretARN } = await create({ KmsKeyId: keyArn });
    const encryptionContext = { SecretARN, SecretVersionId: FIRST };
    await put("one", FIRST);
    expect(lastUses()).toEqual([{ action: "kms:GenerateDataKey", keyArn, encryptionContext }]);
    await get();
    expect(lastUses()).toEqual([{ action: "kms:Decrypt", keyArn, encryptionContext }]);
    await put("one", FIRST);
    expect(lastUses()).toEqual([{ action: "kms:Decrypt", keyArn, encryptionContext }]);
    await describeIt();
    expect(lastUses()).toEqual([]);
  });

  test("that is disabled can neither write nor read", async () => {
    const keyArn = run.aws.createKey();
    await create({ KmsKeyId: keyArn, SecretString: "one" });
    run.aws.setKeyState(keyArn, "Disabled");
    expect((await refusal(put("two", SECOND))).name).toBe("EncryptionFailure");
    expect((await refusal(get())).name).toBe("DecryptionFailure");
    expect(lastUses()).toMatchObject([{ action: "kms:Decrypt", keyArn }]);
  });
});
