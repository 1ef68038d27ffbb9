/**
 * The chart of an outage, as SVG, pure: what is left of a token's lifetime with this program, above a
 * daily schedule.
 */
import { AT_RISK_THIRDS_LEFT, RENEW_AT_THIRDS_LEFT } from "../../lambda/renewal-policy.ts";
import { PICTURE, type PictureRun, type PictureRuns } from "./picture-runs.ts";
import { STYLE } from "./picture-style.ts";

const WIDTH = 920;
const LEFT = 58;
const RIGHT = 836;
const PANEL_HEIGHT = 168;
const PANELS_Y = [128, 396] as const;
const HEIGHT = 652;

const AXIS_HOURS = Array.from({ length: PICTURE.end / 4 + 1 }, (_, index) => index * 4);
const OUTAGE_HOURS = PICTURE.outageTo - PICTURE.outageFrom;

export function pictureOf({ thisProgram, daily }: PictureRuns): string {
  const title = `A token's lifetime through a Dintero outage of ${OUTAGE_HOURS} hours`;
  const panels = [
    { name: "This program", run: thisProgram, y: PANELS_Y[0] },
    { name: "A fixed daily schedule", run: daily, y: PANELS_Y[1] },
  ];
  const summaries = panels.map(({ name, run }) => `${name}: ${summary(run)}`);
  return `${[
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-labelledby="title desc">`,
    `<title id="title">${title}</title>`,
    `<desc id="desc">${summaries.join(" ")}</desc>`,
    `<style>${STYLE}</style>`,
    `<defs><pattern id="hatch" width="8" height="8" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect class="hatch" width="2" height="8"/></pattern></defs>`,
    `<rect class="page" width="${WIDTH}" height="${HEIGHT}" rx="12"/>`,
    text(LEFT, 40, title, "head"),
    text(LEFT, 62, `Tokens valid for ${PICTURE.lifetime} hours. Lifetime left, in thirds.`, "note"),
    ...panels.flatMap(({ name, run, y }) => panel(name, run, y)),
    ...legend(),
    "</svg>",
  ].join("\n")}\n`;
}

/** What a run came to, in a sentence. */
function summary(run: PictureRun): string {
  const expired = expiredSpans(run);
  const hours = expired.reduce((sum, { from, to }) => sum + to - from, 0);
  const first = alertedSpans(run)[0];
  const left = first ? Math.floor(percentLeft(run, first.from)) : 0;
  const alert = first ? `People are alerted with ${left} % left` : "Nobody is alerted";
  const readers =
    hours > 0 ? `readers hold an expired token for ${hours.toFixed(0)} hours` : "no reader notices";
  return `${alert}; ${readers}.`;
}

function panel(name: string, run: PictureRun, top: number): string[] {
  const y = (percent: number) => top + PANEL_HEIGHT * (1 - percent / 100);
  const atRisk = (100 * AT_RISK_THIRDS_LEFT) / 3;
  const renewing = (100 * RENEW_AT_THIRDS_LEFT) / 3;
  const bands = [
    { name: "fresh", from: renewing, to: 100 },
    { name: "renewing", from: atRisk, to: renewing },
    { name: "at risk", from: 0, to: atRisk },
  ];
  return [
    text(LEFT, top - 26, name, "name"),
    text(LEFT, top - 9, summary(run), "note"),
    ...bands.flatMap(({ name, from, to }) => [
      rectangle(name.replace(" ", "-"), LEFT, y(to), RIGHT - LEFT, y(from) - y(to)),
      text(RIGHT + 10, y((from + to) / 2) + 4, name, "band"),
    ]),
    ...[0, 100].map((percent) => text(LEFT - 8, y(percent) + 4, `${percent} %`, "axis", "end")),
    `<rect fill="url(#hatch)" x="${x(PICTURE.outageFrom)}" y="${top}" width="${n(x(PICTURE.outageTo) - x(PICTURE.outageFrom))}" height="${PANEL_HEIGHT}"/>`,
    text(x(PICTURE.outageFrom) + 8, top + 16, "Dintero is down", "band"),
    `<path class="left" d="${pathOf(run, y)}"/>`,
    ...expiredSpans(run).flatMap(({ from, to }) => [
      rectangle("expired", x(from), y(0) - 3, x(to) - x(from), 6),
      text(x(to) - 12, y(0) - 12, `expired for ${(to - from).toFixed(0)} h`, "bad", "end"),
    ]),
    ...run.tokens.map(({ at }) => `<circle class="renewal" cx="${x(at)}" cy="${y(100)}" r="4.5"/>`),
    ...firings(run).flatMap((alarm) => [
      bell(x(alarm.at), y(percentLeft(run, alarm.at))),
      alarmLabel(alarm, run, y),
    ]),
    ...alertedSpans(run).map(({ from, to }) =>
      rectangle("alerted", x(from), top + PANEL_HEIGHT + 8, x(to) - x(from), 6),
    ),
    ...AXIS_HOURS.map((hour) =>
      text(x(hour), top + PANEL_HEIGHT + 32, `${hour} h`, "axis", "middle"),
    ),
  ];
}

/** Beside the mark, on the side that no line crosses. */
function alarmLabel(
  { at, alarm }: { readonly at: number; readonly alarm: string },
  run: PictureRun,
  y: (percent: number) => number,
): string {
  const left = percentLeft(run, at);
  const words = `${alarm}, ${Math.floor(left)} % left`;
  const risesSoon = run.tokens.some((token) => token.at > at && token.at - at < 16);
  return risesSoon
    ? text(x(at) - 12, y(left) + 16, words, "alarm", "end")
    : text(x(at) + 10, y(left) - 8, words, "alarm");
}

/** Down with the time that passes, and up with a renewal. */
function pathOf(run: PictureRun, y: (percent: number) => number): string {
  return run.tokens
    .map((token, index) => {
      const end = run.tokens[index + 1]?.at ?? PICTURE.end;
      const down = `L${x(Math.min(end, token.expiresAt))} ${n(y(percentOf(token, end)))}`;
      const along = end > token.expiresAt ? `L${x(end)} ${n(y(0))}` : "";
      return `${index === 0 ? "M" : "L"}${x(token.at)} ${n(y(100))}${down}${along}`;
    })
    .join("");
}

interface Span {
  readonly from: number;
  readonly to: number;
}

function expiredSpans({ tokens }: PictureRun): Span[] {
  return tokens.flatMap(({ expiresAt }, index) => {
    const to = tokens[index + 1]?.at ?? PICTURE.end;
    // The minute by which a daily run is late would not be seen.
    return to - expiresAt > 0.1 ? [{ from: expiresAt, to }] : [];
  });
}

function firings({ alarms }: PictureRun) {
  return alarms.filter(({ state }) => state === "ALARM");
}

/** While at least one alarm is on. */
function alertedSpans({ alarms }: PictureRun): Span[] {
  const spans: Span[] = [];
  const on = new Set<string>();
  let from = 0;
  for (const { at, alarm, state } of alarms) {
    if (state === "ALARM") {
      if (on.size === 0) from = at;
      on.add(alarm);
    } else if (on.delete(alarm) && on.size === 0) spans.push({ from, to: at });
  }
  if (on.size > 0) spans.push({ from, to: PICTURE.end });
  return spans;
}

function percentLeft({ tokens }: PictureRun, at: number): number {
  const token = tokens.findLast((candidate) => candidate.at <= at);
  return token ? percentOf(token, at) : 0;
}

function percentOf({ expiresAt }: { readonly expiresAt: number }, at: number): number {
  return Math.max(0, (100 * (expiresAt - at)) / PICTURE.lifetime);
}

function legend(): string[] {
  const y = HEIGHT - 22;
  return [
    `<circle class="renewal" cx="${LEFT + 5}" cy="${y - 4}" r="4.5"/>`,
    text(LEFT + 18, y, "a new token is stored", "note"),
    bell(LEFT + 190, y - 4),
    text(LEFT + 204, y, "an alarm fires", "note"),
    rectangle("alerted", LEFT + 340, y - 7, 26, 6),
    text(LEFT + 374, y, "people have been alerted", "note"),
    rectangle("expired", LEFT + 540, y - 7, 26, 6),
    text(LEFT + 574, y, "the stored token is expired", "note"),
  ];
}

/** A diamond, which stays one at any size. */
function bell(centreX: number, centreY: number): string {
  return `<path class="firing" d="M${n(centreX)} ${n(centreY - 7)}l7 7l-7 7l-7 -7z"/>`;
}

function rectangle(name: string, left: number, top: number, width: number, height: number): string {
  return `<rect class="${name}" x="${n(left)}" y="${n(top)}" width="${n(width)}" height="${n(height)}"/>`;
}

function text(
  left: number,
  baseline: number,
  words: string,
  name: string,
  anchor: "start" | "middle" | "end" = "start",
): string {
  return `<text class="${name}" x="${n(left)}" y="${n(baseline)}" text-anchor="${anchor}">${words}</text>`;
}

function x(hour: number): number {
  return n(LEFT + ((RIGHT - LEFT) * hour) / PICTURE.end);
}

/** A tenth of a unit is finer than any screen. */
function n(number: number): number {
  return Number(number.toFixed(1));
}
