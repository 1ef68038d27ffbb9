/**
 * The stack files as they are published: settings of nobody. For this project's own repository alone,
 * after `npm ci`; in a copy, where they hold its user's values, it rightly fails.
 */
import { strict as assert } from "node:assert";
import { readFileSync } from "node:fs";
import { parse } from "yaml";

const read = (file) => readFileSync(new URL(`../${file}`, import.meta.url), "utf8");

const { name, config: declared } = parse(read("Pulumi.yaml"));
const [, region] = /^ {2}AWS_REGION: (\S+)$/m.exec(read("docs/pipeline.md")) ?? [];
const accountId = /\b[TP]\d{3,8}\b/;

for (const file of ["Pulumi.test.yaml", "Pulumi.prod.yaml"]) {
  const text = read(file);
  const { config, ...others } = parse(text);
  assert.deepEqual(others, {}, `${file} holds more than its configuration.`);

  const ours = Object.keys(declared).map((key) => `${name}:${key}`);
  const foreign = Object.keys(config).filter((key) => !ours.includes(key));
  assert.deepEqual(foreign, ["aws:region"], `${file} sets more than declared keys and the Region.`);

  assert.equal(config["aws:region"], region, `${file} is of another Region than docs/pipeline.md.`);

  for (const personal of [/\d{12}/, /arn:/, /@/, accountId, /secure:/, /encrypt/, /secret/i]) {
    assert.doesNotMatch(text, personal, `${file} holds values of a user, or a secret.`);
  }

  const lines = text.split("\n");
  const unexplained = lines.filter(
    (line, index) => /^ {2}\S+: \S/.test(line) && !/^ {2}# \S/.test(lines[index - 1] ?? ""),
  );
  assert.deepEqual(
    unexplained.map((line) => line.trim().split(": ")[0]),
    ["aws:region", `${name}:environment`],
    `${file} sets a value without its reason above it.`,
  );
}
