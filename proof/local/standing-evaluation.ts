/** Sets the alarms of a stack in the AWS stand-in, as CloudWatch does from the metrics of its checks. */
import type { AlarmChange } from "../simulation/alarm-model.ts";
import { AlarmWatch } from "./alarm-watch.ts";
import type { AwsStandIn } from "./aws/aws-stand-in.ts";
import type { Invocation } from "./lambda-runtime.ts";

export interface StandingEvaluationOptions {
  readonly aws: AwsStandIn;
  readonly now: () => number;
  readonly accountIds: readonly string[];
  /** In the state OK. */
  readonly alarmNames: readonly string[];
}

export class StandingEvaluation {
  readonly #aws: AwsStandIn;
  readonly #now: () => number;
  readonly #alarmNames: readonly string[];
  readonly #watch: AlarmWatch;
  /** By name. */
  readonly #states: Map<string, AlarmChange["state"]>;

  constructor({ aws, now, accountIds, alarmNames }: StandingEvaluationOptions) {
    this.#aws = aws;
    this.#now = now;
    this.#alarmNames = alarmNames;
    this.#states = new Map(alarmNames.map((name) => [name, "OK"]));
    this.#watch = new AlarmWatch({ accountIds, nowMs: now() });
  }

  record(invocation: Invocation): void {
    this.#watch.record(invocation, this.#now());
  }

  /** CloudWatch does this every minute. A state that somebody set by hand is corrected, too. */
  evaluate(): void {
    for (const change of this.#watch.advanceTo(this.#now())) {
      this.#states.set(this.#nameOf(change), change.state);
    }
    for (const [name, state] of this.#states) this.#aws.alarms.setState(name, state, REASON);
  }

  #nameOf({ alarm, accountId }: AlarmChange): string {
    const prefix = `tokens-${alarm}-${accountId === undefined ? "" : `${accountId}-`}`;
    const name = this.#alarmNames.find((it) => it.startsWith(prefix));
    if (name === undefined) throw new Error(`There is no alarm ${prefix}.`);
    return name;
  }
}

const REASON = "Evaluated from the metrics of the checks that ran on this machine.";
