import { describe, expect, test } from "@jest/globals";
import { refusal, START_MS, withAws } from "./with-aws.ts";

const run = withAws();
const NAME = "dintero/T12345678/api-client";
const DAY_MS = 24 * 60 * 60 * 1000;

function create(change: Record<string, unknown> = {}) {
  return run.secrets.createSecret({ Name: NAME, ...change });
}

function put(change: Record<string, unknown> = {}) {
  return run.secrets.putSecretValue({ SecretId: NAME, ...change });
}

function get(change: Record<string, unknown> = {}) {
  return run.secrets.getSecretValue({ SecretId: NAME, ...change });
}

function describeIt() {
  return run.secrets.describeSecret({ SecretId: NAME });
}

function token(digit: number): string {
  return String(digit).repeat(32);
}

describe("CreateSecret", () => {
  test("without a value it makes a secret that has no version", async () => {
    const { ARN, Name, VersionId } = await create();
    expect({ Name, VersionId }).toEqual({ Name: NAME, VersionId: undefined });
    expect(ARN).toMatch(
      /^arn:aws:secretsmanager:eu-north-1:123456789012:secret:dintero\/T12345678\/api-client-[A-Za-z0-9]{6}$/,
    );
    const { $metadata: _, ...description } = await describeIt();
    expect(description).toEqual({
      ARN,
      Name: NAME,
      CreatedDate: new Date(START_MS),
      LastChangedDate: new Date(START_MS),
    });
  });

  test("with a value it makes the current version", async () => {
    const { VersionId } = await create({ SecretString: "one", ClientRequestToken: token(1) });
    expect(VersionId).toBe(token(1));
    expect(await get()).toMatchObject({ SecretString: "one", VersionStages: ["AWSCURRENT"] });
  });

  test("keeps description, key and tags", async () => {
    const given = {
      Description: "for Dintero",
      KmsKeyId: run.aws.keyArn,
      Tags: [{ Key: "account", Value: "T12345678" }],
    };
    await create(given);
    expect(await describeIt()).toMatchObject(given);
  });

  test("every secret gets a suffix of its own", async () => {
    const first = await create();
    await run.secrets.deleteSecret({ SecretId: NAME, ForceDeleteWithoutRecovery: true });
    expect((await create()).ARN).not.toBe(first.ARN);
  });

  test("an existing name is refused", async () => {
    await create({ SecretString: "one" });
    expect(await refusal(create({ SecretString: "one" }))).toMatchObject({
      name: "ResourceExistsException",
      message: `The operation failed because the secret ${NAME} already exists.`,
    });
  });

  test("the same request again succeeds and changes nothing", async () => {
    const request = { SecretString: "one", ClientRequestToken: token(1) };
    const first = await create(request);
    expect(await create(request)).toMatchObject({ ARN: first.ARN, VersionId: token(1) });
    const other = { ...request, SecretString: "two" };
    expect((await refusal(create(other))).name).toBe("ResourceExistsException");
  });

  test.each([
    ["a blank in the name", { Name: "a b" }, "ValidationException", "Invalid name."],
    ["a colon in the name", { Name: "a:b" }, "ValidationException", "Invalid name."],
    ["an empty name", { Name: "" }, "ValidationException", "greater than or equal to 1"],
    ["a name of 513 characters", { Name: "n".repeat(513) }, "ValidationException", "512"],
    ["a short token", { ClientRequestToken: "short" }, "ValidationException", "32"],
    ["an empty value", { SecretString: "" }, "ValidationException", "greater than or equal to 1"],
    [
      "a value of 65,537 bytes",
      { SecretString: "x".repeat(65_537) },
      "ValidationException",
      "65536",
    ],
    [
      "a value of 65,537 bytes in fewer characters",
      { SecretString: `x${"ø".repeat(32_768)}` },
      "ValidationException",
      "65536",
    ],
    [
      "65,537 binary bytes",
      { SecretBinary: new Uint8Array(65_537) },
      "ValidationException",
      "65536",
    ],
    [
      "text and bytes at once",
      { SecretString: "x", SecretBinary: new Uint8Array(1) },
      "InvalidParameterException",
      "both a binary secret value and a string",
    ],
    ["a reserved tag", { Tags: [{ Key: "aws:x", Value: "" }] }, "ValidationException", "tags"],
  ])("%s is refused", async (_, change, name, message) => {
    expect(await refusal(create(change))).toMatchObject({
      name,
      message: expect.stringContaining(message),
    });
  });

  test("a name of 512 characters and a value of 65,536 bytes are accepted", async () => {
    const Name = "n".repeat(512);
    await create({ Name, SecretString: "x".repeat(65_536) });
    expect((await get({ SecretId: Name })).SecretString).toHaveLength(65_536);
  });
});

