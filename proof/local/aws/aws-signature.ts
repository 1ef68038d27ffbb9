/**
 * The check of AWS Signature Version 4 on a request: it is computed again with the SDK's own
 * signer and compared. Called by `aws-stand-in.ts` for every request.
 */
import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import { SignatureV4 } from "@smithy/signature-v4";
import { AwsError } from "./aws-error.ts";

/** What a request was signed with and for. */
export interface SignatureScope {
  credentials: { accessKeyId: string; secretAccessKey: string };
  region: string;
  service: string;
}

/** A request as it came over the wire. */
export interface SignedRequest {
  method: string;
  /** Path and query. */
  url: string;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

/** How far a request's date may be from the server's, in milliseconds, to either side. */
const MAX_CLOCK_SKEW_MS = 5 * 60 * 1000;

/**
 * Throws {@link AwsError} unless the request carries a valid, current signature in its
 * `Authorization` header. Dates may be five minutes off the service's clock (`nowMs`).
 *
 * The rules and the wording:
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_aws-signing.html,
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/signature-v4-troubleshooting.html,
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html
 */
export async function verifySignature(
  request: SignedRequest,
  scope: SignatureScope,
  nowMs: number,
): Promise<void> {
  const { authorization } = request.headers;
  if (!authorization) {
    throw new AwsError("MissingAuthenticationTokenException", "Missing Authentication Token");
  }
  const { accessKeyId, credentialScope, signedHeaders, signature } = parse(authorization);
  const longDate = request.headers["x-amz-date"];
  const signingDate = typeof longDate === "string" ? parseLongDate(longDate) : undefined;
  if (!signingDate) {
    throw new AwsError(
      "IncompleteSignatureException",
      "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header.",
    );
  }
  // The one pair of credentials is a long-term one: a session token cannot belong to it.
  if (
    accessKeyId !== scope.credentials.accessKeyId ||
    request.headers["x-amz-security-token"] !== undefined
  ) {
    throw new AwsError(
      "UnrecognizedClientException",
      "The security token included in the request is invalid.",
    );
  }
  checkScope(credentialScope, scope, String(longDate));
  checkDate(signingDate, nowMs);
  checkPayloadHash(request);
  const expected = parse(await sign(request, signedHeaders, scope, signingDate));
  if (!equal(signature, expected.signature)) throw mismatch();
}

function parse(authorization: string) {
  const [algorithm, ...rest] = authorization.split(" ");
  const fields = new Map(
    rest
      .join("")
      .split(",")
      .map((field): [string, string] => {
        const [name = "", ...value] = field.split("=");
        return [name, value.join("=")];
      }),
  );
  const missing = ["Credential", "Signature", "SignedHeaders"].filter((name) => !fields.get(name));
  if (algorithm !== "AWS4-HMAC-SHA256" || missing.length > 0) {
    const requirements = missing.map(
      (name) => `Authorization header requires '${name}' parameter.`,
    );
    throw new AwsError(
      "IncompleteSignatureException",
      requirements.join(" ") || `Unsupported AWS 'algorithm': '${algorithm}'.`,
    );
  }
  const [accessKeyId = "", ...credentialScope] = (fields.get("Credential") ?? "").split("/");
  return {
    accessKeyId,
    credentialScope,
    signedHeaders: (fields.get("SignedHeaders") ?? "").split(";"),
    signature: fields.get("Signature") ?? "",
  };
}

function parseLongDate(longDate: string): Date | undefined {
  const parts = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(longDate);
  if (!parts) return undefined;
  const [, year, month, day, hour, minute, second] = parts;
  const date = new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  return Number.isNaN(date.getTime()) ? undefined : date;
}

function checkScope(credentialScope: string[], scope: SignatureScope, longDate: string): void {
  const [date, region, service, terminator] = credentialScope;
  const faults: string[] = [];
  if (date !== longDate.slice(0, 8)) {
    faults.push(`Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date`);
  }
  if (region !== scope.region) faults.push("Credential should be scoped to a valid region.");
  if (service !== scope.service) {
    faults.push(`Credential should be scoped to correct service: '${scope.service}'.`);
  }
  if (terminator !== "aws4_request" || credentialScope.length !== 4) {
    faults.push("Credential should be scoped with a valid terminator: 'aws4_request'.");
  }
  if (faults.length > 0) throw new AwsError("InvalidSignatureException", faults.join(" "));
}

function checkDate(signingDate: Date, nowMs: number): void {
  const aheadMs = signingDate.getTime() - nowMs;
  if (Math.abs(aheadMs) <= MAX_CLOCK_SKEW_MS) return;
  const limit = new Date(nowMs + Math.sign(aheadMs) * MAX_CLOCK_SKEW_MS);
  throw new AwsError(
    "InvalidSignatureException",
    aheadMs < 0
      ? `Signature expired: ${format(signingDate)} is now earlier than ${format(limit)} (${format(new Date(nowMs))} - 5 min.)`
      : `Signature not yet current: ${format(signingDate)} is still later than ${format(limit)} (${format(new Date(nowMs))} + 5 min.)`,
  );
}

function format(date: Date): string {
  return date.toISOString().replace(/[-:]|\.\d+/g, "");
}

// The signer trusts this header where it is sent, so that it has to be compared with the body here.
function checkPayloadHash({ headers, body }: SignedRequest): void {
  const declared = headers["x-amz-content-sha256"];
  if (declared === undefined) return;
  if (declared !== createHash("sha256").update(body).digest("hex")) throw mismatch();
}

async function sign(
  request: SignedRequest,
  signedHeaders: string[],
  scope: SignatureScope,
  signingDate: Date,
): Promise<string> {
  const required = Object.keys(request.headers).filter((name) => name.startsWith("x-amz-"));
  for (const name of ["host", ...required]) {
    if (!signedHeaders.includes(name)) {
      throw new AwsError(
        "InvalidSignatureException",
        `'${name}' must be a 'SignedHeader' in the AWS Authorization.`,
      );
    }
  }
  const signer = new SignatureV4({
    ...scope,
    sha256: Sha256,
    // Else the signer adds that header, which the AWS CLI and boto3 do not send.
    applyChecksum: request.headers["x-amz-content-sha256"] !== undefined,
  });
  const { pathname, searchParams } = new URL(request.url, "http://localhost");
  const signed = await signer.sign(
    {
      method: request.method,
      protocol: "http:",
      hostname: "localhost",
      path: pathname,
      query: Object.fromEntries(searchParams),
      headers: Object.fromEntries(
        signedHeaders.map((name) => [name, String(request.headers[name] ?? "")]),
      ),
      body: request.body,
    },
    { signingDate, signableHeaders: new Set(signedHeaders) },
  );
  return signed.headers["authorization"] ?? "";
}

function equal(left: string, right: string): boolean {
  const [a, b] = [Buffer.from(left), Buffer.from(right)];
  return a.length === b.length && timingSafeEqual(a, b);
}

function mismatch(): AwsError {
  return new AwsError(
    "InvalidSignatureException",
    "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.",
  );
}

/** SHA-256, or HMAC with it where there is a secret, in the form that the signer takes. */
class Sha256 {
  readonly #hash: ReturnType<typeof createHash | typeof createHmac>;

  constructor(secret?: string | ArrayBuffer | ArrayBufferView) {
    this.#hash = secret === undefined ? createHash("sha256") : createHmac("sha256", bytes(secret));
  }

  update(data: Uint8Array): void {
    this.#hash.update(data);
  }

  async digest(): Promise<Uint8Array> {
    return this.#hash.digest();
  }

  reset(): void {
    throw new Error("The signer makes one hash for each digest.");
  }
}

function bytes(data: string | ArrayBuffer | ArrayBufferView): Uint8Array {
  if (typeof data === "string") return Buffer.from(data);
  if (data instanceof ArrayBuffer) return new Uint8Array(data);
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}
