/**
 * What is around a sample while it runs: the stand-ins for AWS and Dintero, a token in Parameter
 * Store, and a clock. Made by `run-samples.ts` for each case.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PutParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { statusParameterName, tokenParameterName } from "../../lambda/contract.ts";
import { AwsStandIn } from "../../proof/local/aws/aws-stand-in.ts";
import { newAccessToken } from "../../proof/local/dintero/access-token.ts";
import { CheckoutStandIn } from "./checkout-stand-in.ts";

/** The account that the samples name. */
export const ACCOUNT_ID = "T12345678";

export class SampleWorld {
  readonly aws: AwsStandIn;
  readonly checkout: CheckoutStandIn;
  /**
   * How much time has passed for the sample, and with it for AWS, beside the system's; how much of it while
   * its machine was suspended; and how far somebody has set the sample's clock back.
   */
  readonly clock: { offsetMs: number; suspendedMs: number; setBackMs: number };
  /** What else the sample's process finds in its environment, and which of the defaults it does not. */
  ambient: Readonly<Record<string, string>> = {};
  /** Its home. */
  readonly home: string;
  readonly #ssm: SSMClient;

  static async start(): Promise<SampleWorld> {
    const clock = { offsetMs: 0, suspendedMs: 0, setBackMs: 0 };
    const aws = await AwsStandIn.start({ now: () => Date.now() + clock.offsetMs });
    const checkout = await CheckoutStandIn.start();
    return new SampleWorld(aws, checkout, clock, await mkdtemp(join(tmpdir(), "samples-home-")));
  }

  private constructor(
    aws: AwsStandIn,
    checkout: CheckoutStandIn,
    clock: SampleWorld["clock"],
    home: string,
  ) {
    this.aws = aws;
    this.checkout = checkout;
    this.clock = clock;
    this.home = home;
    const { url: endpoint, region, credentials } = aws;
    this.#ssm = new SSMClient({ endpoint, region, credentials });
  }

  /** Of the sample's process: nothing of this one's, so that no profile or proxy plays a part. */
  get environment(): Readonly<Record<string, string>> {
    const { url, credentials } = this.aws;
    return {
      PATH: process.env["PATH"] ?? "",
      HOME: this.home,
      AWS_ENDPOINT_URL: url,
      AWS_ACCESS_KEY_ID: credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
      DINTERO_ORIGIN: this.checkout.origin,
      ...this.ambient,
    };
  }

  /** Puts a new token into the parameter, as the function does. Dintero takes it from now on. */
  async renewToken(): Promise<string> {
    const token = await this.#newToken();
    await this.#put(tokenParameterName(ACCOUNT_ID), token, "SecureString");
    this.checkout.accepted.add(token);
    return token;
  }

  async putStatus(status: string): Promise<void> {
    await this.#put(statusParameterName(ACCOUNT_ID), status, "String");
  }

  /** What each read of the token has asked for, in that order. */
  get tokenReads(): readonly unknown[] {
    return this.aws.calls
      .filter(({ operation }) => operation === "GetParameter")
      .map(({ input }) => input);
  }

  async close(): Promise<void> {
    this.#ssm.destroy();
    await Promise.all([
      this.aws.close(),
      this.checkout.close(),
      rm(this.home, { recursive: true }),
    ]);
  }

  #newToken(): string {
    const audience = `https://api.dintero.com/v1/accounts/${ACCOUNT_ID}`;
    const grant = { client_id: "sample", audience };
    return newAccessToken(grant, Date.now() + this.clock.offsetMs, 86_400);
  }

  async #put(name: string, value: string, type: "String" | "SecureString"): Promise<void> {
    this.#ssm.config.systemClockOffset = this.clock.offsetMs;
    await this.#ssm.send(
      new PutParameterCommand({
        Name: name,
        Value: value,
        Type: type,
        ...(type === "SecureString" && { KeyId: this.aws.keyArn }),
        Overwrite: true,
      }),
    );
  }
}
