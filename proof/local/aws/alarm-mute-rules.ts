/**
 * Amazon CloudWatch: alarm mute rules. A rule has the status that it was made with; alarms notify all the
 * same.
 *
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_ListAlarmMuteRules.html and its
 * neighbours
 */
import type { PutAlarmMuteRuleCommandInput } from "@aws-sdk/client-cloudwatch";
import * as v from "valibot";
import { AwsError } from "./aws-error.ts";
import { type Operation, operation } from "./aws-operation.ts";
import { page } from "./paging.ts";

const MuteRuleStatus = v.picklist(["SCHEDULED", "ACTIVE", "EXPIRED"]);

/** A rule in the members of the API. */
export type AlarmMuteRule = Pick<PutAlarmMuteRuleCommandInput, "MuteTargets" | "ExpireDate"> & {
  readonly Name: string;
  readonly Rule: NonNullable<PutAlarmMuteRuleCommandInput["Rule"]>;
  readonly Status: v.InferOutput<typeof MuteRuleStatus>;
};

const ListAlarmMuteRulesInput = v.strictObject({
  AlarmName: v.optional(v.string()),
  Statuses: v.optional(v.array(MuteRuleStatus)),
  NextToken: v.optional(v.string()),
});

const GetAlarmMuteRuleInput = v.strictObject({ AlarmMuteRuleName: v.string() });

/** The mute rules of one account and Region. */
export class AlarmMuteRules {
  readonly operations = new Map<string, Operation>([
    ["ListAlarmMuteRules", operation(ListAlarmMuteRulesInput, this.#list.bind(this))],
    ["GetAlarmMuteRule", operation(GetAlarmMuteRuleInput, this.#get.bind(this))],
  ]);

  readonly #arnPrefix: string;
  readonly #rules = new Map<string, AlarmMuteRule>();

  constructor({ place }: { place: { region: string; accountId: string } }) {
    this.#arnPrefix = `arn:aws:cloudwatch:${place.region}:${place.accountId}:alarm-mute-rule:`;
  }

  put(rule: AlarmMuteRule): void {
    this.#rules.set(rule.Name, rule);
  }

  clear(): void {
    this.#rules.clear();
  }

  /** A summary has neither name, nor targets, nor schedule. */
  #list({ AlarmName, Statuses, NextToken }: v.InferOutput<typeof ListAlarmMuteRulesInput>) {
    const found = [...this.#rules.values()].filter(
      ({ MuteTargets, Status }) =>
        (AlarmName === undefined || MuteTargets?.AlarmNames?.includes(AlarmName)) &&
        (Statuses?.includes(Status) ?? true),
    );
    const { items, nextToken } = page(found, NextToken);
    return {
      AlarmMuteRuleSummaries: items.map(({ Name, Status, Rule, ExpireDate }) => ({
        AlarmMuteRuleArn: this.#arnPrefix + Name,
        Status,
        MuteType: Rule.Schedule?.Expression?.startsWith("at(") ? "ONE_TIME" : "RECURRING",
        ExpireDate: seconds(ExpireDate),
      })),
      NextToken: nextToken,
    };
  }

  #get({ AlarmMuteRuleName }: v.InferOutput<typeof GetAlarmMuteRuleInput>) {
    const rule = this.#rules.get(AlarmMuteRuleName);
    if (!rule) {
      throw new AwsError("ResourceNotFoundException", "Alarm mute rule not found", 404);
    }
    return {
      ...rule,
      AlarmMuteRuleArn: this.#arnPrefix + AlarmMuteRuleName,
      ExpireDate: seconds(rule.ExpireDate),
    };
  }
}

/** Times go over the wire as seconds since the epoch. */
function seconds(date: Date | undefined): number | undefined {
  return date && date.getTime() / 1000;
}