describe("PutSecretValue", () => {
  test("the first version is the current one, whatever labels are asked for", async () => {
    await create();
    expect(await put({ SecretString: "one", VersionStages: ["mine"] })).toMatchObject({
      VersionStages: ["AWSCURRENT", "mine"],
    });
  });

  test("moves AWSCURRENT to the new version and AWSPREVIOUS to the last one", async () => {
    await create({ SecretString: "one", ClientRequestToken: token(1) });
    run.clock.nowMs += 1000;
    const second = await put({ SecretString: "two", ClientRequestToken: token(2) });
    expect(second).toMatchObject({ VersionId: token(2), VersionStages: ["AWSCURRENT"] });
    await put({ SecretString: "three", ClientRequestToken: token(3) });
    const description = await describeIt();
    expect(description.VersionIdsToStages).toEqual({
      [token(2)]: ["AWSPREVIOUS"],
      [token(3)]: ["AWSCURRENT"],
    });
    expect(description.LastChangedDate).toEqual(new Date(START_MS + 1000));
    expect((await get()).SecretString).toBe("three");
    expect((await get({ VersionStage: "AWSPREVIOUS" })).SecretString).toBe("two");
    expect(await get({ VersionId: token(1) })).toMatchObject({ SecretString: "one" });
  });

  test("with labels of its own it leaves AWSCURRENT where it is", async () => {
    await create({ SecretString: "one" });
    await put({ SecretString: "two", VersionStages: ["AWSPENDING"] });
    expect((await get()).SecretString).toBe("one");
    expect((await get({ VersionStage: "AWSPENDING" })).SecretString).toBe("two");
  });

  test("the same token and value again change nothing", async () => {
    await create();
    await put({ SecretString: "one", ClientRequestToken: token(1) });
    await put({ SecretString: "two", ClientRequestToken: token(2) });
    expect(await put({ SecretString: "one", ClientRequestToken: token(1) })).toMatchObject({
      VersionId: token(1),
      VersionStages: ["AWSPREVIOUS"],
    });
    expect((await get()).SecretString).toBe("two");
  });

  test.each([[{ SecretString: "two" }], [{ SecretBinary: Buffer.from("one") }]])(
    "the same token with another value is refused",
    async (value) => {
      const { ARN } = await create({ SecretString: "one", ClientRequestToken: token(1) });
      expect(await refusal(put({ ...value, ClientRequestToken: token(1) }))).toMatchObject({
        name: "ResourceExistsException",
        message: `You can't use ClientRequestToken ${token(1)} because that value is already in use for a version of secret ${ARN}.`,
      });
    },
  );

  test("bytes come back as they went in", async () => {
    await create();
    await put({ SecretBinary: new Uint8Array([0, 255, 7]) });
    const { SecretBinary, SecretString } = await get();
    expect([...(SecretBinary ?? [])]).toEqual([0, 255, 7]);
    expect(SecretString).toBeUndefined();
  });

  test("no value is refused", async () => {
    await create();
    expect(await refusal(put())).toMatchObject({
      name: "InvalidRequestException",
      message: "You must provide either SecretString or SecretBinary.",
    });
  });

  test("a secret has 20 labels at most", async () => {
    await create({ SecretString: "one" });
    const labels = (count: number) => Array.from({ length: count }, (_, index) => `l${index}`);
    expect((await refusal(put({ SecretString: "two", VersionStages: labels(20) }))).name).toBe(
      "LimitExceededException",
    );
    await put({ SecretString: "two", VersionStages: labels(19) });
  });

  test("of versions without a label, those over 100 go once they are a day old", async () => {
    const id = (index: number) => String(index).padStart(32, "v");
    await create({ SecretString: "0", ClientRequestToken: id(0) });
    for (let index = 1; index <= 101; index += 1) {
      await put({ SecretString: `${index}`, ClientRequestToken: id(index) });
    }
    expect((await get({ VersionId: id(0) })).SecretString).toBe("0");
    run.clock.nowMs += DAY_MS;
    await put({ SecretString: "102", ClientRequestToken: id(102) });
    expect((await refusal(get({ VersionId: id(2) }))).name).toBe("ResourceNotFoundException");
    expect((await get({ VersionId: id(3) })).SecretString).toBe("3");
  });
});

