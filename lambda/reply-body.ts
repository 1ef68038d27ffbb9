/** Reads and decodes the whole body of a reply, up to a size that no real reply has. */
import type { HttpReply } from "./post.ts";

/** The limit of a body as sent and as decoded. A real body has a few kilobytes. */
export const MAX_REPLY_BYTES = 64 * 1024;

export type ReplyBody =
  | { readonly ok: true; readonly text: string }
  /** `fault` continues a sentence about the reply: "its body is not valid gzip". */
  | { readonly ok: false; readonly fault: string };

/**
 * Decodes gzip, deflate and br, although none is asked for: CDNs compress unasked.
 * @throws what the stream of the body throws: a cut connection, an abort.
 */
export async function readReplyBody(reply: HttpReply): Promise<ReplyBody> {
  const coding = codingOf(reply);
  if (coding === undefined) {
    reply.destroy();
    return { ok: false, fault: "it has a Content-Encoding other than gzip, deflate or br" };
  }
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of reply) {
    size += chunk.byteLength;
    // Leaving the loop ends the stream, which closes the connection.
    if (size > MAX_REPLY_BYTES) return TOO_LARGE;
    chunks.push(chunk);
  }
  return decode(coding, Buffer.concat(chunks));
}

const TOO_LARGE: ReplyBody = {
  ok: false,
  fault: `its body is larger than ${MAX_REPLY_BYTES} bytes`,
};

/** `undefined` for a coding that is not decoded, and for several codings. */
function codingOf({ headers }: HttpReply): "identity" | "gzip" | "deflate" | "br" | undefined {
  const codings = (headers["content-encoding"] ?? "")
    .toLowerCase()
    .split(",")
    .map((coding) => coding.trim())
    // An empty list means no coding, and so does this name. Source: RFC 9110, section 8.4.
    .filter((coding) => coding !== "" && coding !== "identity");
  if (codings.length > 1) return undefined;
  switch (codings[0]) {
    case undefined:
      return "identity";
    case "gzip":
    // An alias. Source: RFC 9110, section 8.4.1.3.
    case "x-gzip":
      return "gzip";
    case "deflate":
    case "br":
      return codings[0];
    default:
      return undefined;
  }
}

async function decode(coding: string, body: Buffer): Promise<ReplyBody> {
  // An empty body has no coding, whatever the header says.
  if (coding === "identity" || body.length === 0) return { ok: true, text: body.toString("utf8") };
  // Loaded only for such a reply.
  const zlib = await import("node:zlib");
  const options = { maxOutputLength: MAX_REPLY_BYTES };
  try {
    const decoded =
      coding === "gzip"
        ? zlib.gunzipSync(body, options)
        : coding === "br"
          ? zlib.brotliDecompressSync(body, options)
          : hasZlibHeader(body)
            ? zlib.inflateSync(body, options)
            : zlib.inflateRawSync(body, options);
    return { ok: true, text: decoded.toString("utf8") };
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    return code === "ERR_BUFFER_TOO_LARGE"
      ? TOO_LARGE
      : { ok: false, fault: `its body is not valid ${coding}` };
  }
}

/** "deflate" means the zlib format, and some servers omit its header. Source: RFC 9110, section 8.4.1.2. */
function hasZlibHeader(body: Buffer): boolean {
  return body.length >= 2 && (body.readUInt8(0) & 0x0f) === 8 && body.readUInt16BE(0) % 31 === 0;
}
