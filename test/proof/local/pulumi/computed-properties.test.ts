import { expect, test } from "@jest/globals";
import {
  computedProperties,
  TEST_PLACE,
} from "../../../../proof/local/pulumi/computed-properties.ts";

const UUID = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}";
const OWN = "eu-north-1:123456789012";

test.each<[type: string, inputs: object, id: string, arn: string]>([
  ["kms/key:Key", {}, UUID, `kms:${OWN}:key/${UUID}`],
  [
    "secretsmanager/secret:Secret",
    { name: "a/b" },
    `arn:aws:secretsmanager:${OWN}:secret:a/b-[0-9a-zA-Z]{6}`,
    `secretsmanager:${OWN}:secret:a/b-[0-9a-zA-Z]{6}`,
  ],
  ["iam/role:Role", { name: "a" }, "a", "iam::123456789012:role/a"],
  [
    "scheduler/schedule:Schedule",
    { name: "a", groupName: "g" },
    "g/a",
    `scheduler:${OWN}:schedule/g/a`,
  ],
  ["cloudwatch/logGroup:LogGroup", {}, "it-[0-9a-f]{7}", `logs:${OWN}:log-group:it-[0-9a-f]{7}`],
  ["sns/topic:Topic", { namePrefix: "p-" }, `.*:p-[0-9a-f]{7}`, `sns:${OWN}:p-[0-9a-f]{7}`],
])("AWS gives %s of %j an id and an ARN of its form", (type, inputs, id, arn) => {
  const resource = { type: `aws:${type}`, name: "it", inputs: { ...inputs } };
  const computed = computedProperties(resource, TEST_PLACE);
  expect(computed.id).toMatch(new RegExp(`^${id}$`));
  expect(computed["arn"]).toMatch(new RegExp(`^arn:aws:${arn}$`));
});

test("Each resource has values of its own, the same every time", () => {
  const idOf = (name: string) =>
    computedProperties({ type: "aws:kms/key:Key", name, inputs: {} }, TEST_PLACE).id;
  expect(idOf("one")).toBe(idOf("one"));
  expect(idOf("one")).not.toBe(idOf("two"));
});

test("An ARN names the partition, Region and account of its place", () => {
  const place = { partition: "aws-cn", region: "cn-north-1", awsAccountId: "210987654321" };
  const topic = { type: "aws:sns/topic:Topic", name: "it", inputs: { name: "a" } };
  const arn = "arn:aws-cn:sns:cn-north-1:210987654321:a";
  expect(computedProperties(topic, place)).toMatchObject({ arn });
});
