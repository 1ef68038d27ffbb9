/** `npm start`: builds the function, and runs scenarios with it or keeps a stack running. */
import { constants } from "node:os";
import { pathToFileURL } from "node:url";
import { writeBundle } from "../../infra/bundle.ts";
import { BUNDLE_PATH } from "../../infra/bundle-path.ts";
import { wrapped } from "../../ops/wrapped-text.ts";
import { documentedAccountIds } from "../account-ids.ts";
import { endOnOutputError } from "../output-errors.ts";
import { AwsStandIn } from "./aws/aws-stand-in.ts";
import { DinteroStandIn } from "./dintero/dintero-stand-in.ts";
import { errorText } from "./error-text.ts";
import { type AwsEndpoint, Sandbox } from "./sandbox.ts";
import { SCENARIOS, type Scenario } from "./scenarios.ts";
import { readStartOptions, type StartOptions } from "./start-options.ts";
import { stay } from "./stay.ts";
import { Story } from "./story.ts";
import type { Entry } from "./story-entry.ts";
import { printEntry, printIntroduction, printScenario, printVerdict } from "./story-printer.ts";
import { VirtualClock } from "./virtual-clock.ts";

const startedAtMs = Date.now();
const options = readStartOptions(process.argv, process.env);
const ending = new AbortController();
endOnOutputError(endWith);
if (!options.stay) {
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.once(signal, () => {
      // The next entry may be seconds away.
      process.stderr.write("\nEnding, once what is under way is done.\n");
      endWith(128 + constants.signals[signal]);
    });
  }
}
try {
  const isGood = await run(options);
  // The status of a signal stays, also if the run was over before its next entry.
  process.exitCode ??= isGood ? 0 : 1;
} catch (error) {
  if (error !== ending.signal.reason) {
    process.stderr.write(`${wrapped(`npm start failed${reasonText(error, options.endpoint)}`)}\n`);
    process.exitCode = 1;
  }
}

/** Ends the run at its next entry, so that nothing is left on a server of the user's. */
function endWith(status: number): void {
  ending.abort();
  process.exitCode = status;
}

function reasonText(error: unknown, endpoint: URL | undefined): string {
  if (!endpoint) return `: ${errorText(error)}`;
  return Object(error).code === "ECONNREFUSED"
    ? `: nothing listens at ${endpoint.href}. Start your AWS-compatible server first.`
    : ` against ${endpoint.href}: ${errorText(error)}`;
}

/** Whether everything happened as it should. */
async function run({
  accounts,
  lifetime,
  scenario,
  json,
  stay: isToStay,
  ...options
}: StartOptions): Promise<boolean> {
  const accountIds = documentedAccountIds(accounts);
  if (isToStay) {
    await stay({ accountIds, lifetimeHours: lifetime });
    return true;
  }
  const bundleBytes = await writeBundle();
  const chosen = SCENARIOS.filter(({ name }) => scenario === undefined || name === scenario);
  const [only] = chosen.length === 1 ? chosen : [];
  const lifetimeHours = only?.lifetimeHours ?? lifetime;
  if (!json) printIntroduction({ bundleBytes, accountIds, lifetimeHours, ...options });

  const played = [];
  for (const [index, scenario] of chosen.entries()) {
    if (!json) printScenario(scenario, index + 1);
    const story = await play(scenario, { accountIds, lifetime, ...options }, (entry) => {
      ending.signal.throwIfAborted();
      if (!json) printEntry(entry);
    });
    const { name, title } = scenario;
    played.push({ name, title, isGood: story.isGood, entries: story.entries });
  }
  const isGood = played.every((scenario) => scenario.isGood);
  if (json) process.stdout.write(`${JSON.stringify({ isGood, scenarios: played }, null, 2)}\n`);
  else printVerdict(isGood, chosen.length, Date.now() - startedAtMs);
  return isGood;
}

/** Runs one scenario from a clean state, and leaves nothing behind. */
async function play(
  scenario: Scenario,
  options: { accountIds: readonly string[]; lifetime: number; endpoint?: URL },
  onEntry: (entry: Entry) => void,
): Promise<Story> {
  await using stack = new AsyncDisposableStack();
  const clock = new VirtualClock();
  const dintero = stack.adopt(
    await DinteroStandIn.start({
      now: clock.now,
      lifetimeSeconds: (scenario.lifetimeHours ?? options.lifetime) * 3600,
    }),
    (standIn) => standIn.close(),
  );
  const aws = options.endpoint
    ? endpointOf(options.endpoint)
    : stack.adopt(await AwsStandIn.start({ now: clock.now }), (standIn) => standIn.close());
  const sandbox = stack.adopt(
    await Sandbox.deploy({
      accountIds: options.accountIds,
      bundleUrl: pathToFileURL(BUNDLE_PATH).href,
      clock,
      aws,
      dintero,
    }),
    (deployed) => deployed.close(),
  );
  const story = new Story(sandbox, onEntry);
  await scenario.play(story);
  story.expectMails(scenario.mails ?? []);
  return story;
}

/** A server of the user's: emulators take any credentials, and have the key that AWS manages. */
function endpointOf(url: URL): AwsEndpoint {
  return {
    url: url.href,
    region: process.env["AWS_REGION"] ?? "eu-north-1",
    credentials: {
      accessKeyId: process.env["AWS_ACCESS_KEY_ID"] ?? "test",
      secretAccessKey: process.env["AWS_SECRET_ACCESS_KEY"] ?? "test",
    },
    keyArn: "alias/aws/ssm",
  };
}
