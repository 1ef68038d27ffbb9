/** The cases that `npm start` shows, each from a clean state. */
import { credentialsSecretName } from "../../lambda/contract.ts";
import { CHECK_INTERVAL_MINUTES } from "../../lambda/renewal-policy.ts";
import { HOUR_MS, MINUTE_MS } from "../durations.ts";
import { newClientCredentials } from "./sandbox.ts";
import type { Story } from "./story.ts";

export interface Scenario {
  readonly name: string;
  readonly title: string;
  /** How long tokens are valid, if the case is about a certain lifetime. */
  readonly lifetimeHours?: number;
  /** The e-mails that alarms must send, and no others. None if absent. */
  readonly mails?: readonly string[];
  play(story: Story): Promise<void>;
}

export const SCENARIOS: readonly Scenario[] = [
  {
    name: "first-token",
    title: "The first token",
    async play(story) {
      await story.check("nobody has entered credentials yet", {
        outcome: "awaiting-credentials",
        reader: "nothing",
      });
      await enterCredentials(story);
      await story.check("an engineer has entered the credentials", FIRST_TOKEN);
    },
  },
  {
    name: "nothing-due",
    title: "The next check: nothing is due",
    async play(story) {
      await deployed(story);
      story.pass(CHECK_INTERVAL_MINUTES * MINUTE_MS);
      await story.check("5 minutes later", { outcome: "fresh", reader: "same token" });
    },
  },
  {
    name: "changed-secret",
    title: "The client secret is changed",
    async play(story) {
      await deployed(story);
      await enterCredentials(story);
      await story.checkEach("the event of the changed secret arrives", secretChanged, {
        outcome: "renewed",
        reason: "credentials-changed",
        reader: "new token",
      });
    },
  },
  {
    name: "dintero-down",
    title: "Dintero is down, then back",
    mails: [
      "ALARM renewals-failing",
      "ALARM token-at-risk",
      "OK token-at-risk",
      "OK renewals-failing",
    ],
    async play(story) {
      const { dintero } = story.sandbox;
      const thirdMs = (dintero.lifetimeSeconds * 1000) / 3;
      const intervalMs = CHECK_INTERVAL_MINUTES * MINUTE_MS;
      await deployed(story);
      await story.passWithChecks(thirdMs - intervalMs, "fresh");
      // Answered like this, a check asks once, which keeps the demo short.
      const repair = dintero.addFault({
        effect: { status: 503, headers: { "Retry-After": "60" } },
      });
      story.pass(intervalMs);
      await story.check("a third of the lifetime is over, and Dintero answers 503", UNAVAILABLE);
      await story.passWithChecks(thirdMs - intervalMs, "failed");
      story.pass(intervalMs);
      await story.check("two thirds are over, and every check has failed", UNAVAILABLE);
      await story.passWithChecks(intervalMs, "failed");
      repair();
      story.pass(intervalMs);
      await story.check("Dintero is back; no reader has noticed", {
        outcome: "renewed",
        reason: "aging",
        reader: "new token",
      });
      // Until the last alarm clears, when short-lived tokens are due again.
      await story.passWithChecks(18 * intervalMs, "fresh", "renewed");
    },
  },
  {
    name: "rejected-credentials",
    title: "Wrong credentials are stored",
    async play(story) {
      await deployed(story);
      await story.forEachAccount((id) =>
        story.sandbox.storeSecret(id, JSON.stringify(newClientCredentials())),
      );
      await story.check("somebody has stored a secret that Dintero does not know", {
        outcome: "failed",
        reason: "credentials-changed",
        code: "credentials-rejected",
        reader: "same token",
      });
      await enterCredentials(story);
      await story.check("the right ones are stored", {
        outcome: "renewed",
        reason: "credentials-changed",
        reader: "new token",
      });
    },
  },
  {
    name: "hand-edit",
    title: "Somebody overwrites the token in the console",
    async play(story) {
      await deployed(story);
      await story.forEachAccount((id) => story.sandbox.editToken(id, "oops"));
      story.pass(CHECK_INTERVAL_MINUTES * MINUTE_MS);
      await story.check("5 minutes later", {
        outcome: "renewed",
        reason: "replaced",
        reader: "new token",
      });
    },
  },
  {
    name: "four-hour-day",
    title: "Tokens that are valid for 4 hours, through a day",
    lifetimeHours: 4,
    async play(story) {
      await deployed(story);
      await story.checkRepeatedly("a check every 5 minutes for 24 hours", {
        times: (24 * HOUR_MS) / (CHECK_INTERVAL_MINUTES * MINUTE_MS),
        everyMs: CHECK_INTERVAL_MINUTES * MINUTE_MS,
      });
    },
  },
];

const FIRST_TOKEN = { outcome: "renewed", reason: "missing", reader: "new token" } as const;

const UNAVAILABLE = {
  outcome: "failed",
  reason: "aging",
  code: "unavailable",
  reader: "same token",
} as const;

/** A stack with credentials and first tokens. */
async function deployed(story: Story): Promise<void> {
  await enterCredentials(story);
  await story.passWithChecks(CHECK_INTERVAL_MINUTES * MINUTE_MS, "renewed");
  await story.readTokens();
}

function enterCredentials(story: Story): Promise<void> {
  return story.forEachAccount((id) => story.sandbox.enterCredentials(id));
}

/** The native event, as far as it is read. Source: Secrets Manager user guide, "Secret Label Updated". */
function secretChanged(accountId: string): unknown {
  return {
    source: "aws.secretsmanager",
    "detail-type": "Secret Label Updated",
    detail: { name: credentialsSecretName(accountId), labelUpdated: "AWSCURRENT" },
  };
}
