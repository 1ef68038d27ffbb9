/** The document of `status`, and its parts that tests use most. */
import { expect } from "@jest/globals";
import type { Fault, FaultCode } from "../../ops/fault.ts";
import type { StatusReport } from "../../ops/status-report.ts";
import type { StandingStack } from "../../proof/local/standing-stack.ts";
import { runOps } from "./ops-process.ts";

/** What `status --json` prints about a stack of production. */
export async function readStatus(stack: StandingStack): Promise<Status> {
  const run = await runOps(stack, ["status", "--stack", "prod", "--json"]);
  const document = JSON.parse(run.stdout);
  const faults: readonly Fault[] = document.faults;
  expect(document.ok).toBe(run.status === 0);
  const codes = faults.map(({ code }) => code);
  return { ...document, ...{ status: run.status, faults, codes } };
}

/** The document, of which these parts are used most, with the exit status. */
export type Status = StatusReport & {
  readonly status: number | null;
  readonly codes: readonly FaultCode[];
};

/** The message of the one fault with the code. */
export function messageOf(faults: readonly Fault[], code: FaultCode): string {
  const [fault, ...others] = faults.filter((it) => it.code === code);
  expect(others).toEqual([]);
  return fault?.message ?? `no ${code}`;
}
