/** What a sandbox does at a server that is not quite AWS. */
import { afterAll, afterEach, beforeAll, expect, test } from "@jest/globals";
import { AwsStandIn } from "../../../proof/local/aws/aws-stand-in.ts";
import { DinteroStandIn } from "../../../proof/local/dintero/dintero-stand-in.ts";
import { Sandbox } from "../../../proof/local/sandbox.ts";
import { VirtualClock } from "../../../proof/local/virtual-clock.ts";

let aws: AwsStandIn;
let dintero: DinteroStandIn;
const clock = new VirtualClock();
beforeAll(async () => {
  aws = await AwsStandIn.start({ now: clock.now });
  dintero = await DinteroStandIn.start({ now: clock.now });
});
afterEach(() => aws.reset());
afterAll(() => Promise.all([aws.close(), dintero.close()]));

const deploy = () =>
  Sandbox.deploy({ accountIds: ["T10000001"], bundleUrl: "file:///none", clock, aws, dintero });

test("A server that refuses to delete what does not exist does not stop a deployment", async () => {
  aws.addFault({ operation: "DeleteSecret", effect: { error: "ResourceNotFoundException" } });
  const sandbox = await deploy();
  await sandbox.close();
  const deletions = aws.calls.filter(({ operation }) => operation.startsWith("Delete"));
  expect(deletions.map(({ error }) => error)).toEqual(
    Array(2).fill(["ResourceNotFoundException", "ParameterNotFound", "ParameterNotFound"]).flat(),
  );
});

test.each(["DeleteSecret", "DeleteParameter"])(
  "A server that refuses %s for another reason is reported",
  async (operation) => {
    aws.addFault({ operation, effect: { error: "AccessDeniedException" } });
    await expect(deploy()).rejects.toThrow(
      expect.objectContaining({ name: "AccessDeniedException" }),
    );
  },
);
