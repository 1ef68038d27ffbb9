/** AWS STS, as far as a caller asks who they are. */
import * as v from "valibot";
import { type Operation, operation } from "./aws-operation.ts";

/** https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html */
export function callerIdentity(caller: {
  readonly accountId: string;
  readonly callerArn: string;
}): Map<string, Operation> {
  return new Map([
    [
      "GetCallerIdentity",
      operation(v.strictObject({}), () => ({
        Arn: caller.callerArn,
        UserId: "AIDASTANDIN000000000",
        Account: caller.accountId,
      })),
    ],
  ]);
}
