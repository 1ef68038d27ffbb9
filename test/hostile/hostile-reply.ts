/**
 * HTTP replies by chance, most of them broken in status line, headers, framing, coding or ending.
 * Called by `hostile-replies`, which sends them.
 */

import type { Random } from "../../proof/simulation/random.ts";
import { errorBody, goodBody, type HostileBody, hostileBody } from "./hostile-body.ts";
import { encodedBody } from "./hostile-coding.ts";
import { framedBody } from "./hostile-framing.ts";
import { oddHeaders } from "./hostile-headers.ts";
import { characters, pick, wholeNumber } from "./random-choice.ts";

/** `close` ends both directions, `half-close` only the server's; after `silence` nothing comes. */
export type ReplyEnd = "close" | "half-close" | "reset" | "silence";

export interface HostileReply {
  /** What it is made of, without a character of token or body. */
  readonly name: string;
  readonly bytes: Buffer;
  /** In as many writes as this, with the event loop turning in between. */
  readonly writes: number;
  readonly end: ReplyEnd;
  /** Whether the HTTP is sound: then only status and body decide what the client makes of it. */
  readonly isSound: boolean;
  /** Texts in it that no message may quote. */
  readonly secrets: readonly string[];
}

/** The next reply; a JWT in it is from around `nowMs`. */
export function hostileReply(random: Random, nowMs: number): HostileReply {
  const statusLine = random.chance(0.8)
    ? { isSound: true, line: "HTTP/1.1 200 OK", name: "200" }
    : otherStatusLine(random);
  const body = bodyFor(random, statusLine.line, nowMs);
  const coding = encodedBody(random, body.bytes, random.chance(0.25));
  const framing = framedBody(random, coding.bytes, random.chance(0.15));
  const headers = oddHeaders(random, random.chance(0.15));
  const before = random.chance(0.05) ? interimReplies(random) : "";
  const fields = ["content-type: application/json", ...coding.headers, ...framing.headers];
  const lineEnd = random.chance(0.02) ? "\n" : "\r\n";
  const head = [`${before}${statusLine.line}`, ...fields, ...headers.lines, "", ""].join(lineEnd);
  const whole = Buffer.concat([Buffer.from(head, "latin1"), framing.bytes]);
  const ending = endingOf(random, whole, framing.endsByItself);
  const parts = [statusLine, framing, headers, ending];
  return {
    name: [
      ...parts.map((part) => part.name),
      coding.name,
      `body: ${body.name}`,
      before && "after 1xx",
    ]
      .filter((name) => name !== "")
      .join(" | "),
    bytes: ending.bytes,
    writes: random.chance(0.2) ? wholeNumber(random, 2, 40) : 1,
    end: ending.end,
    isSound: parts.every((part) => part.isSound) && before === "" && lineEnd === "\r\n",
    secrets: [...body.secrets, ...headers.secrets],
  };
}

/** One part of a reply. */
interface Part {
  readonly name: string;
  readonly isSound: boolean;
}

const STATUSES: readonly [number, ...number[]] = [
  201, 202, 203, 206, 226, 299, 300, 301, 302, 303, 307, 308, 400, 401, 401, 401, 402, 403, 403,
  404, 405, 407, 408, 409, 418, 421, 425, 429, 431, 451, 499, 500, 501, 502, 503, 504, 511, 599,
];

function otherStatusLine(random: Random): Part & { readonly line: string } {
  if (random.chance(0.7)) {
    const status = pick(random, STATUSES);
    return { isSound: true, line: `HTTP/1.1 ${status} Reason`, name: `${status}` };
  }
  const line = pick(random, ODD_STATUS_LINES);
  return { isSound: false, line, name: `status line ${JSON.stringify(line.slice(0, 24))}` };
}

const ODD_STATUS_LINES: readonly [string, ...string[]] = [
  "HTTP/1.1 200",
  "HTTP/1.1 200 ",
  "HTTP/1.0 200 OK",
  "HTTP/0.9 200 OK",
  "HTTP/2 200 OK",
  "HTTP/2.0 200 OK",
  "HTTP/1.1  200 OK",
  "HTTP/1.1\t200 OK",
  "HTTP/1.1 20 OK",
  "HTTP/1.1 2000 OK",
  "HTTP/1.1 +200 OK",
  "HTTP/1.1 0200 OK",
  "HTTP/1.1 2e2 OK",
  "HTTP/1.1 -200 OK",
  "HTTP/1.1 000 None",
  "HTTP/1.1 099 None",
  "HTTP/1.1 600 None",
  "HTTP/1.1 999 None",
  "HTTP/1.1 204 No Content",
  "HTTP/1.1 205 Reset Content",
  "HTTP/1.1 304 Not Modified",
  "HTTP/1.1 100 Continue",
  "HTTP/1.1 101 Switching Protocols",
  "HTTP/1.1 103 Early Hints",
  "http/1.1 200 OK",
  "ICY 200 OK",
  "200 OK",
  "",
  "\r\n\r\nHTTP/1.1 200 OK",
  "POST / HTTP/1.1",
  "SSH-2.0-OpenSSH_9.6",
  "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
  "HTTP/1.1 200 \0\x1b[31m",
  "HTTP/1.1 200 \xc3\xa6",
  `HTTP/1.1 200 ${"long reason ".repeat(2000)}`,
];

function interimReplies(random: Random): string {
  const reply = pick(random, [
    "HTTP/1.1 103 Early Hints\r\nlink: </>\r\n\r\n",
    "HTTP/1.1 102 Processing\r\n\r\n",
    "HTTP/1.1 100 Continue\r\n\r\n",
    "HTTP/1.1 199 Odd\r\n\r\n",
    "HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: x\r\n\r\n",
  ]);
  return reply.repeat(pick(random, [1, 1, 2, 50, 5000]));
}

function bodyFor(random: Random, statusLine: string, nowMs: number): HostileBody {
  if (!statusLine.includes("200")) return random.chance(0.7) ? errorBody(random) : goodBody(random);
  return random.chance(0.15) ? goodBody(random) : hostileBody(random, nowMs);
}

/** How the reply ends, and what of it is sent before that. */
function endingOf(
  random: Random,
  whole: Buffer,
  endsByItself: boolean,
): Part & { readonly bytes: Buffer; readonly end: ReplyEnd } {
  if (random.chance(0.75)) {
    const end = endsByItself ? pick<ReplyEnd>(random, ["close", "silence"]) : "close";
    return { name: `then ${end}`, isSound: true, bytes: whole, end };
  }
  const end = pick<ReplyEnd>(random, ["close", "half-close", "reset", "silence"]);
  const [name, bytes] = pick<[string, Buffer]>(random, [
    ["whole", whole],
    ["cut", whole.subarray(0, wholeNumber(random, 0, whole.length))],
    ["cut near its end", whole.subarray(0, Math.max(0, whole.length - wholeNumber(random, 1, 8)))],
    ["nothing sent", Buffer.alloc(0)],
    ["garbage after", Buffer.concat([whole, Buffer.from(characters(random, 50, "\r\n\0xH"))])],
    ["second reply after", Buffer.concat([whole, secondReply(random)])],
  ]);
  return { name: `${name}, then ${end}`, isSound: false, bytes, end };
}

/** A good reply that nobody asked for. */
function secondReply(random: Random): Buffer {
  const { bytes } = goodBody(random);
  return Buffer.from(`HTTP/1.1 200 OK\r\ncontent-length: ${bytes.length}\r\n\r\n${bytes}`);
}
