import { expect, test } from "@jest/globals";
import { type StartOptions, startCommand } from "../../../proof/local/start-options.ts";
import { readOptions } from "../../../proof/npm-command.ts";
import { unwrapped } from "../../ops/ops-process.ts";

/** What is read from the options, or what they are refused with. */
function read(...options: string[]): StartOptions | string {
  return readWith({}, ...options);
}

function readWith(env: NodeJS.ProcessEnv, ...options: string[]): StartOptions | string {
  let output = "";
  const write = (text: string) => {
    output += text;
  };
  const command = startCommand()
    .exitOverride()
    .configureOutput({ writeErr: write, writeOut: write, getErrHasColors: () => false });
  try {
    return readOptions(command, ["node", "start.ts", ...options], env);
  } catch {
    return output;
  }
}

test("Without options there is one account, and tokens of 24 h", () => {
  expect(read()).toEqual({ accounts: 1, lifetime: 24 });
});

test("Options are read as numbers and URLs", () => {
  const options = ["--accounts", "20", "--lifetime", "3h", "--endpoint", "http://[::1]:5000"];
  expect(read(...options)).toEqual({
    accounts: 20,
    lifetime: 3,
    endpoint: new URL("http://[::1]:5000"),
  });
});

test("--help names every option", () => {
  for (const name of ["accounts", "lifetime", "scenario", "endpoint", "json", "stay", "help"]) {
    expect(read("--help")).toContain(`--${name}`);
  }
});

test.each([
  ["--accounts", "0"],
  ["--accounts", "21"],
  ["--accounts", "1.5"],
  ["--accounts", "two"],
  ["--lifetime", "2h"],
  ["--lifetime", "169h"],
  ["--lifetime", "24"],
  ["--scenario", "third-token"],
  ["--endpoint", "nowhere"],
  ["--endpoint", "https://ssm.eu-north-1.amazonaws.com"],
  ["--endpoint", "http://127.0.0.1.example.com"],
  ["--endpoint", "file:///tmp"],
])("%s %s is refused with what is allowed", (option, value) => {
  const refusal = unwrapped(`${read(option, value)}`);
  expect(refusal).toContain(`error: option '${option} <`);
  expect(refusal).toContain(` argument '${value}' is invalid. Allowed`);
});

test.each([
  [["--stay", "--json"], "--stay"],
  [["--stay", "--scenario", "first-token"], "--stay"],
  [["--stay", "--endpoint", "http://127.0.0.1:9"], "--stay"],
  [["--jsno"], "--jsno"],
  [["--scenario", "first-token", "--scenario=hand-edit"], "--scenario"],
  [["first-token"], "arguments"],
])("%j is refused, and names what is wrong", (options, name) => {
  expect(read(...options)).toMatch(/^error: /);
  expect(read(...options)).toContain(name);
});

test("A refusal fits 80 columns, and says how to see the options", () => {
  const refusal = `${read("--scenario", "third-token")}`;
  for (const line of refusal.split("\n")) expect(line.length).toBeLessThanOrEqual(80);
  expect(refusal).toContain("\n  npm start -- --help\n");
});

test("An option that npm kept for itself is named, since the two dashes are missing", () => {
  const refusal = readWith({ npm_config_stay: "true" });
  expect(refusal).toMatch(/^error: .*--stay/);
  expect(refusal).toContain("\n  npm start -- --help\n");
  // npm passes its value alone.
  expect(readWith({ npm_config_accounts: "true" }, "3")).toMatch(/^error: .*--accounts/);
});

test("npm's own setting of JSON refuses nothing", () => {
  expect(readWith({ npm_config_json: "true" })).toEqual({ accounts: 1, lifetime: 24 });
});
