import { describe, expect, test } from "@jest/globals";
import { MAX_ACCOUNTS } from "../../lambda/contract.ts";
import { RotationError } from "../../lambda/errors.ts";
import { readSettings } from "../../lambda/settings.ts";
import { leaksIn, SECRET_CANARY } from "../support/canaries.ts";
import { expectMessage, expectWordsPerCause } from "../support/expect-message.ts";

const KEY_ARN = "arn:aws:kms:eu-north-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab";
const ENVIRONMENT = {
  DINTERO_ENVIRONMENT: "test",
  DINTERO_ACCOUNT_IDS: "T12345678,T123",
  DINTERO_API_ORIGIN: "https://api.dintero.com",
  KMS_KEY_ID: KEY_ARN,
};

type Variable = keyof typeof ENVIRONMENT;
type Change = Partial<Record<Variable | "PARAMETER_TAGS", string | undefined>>;

const read = (change: Change = {}) => readSettings({ ...ENVIRONMENT, ...change });

/** The message that the settings are refused with. */
function refusal(change: Change): string {
  return refusalOf({ ...ENVIRONMENT, ...change });
}

function refusalOf(env: Readonly<Record<string, string | undefined>>): string {
  try {
    readSettings(env);
  } catch (error) {
    if (!(error instanceof RotationError)) throw error;
    expect(error.code).toBe("settings-invalid");
    expectMessage(error.message);
    return error.message;
  }
  throw new Error("The settings were accepted.");
}

/** The settings are refused for these variables and no others. */
function expectFaults(
  message: string,
  variables: readonly (keyof Change)[],
  names: string[] = [],
): void {
  expectMessage(message, { names: [...variables, ...names] });
  expect(new Set(message.match(/[A-Z_]{8,}/g))).toEqual(new Set(variables));
}

const accounts = (count: number) =>
  Array.from({ length: count }, (_, index) => `T${10_000_000 + index}`);

/** What a fault of each variable names beside the variable. */
const NAMES = {
  DINTERO_ENVIRONMENT: ["test", "production"],
  DINTERO_ACCOUNT_IDS: ["account ids", "commas"],
  DINTERO_API_ORIGIN: ["https://api.dintero.com"],
  KMS_KEY_ID: ["ARN"],
};
const ORIGINS = ["https://api.dintero.com", "https://checkout.dintero.com", "loopback"];
/** Of an entry that is no account id: which one it is, and what an account id is. */
const entry = (number: number) => [`entry ${number}`, "T", "P", "8", "3"];

describe("Settings", () => {
  test("are read from four variables", () => {
    expect(read()).toStrictEqual({
      environment: "test",
      accountIds: ["T12345678", "T123"],
      apiOrigin: "https://api.dintero.com",
      keyId: KEY_ARN,
      parameterTags: {},
    });
  });

  test("may have tags for parameters, in a fifth variable", () => {
    const parameterTags = { CostCenter: "1234", "Data Owner": "betaling@exämple.com" };
    expect(read({ PARAMETER_TAGS: JSON.stringify(parameterTags) })).toMatchObject({
      parameterTags,
    });
    expect(read({ PARAMETER_TAGS: "" })).toMatchObject({ parameterTags: {} });
  });

  test("can be those of production", () => {
    const change = { DINTERO_ENVIRONMENT: "production", DINTERO_ACCOUNT_IDS: "P12345678" };
    expect(read(change)).toMatchObject({ environment: "production", accountIds: ["P12345678"] });
  });

  test("may have blanks around each account id", () => {
    const change = { DINTERO_ACCOUNT_IDS: " T12345678 ,\n T123\t" };
    expect(read(change).accountIds).toEqual(["T12345678", "T123"]);
  });

  test.each([1, MAX_ACCOUNTS])("may have %i accounts", (count) => {
    const accountIds = accounts(count);
    expect(read({ DINTERO_ACCOUNT_IDS: accountIds.join(",") }).accountIds).toEqual(accountIds);
  });

  test.each([
    "https://api.dintero.com",
    "https://checkout.dintero.com",
    "http://localhost",
    "http://localhost:8080",
    "https://localhost:8443",
    "http://127.0.0.1",
    "http://127.0.0.1:8080",
    "https://127.0.0.1:8443",
    "http://127.100.20.3",
    "http://[::1]",
    "https://[::1]:8443",
  ])("may have the origin %s", (origin) => {
    expect(read({ DINTERO_API_ORIGIN: origin }).apiOrigin).toBe(origin);
  });
});

