/** What counts as credentials: the same as for the function, which reads what was stored. */
import { CreateSecretCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { credentialsSecretName } from "../../lambda/contract.ts";
import { createCredentialsSource } from "../../lambda/credentials.ts";
import { fieldFault, parseCredentials } from "../../ops/credentials-form.ts";
import { AwsStandIn } from "../../proof/local/aws/aws-stand-in.ts";
import { leaksIn, SECRET_CANARY } from "../support/canaries.ts";

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

describe("Text that is credentials", () => {
  test.each([
    JSON.stringify(GOOD),
    ` ${JSON.stringify({ ...GOOD, comment: "dropped" })}\n`,
    JSON.stringify({ ...GOOD, client_secret: "a:b c" }),
    JSON.stringify({ ...GOOD, client_id: "ÆØÅ" }),
  ])("%# is taken here and by the function", async (text) => {
    const { client_id, client_secret } = JSON.parse(text);
    expect(parseCredentials(text)).toEqual({ client_id, client_secret });
    expect(await functionTakes(text)).toBe(true);
  });
});

describe("Text that is no credentials", () => {
  test.each([
    [" \n", "it is empty"],
    [SECRET_CANARY, "it is not JSON"],
    [JSON.stringify([GOOD]), "it is a JSON array instead of an object"],
    [JSON.stringify({ client_secret: SECRET_CANARY }), "client_id is missing"],
    [JSON.stringify({ ...GOOD, client_id: 7 }), "client_id is not a string"],
    [JSON.stringify({ ...GOOD, client_id: "" }), "client_id is empty"],
    [JSON.stringify({ ...GOOD, client_id: " id" }), "client_id has blanks around it"],
    [JSON.stringify({ ...GOOD, client_id: "i:d" }), "client_id has a colon"],
    [JSON.stringify({ ...GOOD, client_id: "i\u0000d" }), "client_id has control characters"],
    [JSON.stringify({ ...GOOD, client_secret: "" }), "client_secret is empty"],
    [
      JSON.stringify({ ...GOOD, client_secret: `${SECRET_CANARY}\u00a0` }),
      "client_secret has blanks around it",
    ],
    [
      JSON.stringify({ ...GOOD, client_secret: `${SECRET_CANARY}\u007f` }),
      "client_secret has control characters",
    ],
  ])("%# is refused here and by the function, and not quoted", async (text, fault) => {
    const parsed = JSON.stringify(parseCredentials(text));
    expect(parsed).toContain(fault);
    expect(leaksIn(parsed, [SECRET_CANARY])).toEqual([]);
    expect(await functionTakes(text)).toBe(false);
  });
});

test("At a prompt each of the two is looked at by itself", () => {
  expect(fieldFault("client_id", "id")).toBeUndefined();
  expect(fieldFault("client_secret", "a:b")).toBeUndefined();
  expect(fieldFault("client_id", "a:b")).toContain("client_id has a colon");
  expect(fieldFault("client_secret", " a")).toBe("client_secret has blanks around it.");
});
