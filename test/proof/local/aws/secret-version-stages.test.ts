import { describe, expect, test } from "@jest/globals";
import { refusal } from "./with-aws.ts";
import { NAME, token, withSecret } from "./with-secret.ts";

const { run, create, put, describeIt } = withSecret();

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
