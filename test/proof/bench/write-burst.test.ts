import { describe, expect, test } from "@jest/globals";
import { writeBurst } from "../../../proof/bench/write-burst.ts";

describe("writeBurst", () => {
  test("where writes are not limited, all is done within an interval and nothing fails", async () => {
    const { minutes, failures } = await writeBurst(200, 1000, 1);
    expect(failures).toBe(0);
    expect(minutes).toBeLessThan(5.1);
  });

  test("is no faster than the limit lets it be: two writes an account", async () => {
    const { minutes, failures } = await writeBurst(2000, 3, 1);
    expect(minutes).toBeGreaterThan((2 * 2000) / 3 / 60);
    expect(failures).toBeGreaterThan(0);
  });

  test("takes a number of accounts that fills no whole stack", async () => {
    await expect(writeBurst(21, 10, 1)).resolves.toMatchObject({ accounts: 21, failures: 0 });
  });

  test("is the same for the same seed, and another for another", async () => {
    const [first, again, other] = await Promise.all([
      writeBurst(200, 3, 7),
      writeBurst(200, 3, 7),
      writeBurst(200, 3, 8),
    ]);
    expect(again).toEqual(first);
    expect(other.minutes).not.toBe(first.minutes);
  });
});
