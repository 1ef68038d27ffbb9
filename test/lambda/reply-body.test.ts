import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from "node:zlib";
import { describe, expect, test } from "@jest/globals";
import { MAX_REPLY_BYTES, readReplyBody } from "../../lambda/reply-body.ts";
import { httpReply } from "./token-request.ts";

const TEXT = '{"text":"é🔑"}';
const BODY = Buffer.from(TEXT);

const CODED: [coding: string, encode: (body: Buffer) => Buffer][] = [
  ["gzip", gzipSync],
  ["GZIP", gzipSync],
  ["x-gzip", gzipSync],
  ["identity, gzip", gzipSync],
  ["deflate", deflateSync],
  ["deflate", deflateRawSync],
  ["br", brotliCompressSync],
];

function read(body: Uint8Array, coding?: string) {
  const reply = httpReply(body, coding === undefined ? {} : { "content-encoding": coding });
  return readReplyBody(reply);
}

describe("A body", () => {
  test.each([undefined, "", ",", "identity", "Identity, identity"])(
    "with the Content-Encoding %j is read as it is",
    async (coding) => {
      expect(await read(BODY, coding)).toEqual({ ok: true, text: TEXT });
    },
  );

  test.each(CODED)("with the Content-Encoding %s is decoded (%#)", async (coding, encode) => {
    expect(await read(encode(BODY), coding)).toEqual({ ok: true, text: TEXT });
  });

  test.each(CODED)("that is empty is empty in %s too (%#)", async (coding) => {
    expect(await read(Buffer.alloc(0), coding)).toEqual({ ok: true, text: "" });
  });

  test.each(CODED)("is read up to the limit in %s, and no further (%#)", async (coding, encode) => {
    const largest = Buffer.alloc(MAX_REPLY_BYTES, " ");
    expect(await read(encode(largest), coding)).toMatchObject({ ok: true });
    const larger = Buffer.alloc(MAX_REPLY_BYTES + 1, " ");
    expect(await read(encode(larger), coding)).toEqual({
      ok: false,
      fault: expect.stringContaining(`${MAX_REPLY_BYTES} bytes`),
    });
  });

  test.each(CODED)(
    "that is cut off or has another format is not valid %s (%#)",
    async (coding, encode) => {
      for (const body of [encode(BODY).subarray(0, -6), Buffer.from("<html></html>")]) {
        const fault = expect.stringContaining(coding.toLowerCase().replace(/x-|identity, /, ""));
        expect(await read(body, coding)).toEqual({ ok: false, fault });
      }
    },
  );

  test.each(["gzip, gzip", "br, gzip", "x-identity", "identity;q=1", "zstd", "compress"])(
    "with the Content-Encoding %s is not read, and its connection closed",
    async (coding) => {
      const reply = httpReply(BODY, { "content-encoding": coding });
      expect(await readReplyBody(reply)).toEqual({
        ok: false,
        fault: expect.stringContaining("Content-Encoding"),
      });
      expect(reply.destroyed).toBe(true);
    },
  );
});
