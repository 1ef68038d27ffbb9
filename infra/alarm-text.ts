/** What a person reads when an alarm fires or clears, pure. */
import type { Place } from "./access.ts";
import type { AlarmDefinition } from "./alarm-definitions.ts";

export interface AlarmTextArgs {
  /** Dintero account, of an alarm that is about one. */
  readonly account: string | undefined;
  readonly stack: string;
  readonly place: Place;
  readonly functionName: string;
  /** The page of `docs/operating.md` in one's own copy, without a fragment. */
  readonly runbookUrl: string | undefined;
}

export function alarmText(
  kind: AlarmDefinition["kind"],
  { account, stack, place, functionName, runbookUrl }: AlarmTextArgs,
): string {
  return [kind, account, stack, place.awsAccountId, functionName, runbookUrl].join("\n");
}