describe("A variable that is missing, empty or blank is a fault:", () => {
  test.each<[Variable, string | undefined]>([
    ["DINTERO_ENVIRONMENT", undefined],
    ["DINTERO_ENVIRONMENT", ""],
    ["DINTERO_ENVIRONMENT", " "],
    ["DINTERO_ACCOUNT_IDS", undefined],
    ["DINTERO_ACCOUNT_IDS", ""],
    ["DINTERO_ACCOUNT_IDS", " \t"],
    ["DINTERO_API_ORIGIN", undefined],
    ["DINTERO_API_ORIGIN", ""],
    ["DINTERO_API_ORIGIN", " "],
    ["KMS_KEY_ID", undefined],
    ["KMS_KEY_ID", ""],
    ["KMS_KEY_ID", " "],
  ])("%s as %j", (variable, value) => {
    expectFaults(refusal({ [variable]: value }), [variable], NAMES[variable]);
  });
});

test.each([" ", "CostCenter=1234", "[]", "null", '"a"', '{"CostCenter":1234}', '{"a":{}}'])(
  "Tags for parameters are refused as %j",
  (tags) => {
    expectFaults(refusal({ PARAMETER_TAGS: tags }), ["PARAMETER_TAGS"], ["JSON object"]);
  },
);

describe("An environment", () => {
  test.each(["prod", "Test", "TEST", " test", "test ", "test,production"])(
    "%j is refused",
    (environment) => {
      const message = refusal({ DINTERO_ENVIRONMENT: environment });
      expectFaults(message, ["DINTERO_ENVIRONMENT"], NAMES.DINTERO_ENVIRONMENT);
    },
  );
});

describe("An account id", () => {
  test.each([
    "12345678",
    "T12",
    "T1234",
    "T1234567",
    "T123456789",
    "t12345678",
    "X12345678",
    "TT1234567",
    "T1234567x",
    "T1234 678",
    "T-1234567",
    "T12345678;T23456789",
    "T١٢٣٤٥٦٧٨",
    "",
  ])("%j is refused, by its place in the list", (accountId) => {
    const message = refusal({ DINTERO_ACCOUNT_IDS: `T123,${accountId}` });
    expectFaults(message, ["DINTERO_ACCOUNT_IDS"], entry(2));
  });

  test("that is malformed is reported for each place", () => {
    const message = refusal({ DINTERO_ACCOUNT_IDS: "T1,T123,T2" });
    expectFaults(message, ["DINTERO_ACCOUNT_IDS"], [...entry(1), ...entry(3)]);
  });

  test.each([
    ["test", "T123,P12345678", "P12345678", "T"],
    ["test", "P123", "P123", "T"],
    ["production", "T12345678,P123", "T12345678", "P"],
    ["production", "T123", "T123", "P"],
  ])("of the other environment is refused in %s: %s", (environment, ids, accountId, prefix) => {
    const message = refusal({ DINTERO_ENVIRONMENT: environment, DINTERO_ACCOUNT_IDS: ids });
    expectFaults(message, ["DINTERO_ACCOUNT_IDS"], [accountId, environment, prefix]);
    expect(message).not.toContain("entry");
  });

  test("of the other environment is reported together with other faults", () => {
    expectFaults(
      refusal({ DINTERO_ACCOUNT_IDS: "P123,x", KMS_KEY_ID: "" }),
      ["DINTERO_ACCOUNT_IDS", "KMS_KEY_ID"],
      [...entry(2), "P123", "test"],
    );
  });

  test.each(["T123,T123", "T123,T12345678, T123"])("that is listed twice is refused: %s", (ids) => {
    expectFaults(refusal({ DINTERO_ACCOUNT_IDS: ids }), ["DINTERO_ACCOUNT_IDS"], []);
  });

  test("is refused if there are too many", () => {
    const message = refusal({ DINTERO_ACCOUNT_IDS: accounts(MAX_ACCOUNTS + 1).join(",") });
    expectFaults(message, ["DINTERO_ACCOUNT_IDS"], [`${MAX_ACCOUNTS}`]);
  });

  test("has different words for each fault", () => {
    const cases = { none: "", "no id": "x", other: "P123", twice: "T123,T123" };
    expectWordsPerCause([
      ...Object.entries(cases).map(([cause, ids]): [string, string] => {
        return [cause, refusal({ DINTERO_ACCOUNT_IDS: ids })];
      }),
      ["many", refusal({ DINTERO_ACCOUNT_IDS: accounts(MAX_ACCOUNTS + 1).join(",") })],
      ["many", refusal({ DINTERO_ACCOUNT_IDS: accounts(MAX_ACCOUNTS + 2).join(",") })],
    ]);
  });
});

