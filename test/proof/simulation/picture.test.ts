import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { pictureOf } from "../../../proof/simulation/picture.ts";
import { type PictureRun, pictureRuns } from "../../../proof/simulation/picture-runs.ts";

const DOCS = join(import.meta.dirname, "..", "..", "..", "docs");

const CALM: PictureRun = {
  tokens: [0, 8, 16, 24, 32, 40, 48].map((at) => ({ at, expiresAt: at + 24 })),
  alarms: [],
};

const EXPIRING: PictureRun = {
  tokens: [
    { at: 0, expiresAt: 24 },
    { at: 40, expiresAt: 64 },
  ],
  alarms: [
    { at: 12, alarm: "first", state: "ALARM" },
    { at: 20, alarm: "second", state: "ALARM" },
    { at: 40, alarm: "first", state: "OK" },
    { at: 41, alarm: "second", state: "OK" },
  ],
};

function count(text: string, part: string): number {
  return text.split(part).length - 1;
}

test("the picture in the documents is the one that the simulation draws", async () => {
  const shown = readFileSync(join(DOCS, "outage.svg"), "utf8");
  // If not, `npm run simulate` draws it anew.
  expect(pictureOf(await pictureRuns({ seed: 1 })) === shown).toBe(true);
}, 30_000);

describe("The picture", () => {
  const svg = pictureOf({ thisProgram: CALM, daily: EXPIRING });

  test("says in words what it shows, for readers who cannot see it", () => {
    expect(svg).toContain('role="img" aria-labelledby="title desc"');
    expect(svg).toContain(
      '<desc id="desc">This program: Nobody is alerted; no reader notices. A fixed daily schedule: People are alerted with 50 % left; readers hold an expired token for 16 hours.</desc>',
    );
  });

  test("marks each renewal, each alarm, what is expired and how long people have been alerted", () => {
    // The legend has one more of each.
    expect(count(svg, 'class="renewal"')).toBe(CALM.tokens.length + EXPIRING.tokens.length + 1);
    expect(count(svg, 'class="firing"')).toBe(2 + 1);
    expect(count(svg, '<rect class="expired"')).toBe(1 + 1);
    expect(count(svg, '<rect class="alerted"')).toBe(1 + 1);
    expect(svg).toContain("first, 50 % left");
    expect(svg).toContain("expired for 16 h");
  });

  test("has a colour for light and for dark pages, and loads nothing", () => {
    expect(svg).toContain("@media (prefers-color-scheme:dark)");
    expect(svg).not.toMatch(/href|@import|@font-face|<script|<image|url\((?!#hatch\))/);
  });
});