describe("GetSecretValue", () => {
  test("finds a secret by name, ARN and ARN without suffix", async () => {
    const { ARN = "" } = await create({ SecretString: "one", ClientRequestToken: token(1) });
    for (const SecretId of [NAME, ARN, ARN.slice(0, -7)]) {
      const { $metadata: _, ...value } = await get({ SecretId });
      expect(value).toEqual({
        ARN,
        Name: NAME,
        VersionId: token(1),
        SecretString: "one",
        VersionStages: ["AWSCURRENT"],
        CreatedDate: new Date(START_MS),
      });
    }
  });

  test("the day of the last reading shows in the description, without the time", async () => {
    await create({ SecretString: "one" });
    await get();
    expect((await describeIt()).LastAccessedDate).toEqual(new Date(Date.UTC(2026, 0, 2)));
  });

  test("a missing secret is refused", async () => {
    expect(await refusal(get())).toMatchObject({
      name: "ResourceNotFoundException",
      message: "Secrets Manager can't find the specified secret.",
      $metadata: { httpStatusCode: 400 },
    });
  });

  test.each([
    [{}, "staging label: AWSCURRENT"],
    [{ VersionStage: "AWSPENDING" }, "staging label: AWSPENDING"],
    [{ VersionId: token(9) }, `VersionId: ${token(9)}`],
  ])("a missing value of %j is refused", async (selector, what) => {
    await create();
    expect(await refusal(get(selector))).toMatchObject({
      name: "ResourceNotFoundException",
      message: `Secrets Manager can't find the specified secret value for ${what}`,
    });
  });

  test("a label that the named version does not have is refused", async () => {
    await create({ SecretString: "one", ClientRequestToken: token(1) });
    const both = { VersionId: token(1), VersionStage: "AWSPREVIOUS" };
    expect(await refusal(get(both))).toMatchObject({
      name: "InvalidRequestException",
      message: "You provided a VersionStage that is not associated to the provided VersionId.",
    });
    expect((await get({ ...both, VersionStage: "AWSCURRENT" })).SecretString).toBe("one");
  });
});