describe("An origin", () => {
  test.each([
    ["another scheme", "http://api.dintero.com"],
    ["another scheme, of the other host", "http://checkout.dintero.com"],
    ["another host", "https://example.com"],
    ["another host of Dintero's", "https://backoffice.dintero.com"],
    ["the bare domain", "https://dintero.com"],
    ["no scheme", "api.dintero.com"],
    ["a slash at the end", "https://api.dintero.com/"],
    ["a path", "https://api.dintero.com/v1"],
    ["a query", "https://api.dintero.com?a=b"],
    ["an empty query", "https://api.dintero.com?"],
    ["a fragment", "https://api.dintero.com#a"],
    ["a user and a password", "https://user:password@api.dintero.com"],
    ["a host that only looks like a user", "https://api.dintero.com@example.com"],
    ["upper case", "https://API.dintero.com"],
    ["a scheme in upper case", "HTTPS://api.dintero.com"],
    ["a port", "https://api.dintero.com:8443"],
    ["the port that goes without saying", "https://api.dintero.com:443"],
    ["a dot at the end", "https://api.dintero.com."],
    ["a domain after Dintero's", "https://api.dintero.com.evil.example"],
    ["a prefix before Dintero's", "https://evilapi.dintero.com"],
    ["a subdomain of it", "https://evil.api.dintero.com"],
    ["another host behind a backslash", "https://api.dintero.com\\@evil.example"],
    ["a blank before it", " https://api.dintero.com"],
    ["a newline after it", "https://api.dintero.com\n"],
    ["two of them", "https://api.dintero.com,https://checkout.dintero.com"],
    ["a domain after loopback's", "http://127.0.0.1.evil.example"],
    ["a domain after localhost", "http://localhost.evil.example"],
    ["a prefix before localhost", "http://notlocalhost"],
    ["an address that is not loopback", "http://128.0.0.1"],
    ["an address that ends like loopback", "http://10.127.0.0"],
    ["every address", "http://0.0.0.0"],
    ["loopback in short", "http://127.1"],
    ["loopback as a number", "http://2130706433"],
    ["loopback with a path", "http://127.0.0.1/v1"],
    ["loopback with a slash at the end", "http://localhost:8080/"],
    ["loopback with a user", "http://user@127.0.0.1"],
    ["another IPv6 address", "http://[::2]"],
    ["loopback over FTP", "ftp://127.0.0.1"],
    ["loopback over WebSocket", "ws://localhost:8080"],
    ["a file", "file:///etc/passwd"],
    ["the word null", "null"],
  ])("with %s is refused", (_, origin) => {
    expectFaults(refusal({ DINTERO_API_ORIGIN: origin }), ["DINTERO_API_ORIGIN"], ORIGINS);
  });
});

describe("A key", () => {
  test.each([
    "alias/dintero-token-rotation",
    "1234abcd-12ab-34cd-56ef-1234567890ab",
    "mrk-1234abcd12ab34cd56ef1234567890ab",
  ])("may be %s", (keyId) => {
    expect(read({ KMS_KEY_ID: keyId }).keyId).toBe(keyId);
  });

  // What SSM takes as KeyId. Source: SSM API reference, PutParameter.
  test.each([
    ["a blank before it", ` ${KEY_ARN}`],
    ["a newline after it", `${KEY_ARN}\n`],
    ["a blank inside", "one two"],
    ["a character that no key has", "arn:aws:kms:<region>:123456789012:key/1"],
  ])("with %s is refused", (_, keyId) => {
    expectFaults(refusal({ KMS_KEY_ID: keyId }), ["KMS_KEY_ID"], NAMES.KMS_KEY_ID);
  });
});

describe("Several faults", () => {
  test("are reported in one message", () => {
    const change = {
      DINTERO_ENVIRONMENT: "staging",
      DINTERO_ACCOUNT_IDS: [...accounts(MAX_ACCOUNTS), "T10000000", "x"].join(","),
      DINTERO_API_ORIGIN: "http://api.dintero.com",
      KMS_KEY_ID: undefined,
    };
    expectFaults(
      refusal(change),
      ["DINTERO_ENVIRONMENT", "DINTERO_ACCOUNT_IDS", "DINTERO_API_ORIGIN", "KMS_KEY_ID"],
      [`${MAX_ACCOUNTS}`, ...entry(MAX_ACCOUNTS + 2), ...ORIGINS],
    );
  });

  test("are reported if there are no variables at all", () => {
    expectFaults(
      refusalOf({}),
      ["DINTERO_ENVIRONMENT", "DINTERO_ACCOUNT_IDS", "DINTERO_API_ORIGIN", "KMS_KEY_ID"],
      Object.values(NAMES).flat(),
    );
  });

  test("are reported without the values, because one may be a secret in the wrong place", () => {
    const faults = refusal({
      DINTERO_ENVIRONMENT: SECRET_CANARY,
      DINTERO_ACCOUNT_IDS: `T123,${SECRET_CANARY}`,
      DINTERO_API_ORIGIN: `https://user:${SECRET_CANARY}@api.dintero.com`,
      KMS_KEY_ID: `${SECRET_CANARY} `,
    });
    expect(leaksIn(faults, [SECRET_CANARY])).toEqual([]);
  });
});
