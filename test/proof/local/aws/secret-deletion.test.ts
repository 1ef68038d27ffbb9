import { describe, expect, test } from "@jest/globals";
import { refusal, START_MS } from "./with-aws.ts";
import { DAY_MS, NAME, withSecret } from "./with-secret.ts";

const { run, create, put, get, describeIt } = withSecret();

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