describe("UpdateSecretVersionStage", () => {
  async function twoVersions() {
    await create({ SecretString: "one", ClientRequestToken: token(1) });
    await put({ SecretString: "two", ClientRequestToken: token(2), VersionStages: ["mine"] });
  }

  function update(VersionStage: string, from?: string, to?: string) {
    return run.secrets.updateSecretVersionStage({
      SecretId: NAME,
      VersionStage,
      RemoveFromVersionId: from,
      MoveToVersionId: to,
    });
  }

  async function stages() {
    return (await describeIt()).VersionIdsToStages;
  }

  test("moves AWSCURRENT, and AWSPREVIOUS after it", async () => {
    await twoVersions();
    await update("AWSCURRENT", token(1), token(2));
    expect(await stages()).toEqual({
      [token(1)]: ["AWSPREVIOUS"],
      [token(2)]: ["AWSCURRENT", "mine"],
    });
  });

  test("adds a new label, and removes one", async () => {
    await twoVersions();
    await update("new", undefined, token(1));
    await update("mine", token(2));
    expect(await stages()).toEqual({ [token(1)]: ["AWSCURRENT", "new"] });
  });

  test.each([
    ["a taken label without its holder", "AWSCURRENT", undefined, token(2), "can't be empty"],
    ["a taken label from another holder", "AWSCURRENT", token(2), token(2), "currently has"],
    ["a label that is nowhere from a version", "new", token(1), token(2), "currently has"],
    ["AWSCURRENT to nowhere", "AWSCURRENT", token(1), undefined, "can't be completely removed"],
    ["to a version that is not there", "AWSCURRENT", token(1), token(9), "Not a valid version"],
    ["from a version that is not there", "mine", token(9), token(1), "Not a valid version"],
  ])("%s is refused", async (_, stage, from, to, message) => {
    await twoVersions();
    const before = await stages();
    expect(await refusal(update(stage, from, to))).toMatchObject({
      name: "InvalidParameterException",
      message: expect.stringContaining(message),
    });
    expect(await stages()).toEqual(before);
  });
});

describe("DeleteSecret and RestoreSecret", () => {
  function remove(change: Record<string, unknown> = {}) {
    return run.secrets.deleteSecret({ SecretId: NAME, ...change });
  }

  test.each([
    [undefined, 30],
    [7, 7],
    [30, 30],
  ])("a recovery window of %p schedules the deletion in %i days", async (days, expected) => {
    await create({ SecretString: "one" });
    const date = new Date(START_MS + expected * DAY_MS);
    expect((await remove({ RecoveryWindowInDays: days })).DeletionDate).toEqual(date);
    expect((await describeIt()).DeletedDate).toEqual(date);
  });

  test.each([6, 31])("a recovery window of %i days is refused", async (RecoveryWindowInDays) => {
    await create();
    expect((await refusal(remove({ RecoveryWindowInDays }))).name).toBe(
      "InvalidParameterException",
    );
    expect((await describeIt()).DeletedDate).toBeUndefined();
  });

  test("a recovery window for a forced deletion is refused", async () => {
    await create();
    const both = { RecoveryWindowInDays: 7, ForceDeleteWithoutRecovery: true };
    expect((await refusal(remove(both))).name).toBe("InvalidParameterException");
  });

  test.each([
    ["read", () => get(), "because it was marked for deletion"],
    ["written", () => put({ SecretString: "two" }), "because it was marked for deletion"],
    ["created", () => create(), "already scheduled for deletion"],
    ["deleted", () => remove(), "currently marked deleted"],
  ])("a secret that is scheduled for deletion cannot be %s", async (_, call, message) => {
    await create({ SecretString: "one" });
    await remove();
    expect(await refusal(call())).toMatchObject({
      name: "InvalidRequestException",
      message: expect.stringContaining(message),
    });
  });

  test("it can be restored until the window ends", async () => {
    await create({ SecretString: "one" });
    await remove({ RecoveryWindowInDays: 7 });
    run.clock.nowMs += 7 * DAY_MS - 1;
    await run.secrets.restoreSecret({ SecretId: NAME });
    expect((await get()).SecretString).toBe("one");
    expect((await describeIt()).DeletedDate).toBeUndefined();
  });

  test("it is gone when the window ends", async () => {
    await create({ SecretString: "one" });
    await remove({ RecoveryWindowInDays: 7 });
    run.clock.nowMs += 7 * DAY_MS;
    expect((await refusal(describeIt())).name).toBe("ResourceNotFoundException");
    await create();
  });

  test("a forced deletion takes effect at once, and is no error for what is not there", async () => {
    await create();
    await remove({ ForceDeleteWithoutRecovery: true });
    expect((await refusal(describeIt())).name).toBe("ResourceNotFoundException");
    expect(await remove({ ForceDeleteWithoutRecovery: true })).toMatchObject({
      Name: NAME,
      DeletionDate: new Date(START_MS),
    });
    expect((await refusal(remove())).name).toBe("ResourceNotFoundException");
  });
});
