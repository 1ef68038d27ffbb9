import { expect, test } from "@jest/globals";
import { mistakenOption } from "../../ops/mistaken-option.ts";

const ARGV = ["node", "ops.ts", "status"];

test.each<[what: string, argv: string[], env: NodeJS.ProcessEnv, said: string | undefined]>([
  ["given once", ["--stack", "test"], {}, undefined],
  ["given once, with an equals sign", ["--stack=test"], {}, undefined],
  ["not given", ["--stacks", "test"], {}, undefined],
  ["given twice", ["--stack", "test", "--stack", "prod"], {}, "was given 2 times"],
  ["given in both ways", ["--stack", "test", "--stack=prod"], {}, "was given 2 times"],
  ["kept by npm", ["test"], { npm_config_stack: "" }, "needs two dashes before it"],
  ["not the one that npm kept", ["--stack", "test"], { npm_config_json: "true" }, undefined],
])("An option that is %s", (_, argv, env, said) => {
  const mistake = mistakenOption([...ARGV, ...argv], env, ["--only", "--stack"]);
  if (said === undefined) expect(mistake).toBeUndefined();
  else expect(mistake).toMatch(new RegExp(`^--stack ${said}`));
});
