/**
 * `npm run test:moto`: plays all scenarios of `npm start` against moto's server, so that what the
 * function does is shown by an implementation of AWS that is not ours. Needs python3.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { pythonEnvironment } from "../../support/python-environment.ts";

const START = join(import.meta.dirname, "..", "..", "..", "proof", "local", "start.ts");

const isGood = await playAgainstMoto().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  return false;
});
process.stdout.write(isGood ? "\n1 passed, 0 failed\n" : "\n0 passed, 1 failed\n");
process.exitCode = isGood ? 0 : 1;

async function playAgainstMoto(): Promise<boolean> {
  const binaries = await pythonEnvironment(join(import.meta.dirname, "requirements.txt"));
  const server = spawn(join(binaries, "moto_server"), ["--host", "127.0.0.1", "--port", "0"], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  stopAtExit(server);
  try {
    const endpoint = await urlOf(server);
    const keys = { AWS_ACCESS_KEY_ID: "test", AWS_SECRET_ACCESS_KEY: "test" };
    const start = spawn(process.execPath, [START, "--endpoint", endpoint], {
      env: { ...process.env, ...keys, AWS_REGION: "eu-north-1" },
      stdio: ["ignore", "inherit", "inherit"],
    });
    stopAtExit(start);
    const [status] = await once(start, "exit");
    return status === 0;
  } finally {
    server.kill();
  }
}

/** From the server's own line about its port, which comes once it answers. */
function urlOf(server: ChildProcess): Promise<string> {
  let output = "";
  return new Promise((resolve, reject) => {
    // Read to the end, or its log of requests would block it.
    server.stderr?.setEncoding("utf8").on("data", (chunk: string) => {
      output += chunk;
      const [url] = /http:\/\/127\.0\.0\.1:\d+/.exec(output) ?? [];
      if (url) resolve(url);
    });
    server.once("exit", () => reject(new Error(`moto's server has not started: ${output}`)));
  });
}

/** A signal ends this process without its `finally`, but not without this. */
function stopAtExit(child: ChildProcess): void {
  process.once("exit", () => child.kill());
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(1));
}
