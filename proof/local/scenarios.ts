/** The cases that `npm start` plays, each from a clean state. */
import { credentialsSecretName } from "../../lambda/contract.ts";
import { CHECK_INTERVAL_MINUTES } from "../../lambda/renewal-policy.ts";
import { HOUR_MS, MINUTE_MS } from "../durations.ts";
import { newClientCredentials } from "./sandbox.ts";
import type { Story } from "./story.ts";

export interface Scenario {
  readonly name: string;
  readonly title: string;
  /** Life of the tokens in hours, where the case is about a certain one. */
  readonly lifetimeHours?: number;
  play(story: Story): Promise<void>;
}

export const SCENARIOS: readonly Scenario[] = [
  {
    name: "first-token",
    title: "The first token",
    async play(story) {
      story.tell("The stack is deployed, and nobody has entered credentials yet.");
      await story.check("the schedule fires", {
        outcome: "awaiting-credentials",
        reader: "nothing",
      });
      story.tell("An engineer stores the credentials of the API client.");
      await story.forEachAccount((id) => story.sandbox.enterCredentials(id));
      await story.check("the schedule fires", FIRST_TOKEN);
    },
  },
  {
    name: "nothing-due",
    title: "Nothing is due",
    async play(story) {
      await deployed(story);
      story.sandbox.clock.advance(CHECK_INTERVAL_MINUTES * MINUTE_MS);
      await story.check("the schedule fires", { outcome: "fresh", reader: "same token" });
    },
  },
  {
    name: "changed-secret",
    title: "The client secret is changed",
    async play(story) {
      await deployed(story);
      story.tell("An engineer makes a new API client and stores its credentials.");
      await story.forEachAccount((id) => story.sandbox.enterCredentials(id));
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
    async play(story) {
      const { clock, dintero } = story.sandbox;
      await deployed(story);
      const thirdMs = (dintero.lifetimeSeconds * 1000) / 3;
      const repair = dintero.addFault({ effect: { status: 503 } });
      clock.advance(thirdMs + CHECK_INTERVAL_MINUTES * MINUTE_MS);
      story.tell("A third of the token's life is over, and Dintero answers 503.");
      await story.check("the schedule fires", UNAVAILABLE);
      clock.advance(thirdMs);
      story.tell("Two thirds are over: the token is at risk, and people are told.");
      await story.check("the schedule fires", UNAVAILABLE);
      repair();
      clock.advance(CHECK_INTERVAL_MINUTES * MINUTE_MS);
      story.tell("Dintero is back. No reader noticed.");
      await story.check("the schedule fires", {
        outcome: "renewed",
        reason: "aging",
        reader: "new token",
      });
    },
  },
  {
    name: "rejected-credentials",
    title: "Wrong credentials are stored",
    async play(story) {
      await deployed(story);
      story.tell("Somebody stores a secret that Dintero does not know.");
      await story.forEachAccount((id) =>
        story.sandbox.storeSecret(id, JSON.stringify(newClientCredentials())),
      );
      await story.check("the schedule fires", {
        outcome: "failed",
        reason: "credentials-changed",
        code: "credentials-rejected",
        reader: "same token",
      });
      story.tell("The right ones are stored.");
      await story.forEachAccount((id) => story.sandbox.enterCredentials(id));
      await story.check("the schedule fires", {
        outcome: "renewed",
        reason: "credentials-changed",
        reader: "new token",
      });
    },
  },
  {
    name: "hand-edit",
    title: "The parameter is edited by hand",
    async play(story) {
      await deployed(story);
      story.tell("Somebody overwrites the token in the console.");
      await story.forEachAccount((id) => story.sandbox.editToken(id, "oops"));
      story.sandbox.clock.advance(CHECK_INTERVAL_MINUTES * MINUTE_MS);
      await story.check("the schedule fires", {
        outcome: "renewed",
        reason: "replaced",
        reader: "new token",
      });
    },
  },
  {
    name: "four-hour-day",
    title: "A token of four hours, through a day",
    lifetimeHours: 4,
    async play(story) {
      await deployed(story);
      await story.checkRepeatedly("the schedule fires every 5 minutes for 24 hours", {
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

/** A stack that has been given its credentials and has stored its first tokens. */
async function deployed(story: Story): Promise<void> {
  await story.forEachAccount((id) => story.sandbox.enterCredentials(id));
  await story.given("each account has its first token", FIRST_TOKEN);
}

/** The native event, as far as it is read. Source: Secrets Manager user guide, "Secret Label Updated". */
function secretChanged(accountId: string): unknown {
  return {
    source: "aws.secretsmanager",
    "detail-type": "Secret Label Updated",
    detail: { name: credentialsSecretName(accountId), labelUpdated: "AWSCURRENT" },
  };
}
