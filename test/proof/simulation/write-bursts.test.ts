import { describe, expect, test } from "@jest/globals";
import { writeBurst } from "../../../proof/simulation/write-bursts.ts";

describe("A burst of writes", () => {
  test("is over within an interval and without failures if writes are not limited", async () => {
    const { minutes, failures } = await writeBurst(200, 1000, 1);
    expect(failures).toBe(0);
    expect(minutes).toBeLessThan(5.1);
  });

  test("takes as long as the limit allows for two writes an account", async () => {
    const { minutes, failures } = await writeBurst(1000, 3, 1);
    expect(minutes).toBeGreaterThan((2 * 1000) / 3 / 60);
    expect(failures).toBeGreaterThan(0);
  }, 60_000);
});
