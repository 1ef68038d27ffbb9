import { describe, expect, test } from "@jest/globals";
import { refusal, START_MS } from "./with-aws.ts";
import { DAY_MS, NAME, token, withSecret } from "./with-secret.ts";

const { run, create, put, get, describeIt } = withSecret();

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
