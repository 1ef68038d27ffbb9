/** Bodies by chance: Dintero's reply with a token, some of it broken, or an error. */
import fc from "fast-check";
import { NOW_MS } from "../support/fake-check.ts";
import { mostly } from "./mostly.ts";

export interface HostileBody {
  readonly bytes: Buffer;
  /** The token, or the text of the error. */
  readonly secret: string;
}

/** A text that no message contains by chance. */
export const anySecret = fc.stringMatching(/^[A-Za-z0-9]{24,60}$/);

const NOW_SECONDS = NOW_MS / 1000;

const anyExp = fc.oneof(
  fc.integer({ min: NOW_SECONDS - 2, max: NOW_SECONDS + 700_000 }).map(String),
  fc.constantFrom(
    ...["0", "-1", "1e400", "-1e400", `${NOW_SECONDS}`, `"${NOW_SECONDS + 60}"`, `${NOW_MS}`],
    ...[`${NOW_SECONDS + 0.0004}`, `${NOW_SECONDS + 60},"exp":${NOW_SECONDS + 120}`],
  ),
);

const anyJwt = fc
  .oneof(
    anyExp.map((exp) => `{"exp":${exp}}`),
    anyExp.map((exp) => `{"exp":${exp}}`),
    fc.oneof(fc.json(), fc.constantFrom("", "{", '\ufeff{"exp":1}', '{"__proto__":{"exp":1}}')),
  )
  .map((payload) => `eyJhbGciOiJSUzI1NiJ9.${Buffer.from(payload).toString("base64url")}.c2ln`);

const anyToken = fc.oneof(
  { withCrossShrink: true },
  { arbitrary: anySecret, weight: 5 },
  { arbitrary: anyJwt, weight: 3 },
  { arbitrary: fc.constantFrom("", "a", "..", "a.eyJleHAiOjF9=.c"), weight: 1 },
  { arbitrary: anySecret.map((token) => token.repeat(3000)), weight: 1 },
  {
    // Blanks, controls, halves of surrogate pairs.
    arbitrary: fc
      .tuple(fc.constantFrom(..." \t\r\n\0\u001b\u007f\u00a0æ\u2028\ufeff\ud800"), anySecret)
      .map(([odd, token]) => `${token}${odd}${token}`),
    weight: 1,
  },
);

/** The text of a JSON value, or of something like one: often an almost good one. */
function anyOddValue(...almostGood: readonly string[]): fc.Arbitrary<string> {
  return fc.oneof(
    fc.constantFrom(...almostGood),
    fc.constantFrom(...almostGood, ...almostGood, "[".repeat(5000), `${'{"a":'.repeat(3000)}`),
    fc.oneof(
      fc.json(),
      fc.constantFrom("NaN", "0x10", "'Bearer'", '"Bearer', '"\\ud800"', '"a\nb"'),
    ),
  );
}

const anyOddType = anyOddValue(
  ...['"bearer"', '"Basic"', '" Bearer"', '["Bearer"]', '"\\u212Aearer"', '""'],
);

const anyOddLifetime = fc.oneof(
  fc.integer({ min: 0, max: 2e6 }).map(String),
  anyOddValue("0", "-1", "0.5", "86400.5", "864e2", "1e400", "9".repeat(500), "[86400]", "true"),
  fc.constantFrom('"86400"', '"3600"'),
);

const anyOddField = fc
  .tuple(
    fc.constantFrom("access_token", "access\\u005ftoken", "token_type", "expires_in", "__proto__"),
    anyOddValue("0", '""', '"Bearer"'),
  )
  .map(([name, value]) => [`"${name}":${value}`]);

/** Around the whole text: what makes it another one, or longer than is read. */
const anyWrapping = fc.constantFrom(
  ...["[TEXT]", '{"__proto__":TEXT}', "\ufeffTEXT", ")]}',\nTEXT", "\u00a0TEXT", "\r\n\tTEXT \n"],
  ...["TEXT\0", "TEXT}", `TEXT${" ".repeat(65_536)}`, `TEXT${" ".repeat(2e6)}`],
);

/** Cuts the body, or puts something into it: as Latin-1, and so rarely valid UTF-8. */
const anyDamage = fc.record({
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  removed: fc.constantFrom(0, 1, 2e6),
  inserted: fc.constantFrom("", "\0", "\xff", "\xc0\xaf", " ", '"', ",", "{"),
});

const anyTokenBody = fc
  .record({
    token: anyToken,
    type: mostly('"Bearer"', anyOddType),
    lifetime: mostly("86400", anyOddLifetime),
    kept: mostly([0, 1, 2], fc.subarray([0, 1, 2]), 16),
    before: mostly<string[]>([], anyOddField),
    after: mostly<string[]>([], anyOddField),
    wrapping: mostly("TEXT", anyWrapping),
    damage: mostly({ at: 0, removed: 0, inserted: "" }, anyDamage),
  })
  .map(({ token, type, lifetime, kept, before, after, wrapping, damage }) => {
    const good = [
      `"access_token":${JSON.stringify(token)}`,
      `"token_type":${type}`,
      `"expires_in":${lifetime}`,
    ].filter((_, index) => kept.includes(index));
    const text = `{${[...before, ...good, ...after].join(",")}}`;
    const whole = Buffer.from(wrapping.replace("TEXT", () => text));
    const at = Math.floor(damage.at * whole.length);
    const inserted = Buffer.from(damage.inserted, "latin1");
    const rest = whole.subarray(at + damage.removed);
    return { bytes: Buffer.concat([whole.subarray(0, at), inserted, rest]), secret: token };
  });

const anyErrorBody = fc
  .tuple(
    fc.constantFrom(
      '{"error":{"code":"SECRET","message":"SECRET"}}',
      '{"error":"SECRET"}',
      '{"error":{"message":{"SECRET":1}}}',
      '{"error":{"message":"SECRET',
      `{"error":{"message":"${"SECRET".repeat(3000)}"}}`,
      "<html><body>SECRET</body></html>",
    ),
    anySecret,
  )
  .map(([text, secret]) => ({ bytes: Buffer.from(text.replaceAll("SECRET", secret)), secret }));

export const anyBody: fc.Arbitrary<HostileBody> = fc.oneof(
  { withCrossShrink: true },
  { arbitrary: anyTokenBody, weight: 5 },
  { arbitrary: anyErrorBody, weight: 1 },
);
