/** What counts as credentials: the same as for the function, which reads what was stored. */
import { CreateSecretCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { credentialsSecretName } from "../../lambda/contract.ts";
import { createCredentialsSource } from "../../lambda/credentials.ts";
import { fieldFault, parseCredentials } from "../../ops/credentials-form.ts";
import { AwsStandIn } from "../../proof/local/aws/aws-stand-in.ts";
import { leaksIn, SECRET_CANARY } from "../support/canaries.ts";
import { expectPart, expectWordsPerCause } from "../support/expect-message.ts";

const GOOD = { client_id: "id", client_secret: SECRET_CANARY };

let aws: AwsStandIn;
let client: SecretsManagerClient;

beforeAll(async () => {
  aws = await AwsStandIn.start({ now: Date.now });
  const { url: endpoint, region, credentials } = aws;
  client = new SecretsManagerClient({ endpoint, region, credentials });
});

afterAll(async () => {
  client.destroy();
  await aws.close();
});

/** Whether the function would take the text for credentials. */
async function functionTakes(text: string): Promise<boolean> {
  aws.reset();
  const Name = credentialsSecretName("T12345678");
  await client.send(new CreateSecretCommand({ Name, SecretString: text }));
  const source = createCredentialsSource(client);
  const { signal } = new AbortController();
  return source.read("T12345678", signal).then(
    () => true,
    () => false,
  );
}

describe("Text with valid credentials", () => {
  test.each([
    JSON.stringify(GOOD),
    ` ${JSON.stringify({ ...GOOD, comment: "dropped" })}\n`,
    JSON.stringify({ ...GOOD, client_secret: "a:b c" }),
    JSON.stringify({ ...GOOD, client_id: "ÆØÅ" }),
  ])("%# is accepted here and by the function", async (text) => {
    const { client_id, client_secret } = JSON.parse(text);
    expect(parseCredentials(text)).toEqual({ client_id, client_secret });
    expect(await functionTakes(text)).toBe(true);
  });
});

describe("Text without valid credentials", () => {
  /** Each text with its fault, and with the field that is to be named. */
  const WRONG: [text: string, fault: string, fields: (keyof typeof GOOD)[]][] = [
    [" \n", "nothing", []],
    [SECRET_CANARY, "no JSON", []],
    [JSON.stringify([GOOD]), "array", []],
    [JSON.stringify({ client_secret: SECRET_CANARY }), "missing", ["client_id"]],
    [JSON.stringify({ ...GOOD, client_id: 7 }), "no string", ["client_id"]],
    [JSON.stringify({ ...GOOD, client_id: "" }), "empty", ["client_id"]],
    [JSON.stringify({ ...GOOD, client_id: " id" }), "blanks", ["client_id"]],
    [JSON.stringify({ ...GOOD, client_id: "i:d" }), "colon", ["client_id"]],
    [JSON.stringify({ ...GOOD, client_id: "i\u0000d" }), "control", ["client_id"]],
    [JSON.stringify({ ...GOOD, client_secret: "" }), "empty", ["client_secret"]],
    [
      JSON.stringify({ ...GOOD, client_secret: `${SECRET_CANARY}\u00a0` }),
      "blanks",
      ["client_secret"],
    ],
    [
      JSON.stringify({ ...GOOD, client_secret: `${SECRET_CANARY}\u007f` }),
      "control",
      ["client_secret"],
    ],
  ];

  test.each(WRONG)(
    "%# is refused here and by the function, and not quoted",
    async (text, _, fields) => {
      const said = faultOf(text);
      expectPart(said, {
        names: fields,
        without: ["client_id", "client_secret"].filter((it) => !fields.some((own) => own === it)),
      });
      expect(leaksIn(said, [SECRET_CANARY])).toEqual([]);
      expect(await functionTakes(text)).toBe(false);
    },
  );

  test("is refused with the same words for the same fault, and other words for another fault", () => {
    expectWordsPerCause(
      WRONG.map(([text, fault]) => [fault, faultOf(text).replace(/client_(id|secret)/, "FIELD")]),
    );
  });
});

test("At a prompt each of the two is checked by itself", () => {
  expect(fieldFault("client_id", "id")).toBeUndefined();
  expect(fieldFault("client_secret", "a:b")).toBeUndefined();
  const both = (id: string) => JSON.stringify({ ...GOOD, client_id: id });
  expect(fieldFault("client_id", "a:b")).toBe(`${faultOf(both("a:b"))}.`);
  expect(fieldFault("client_id", " a")).toBe(`${faultOf(both(" a"))}.`);
});

function faultOf(text: string): string {
  const parsed = parseCredentials(text);
  if (!("fault" in parsed)) throw new Error("It was accepted.");
  return parsed.fault;
}
