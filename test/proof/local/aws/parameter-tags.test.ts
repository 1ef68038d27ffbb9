import { describe, expect, test } from "@jest/globals";
import { refusal } from "./with-aws.ts";
import { NAME, withParameter } from "./with-parameter.ts";

const { run, put, putAgain } = withParameter();

describe("tags", () => {
  test("are stored with a new parameter and kept when it is overwritten", async () => {
    await put({ Tags: [{ Key: "account", Value: "T12345678" }] });
    await putAgain("two");
    expect(await tags()).toEqual([{ Key: "account", Value: "T12345678" }]);
  });

  test.each([[[{ Key: "a", Value: "b" }]], [[]]])(
    "%j together with Overwrite are refused, for a new parameter too",
    async (Tags) => {
      expect((await refusal(put({ Overwrite: true, Tags }))).message).toContain(
        "tags and overwrite can't be used together",
      );
    },
  );

  test("can be added and replaced later, up to 50", async () => {
    await put({ Tags: [{ Key: "a", Value: "old" }] });
    await add([
      { Key: "a", Value: "new" },
      { Key: "b", Value: "" },
    ]);
    expect(await tags()).toEqual([
      { Key: "a", Value: "new" },
      { Key: "b", Value: "" },
    ]);
    const more = Array.from({ length: 48 }, (_, index) => ({ Key: `k${index}`, Value: "" }));
    await add(more);
    expect((await refusal(add([{ Key: "one-more", Value: "" }]))).name).toBe("TooManyTagsError");
    expect(await tags()).toHaveLength(50);
  });

  test("of no parameter are refused", async () => {
    expect((await refusal(tags())).name).toBe("InvalidResourceId");
    expect((await refusal(add([{ Key: "a", Value: "" }]))).name).toBe("InvalidResourceId");
  });

  async function tags() {
    const resource = { ResourceType: "Parameter", ResourceId: NAME } as const;
    return (await run.ssm.listTagsForResource(resource)).TagList;
  }

  function add(Tags: { Key: string; Value: string }[]) {
    return run.ssm.addTagsToResource({ ResourceType: "Parameter", ResourceId: NAME, Tags });
  }
});
