/**
 * The built function and the stand-ins around it, on a virtual clock. Counts each call.
 */
import { type AwsCall, AwsStandIn } from "../local/aws/aws-stand-in.ts";
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

interface Parts {
  readonly clock: VirtualClock;
  readonly aws: AwsStandIn;
  readonly dintero: DinteroStandIn;
  readonly sandbox: Sandbox;
}

export class CountedStack implements AsyncDisposable {
  readonly #resources: AsyncDisposableStack;
  readonly #parts: Parts;
  readonly #firstAccountId: string;

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
    const parts = { clock, aws, dintero, sandbox };
    return new CountedStack(stack.move(), parts, accountIds[0] ?? "");
  }

  private constructor(resources: AsyncDisposableStack, parts: Parts, firstAccountId: string) {
    this.#resources = resources;
    this.#parts = parts;
    this.#firstAccountId = firstAccountId;
  }

  /** Makes checks of all accounts, each this long after the previous one. */
  async makeChecks(count: number, intervalMs: number): Promise<Counted> {
    return this.#count(async (lines) => {
      for (let made = 0; made < count; made += 1) {
        this.#parts.clock.advance(intervalMs);
        await this.#check(lines);
      }
    });
  }

  /** Makes a check of all accounts, the first of which has new credentials. */
  async renewFirst(): Promise<Counted> {
    await this.#parts.sandbox.enterCredentials(this.#firstAccountId);
    return this.#count((lines) => this.#check(lines));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#resources.disposeAsync();
  }

  async #check(lines: string[]): Promise<void> {
    const { result, error, output } = await this.#parts.sandbox.check();
    const failed = error?.errorMessage ?? result?.accounts.find((it) => it.error)?.error?.message;
    if (failed) throw new Error(`The check that is counted failed: ${failed}`);
    lines.push(...output.split("\n").filter((line) => line !== ""));
  }

  async #count(work: (lines: string[]) => Promise<void>): Promise<Counted> {
    const { aws, dintero } = this.#parts;
    aws.calls.length = 0;
    dintero.requests.length = 0;
    const lines: string[] = [];
    await work(lines);
    const calls: Record<string, number> = {};
    for (const name of [...aws.calls.map(nameOf), ...dintero.requests.map(() => "dintero:token")]) {
      calls[name] = (calls[name] ?? 0) + 1;
    }
    const kmsRequests = aws.calls.reduce((sum, { kms }) => sum + kms.length, 0);
    return { calls, kmsRequests, lines };
  }
}

function nameOf({ service, operation }: AwsCall): string {
  return `${service}:${operation}`;
}
