import { describe, expect, test } from "@jest/globals";
import {
  type CompanyConfig,
  companyConfigFaults,
  MAX_TAGS,
  MAX_TAGS_BYTES,
} from "../../infra/company-config.ts";
import { expectPart } from "../support/expect-message.ts";

function expectFault(config: CompanyConfig, names: readonly string[], command: string): void {
  const faults = companyConfigFaults(config);
  expect(faults.map(({ fix }) => fix)).toEqual([command]);
  const [{ fault } = { fault: "" }] = faults;
  // The characters that are allowed are no punctuation.
  const characters = fault.includes("_.:/=+-@") ? ["_.:/=+-@"] : [];
  expectPart(fault, { names: [...names, ...characters] });
}

test("Nothing is required by default", () => {
  expect(companyConfigFaults({})).toEqual([]);
});

describe("The permissions boundary", () => {
  test.each([
    "arn:aws:iam::123456789012:policy/boundary",
    "arn:aws:iam::123456789012:policy/teams/payments/boundary",
    "arn:aws:iam::aws:policy/PowerUserAccess",
    "arn:aws-us-gov:iam::123456789012:policy/a+b=c,d.e@f-g_h",
    `arn:aws:iam::123456789012:policy/${"a".repeat(128)}`,
  ])("is accepted as %s", (permissionsBoundaryArn) => {
    expect(companyConfigFaults({ permissionsBoundaryArn })).toEqual([]);
  });

  test.each([
    "boundary",
    "arn:aws:iam::123456789012:role/boundary",
    "arn:aws:iam::12345678901:policy/boundary",
    "arn:aws:iam:eu-north-1:123456789012:policy/boundary",
    "arn:aws:iam::123456789012:policy/",
    "arn:aws:iam::123456789012:policy/a boundary",
    "arn:aws:sns:eu-north-1:123456789012:policy/boundary",
    `arn:aws:iam::123456789012:policy/${"a".repeat(129)}`,
  ])("is refused as %s, which is not the ARN of an IAM policy", (permissionsBoundaryArn) => {
    expectFault(
      { permissionsBoundaryArn },
      ["permissionsBoundaryArn", "IAM policy"],
      "pulumi config set permissionsBoundaryArn arn:aws:iam::ACCOUNT:policy/NAME",
    );
  });
});

describe("Tags", () => {
  test.each<[string, Record<string, string>]>([
    ["all characters", { "Kostnads ställe_.:/=+-@1": "Åse_.:/=+-@1" }],
    ["the longest key and value", { ["k".repeat(128)]: "v".repeat(256) }],
    ["a key that the program's begin with", { DinteroAccountOwner: "payments" }],
    ["aws inside", { "my:aws:key": "my aws: value" }],
  ])("are accepted with %s", (_, tags) => {
    expect(companyConfigFaults({ tags })).toEqual([]);
  });

  test.each([
    ["an empty key", "", 'tags[""]'],
    ["a key of 129 characters", "k".repeat(129), `tags["${"k".repeat(129)}"]`],
    ["a key with a comma", "a,b", 'tags["a,b"]'],
    ["a key with a quote", 'a"b', 'tags["a\\"b"]'],
    ["AWS's prefix", "aws:team", 'tags["aws:team"]'],
    ["AWS's prefix in upper case", "AWS:team", 'tags["AWS:team"]'],
    ["a key of the program's", "ManagedBy", 'tags["ManagedBy"]'],
    ["a key of the program's, in another case", "dinteroenvironment", 'tags["dinteroenvironment"]'],
    ["the key of the account", "DinteroAccount", 'tags["DinteroAccount"]'],
  ])("are refused with %s, with the command that removes it", (_, key, name) => {
    expectFault({ tags: { [key]: "a" } }, [name], `pulumi config rm --path '${name}'`);
  });

  test("are refused with a key that IAM treats as the same as an earlier one", () => {
    expectFault(
      { tags: { Team: "a", Owner: "b", team: "c" } },
      ["Team", "IAM"],
      "pulumi config rm --path 'tags[\"team\"]'",
    );
  });

  test.each(["", "v".repeat(257), "a,b", "a\nb", "aws:a", "{}"])(
    "are refused with %j as a value, with the command that sets it",
    (value) => {
      expectFault(
        { tags: { Team: value } },
        ['tags["Team"]', "1", "256"],
        "pulumi config set --path 'tags[\"Team\"]' VALUE",
      );
    },
  );

  test("are quoted for the shell", () => {
    const command = "pulumi config rm --path 'tags[\"Team'\\''s\"]'";
    expectFault({ tags: { "Team's": "a" } }, ["Team's"], command);
  });

  const tagsOf = (count: number) =>
    Object.fromEntries(Array.from({ length: count }, (_, index) => [`key${index}`, "a"]));

  test("may be as many as fit into the function's environment, and not one more", () => {
    expect(companyConfigFaults({ tags: tagsOf(MAX_TAGS) })).toEqual([]);
    expectFault(
      { tags: tagsOf(MAX_TAGS + 1) },
      [`${MAX_TAGS + 1}`, `${MAX_TAGS}`],
      `pulumi config rm --path 'tags["key${MAX_TAGS}"]'`,
    );
  });

  test("may have as many bytes as fit there, and not one more", () => {
    const tagsWith = (value: string) => ({
      ...Object.fromEntries([..."abcdefg"].map((key) => [key, "v".repeat(256)])),
      h: value,
    });
    // Two bytes each.
    const rest = "å".repeat((MAX_TAGS_BYTES - 7 * 257 - 1) / 2);
    expect(companyConfigFaults({ tags: tagsWith(rest) })).toEqual([]);
    expectFault(
      { tags: tagsWith(`${rest}v`) },
      [`${MAX_TAGS_BYTES + 1}`, `${MAX_TAGS_BYTES}`],
      "pulumi config rm --path 'tags[\"h\"]'",
    );
  });
});
