import { expect, test } from "@jest/globals";
import { type StartOptions, startCommand } from "../../../proof/local/start-options.ts";

/** What is read from the options, or what they are refused with. */
function read(...options: string[]): StartOptions | string {
  let output = "";
  const write = (text: string) => {
    output += text;
  };
  const command = startCommand()
    .exitOverride()
    .configureOutput({ writeErr: write, writeOut: write, getErrHasColors: () => false });
  try {
    return command.parse(options, { from: "user" }).opts<StartOptions>();
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
  const refusal = read(option, value);
  expect(refusal).toContain(`error: option '${option} <`);
  expect(refusal).toContain(` argument '${value}' is invalid. Allowed`);
});

test.each([
  [["--stay", "--json"], "--stay"],
  [["--stay", "--scenario", "first-token"], "--stay"],
  [["--stay", "--endpoint", "http://127.0.0.1:9"], "--stay"],
  [["--jsno"], "--jsno"],
  [["first-token"], "arguments"],
])("%j is refused, and names what is wrong", (options, name) => {
  expect(read(...options)).toMatch(/^error: /);
  expect(read(...options)).toContain(name);
});
