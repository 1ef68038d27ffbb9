/**
 * The built function with all that is around it, on a virtual clock, where each call is counted.
 * Used by the guard against growth and for the cost of a day.
 */
import type { AwsCall } from "../local/aws/aws-stand-in.ts";
import { AwsStandIn } from "../local/aws/aws-stand-in.ts";
import { DinteroStandIn } from "../local/dintero/dintero-stand-in.ts";
import { Sandbox } from "../local/sandbox.ts";
import { VirtualClock } from "../local/virtual-clock.ts";

/** What one or many checks did. */
export interface Counted {
  /** By service and operation: `{ "ssm:GetParameters": 1 }`; `dintero:token` among them. */
  readonly calls: Readonly<Record<string, number>>;
  readonly kmsRequests: number;
  /** What the function wrote, a line each. */
  readonly lines: readonly string[];
}

export class CountedStack implements AsyncDisposable {
  readonly #resources: AsyncDisposableStack;
  readonly #clock: VirtualClock;
  readonly #aws: AwsStandIn;
  readonly #dintero: DinteroStandIn;
  readonly #sandbox: Sandbox;
  readonly #accountIds: readonly string[];

  /** Every account has its credentials and its first token. */
  static async start(bundleUrl: string, accountIds: readonly string[]): Promise<CountedStack> {
    await using stack = new AsyncDisposableStack();
    const clock = new VirtualClock();
    const { now } = clock;
    const aws = stack.adopt(await AwsStandIn.start({ now }), (it) => it.close());
    const dintero = stack.adopt(await DinteroStandIn.start({ now }), (it) => it.close());
    const sandbox = stack.adopt(
      await Sandbox.deploy({ accountIds, bundleUrl, clock, aws, dintero }),
      (it) => it.close(),
    );
    for (const accountId of accountIds) await sandbox.enterCredentials(accountId);
    await sandbox.check();
    return new CountedStack(stack.move(), { clock, aws, dintero, sandbox, accountIds });
  }

  private constructor(
    resources: AsyncDisposableStack,
    parts: {
      clock: VirtualClock;
      aws: AwsStandIn;
      dintero: DinteroStandIn;
      sandbox: Sandbox;
      accountIds: readonly string[];
    },
  ) {
    this.#resources = resources;
    this.#clock = parts.clock;
    this.#aws = parts.aws;
    this.#dintero = parts.dintero;
    this.#sandbox = parts.sandbox;
    this.#accountIds = parts.accountIds;
  }

  /** Makes checks of all accounts, each so long after the one before. */
  async makeChecks(count: number, intervalMs: number): Promise<Counted> {
    return this.#count(async (lines) => {
      for (let made = 0; made < count; made += 1) {
        this.#clock.advance(intervalMs);
        await this.#check(lines);
      }
    });
  }

  /** Makes a check of all accounts, the first of which has new credentials. */
  async renewFirst(): Promise<Counted> {
    const [first = ""] = this.#accountIds;
    await this.#sandbox.enterCredentials(first);
    return this.#count((lines) => this.#check(lines));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#resources.disposeAsync();
  }

  async #check(lines: string[]): Promise<void> {
    const { result, error, output } = await this.#sandbox.check();
    const failed = error?.errorMessage ?? result?.accounts.find((it) => it.error)?.error?.message;
    if (failed) throw new Error(`The check that is counted failed: ${failed}`);
    lines.push(...output.split("\n").filter((line) => line !== ""));
  }

  async #count(work: (lines: string[]) => Promise<void>): Promise<Counted> {
    this.#aws.calls.length = 0;
    this.#dintero.requests.length = 0;
    const lines: string[] = [];
    await work(lines);
    const calls: Record<string, number> = {};
    for (const name of [
      ...this.#aws.calls.map(nameOf),
      ...this.#dintero.requests.map(() => "dintero:token"),
    ]) {
      calls[name] = (calls[name] ?? 0) + 1;
    }
    const kmsRequests = this.#aws.calls.reduce((sum, { kms }) => sum + kms.length, 0);
    return { calls, kmsRequests, lines };
  }
}

function nameOf({ service, operation }: AwsCall): string {
  return `${service}:${operation}`;
}
