/** Which import the linter refuses: biome.json, tried on one file for each arrow. */
import { execFile } from "node:child_process";
import { copyFile, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { beforeAll, describe, expect, test } from "@jest/globals";

const ROOT = join(import.meta.dirname, "..");

/** Arrows by the file that they start from. */
const FORBIDDEN: Readonly<Record<string, readonly string[]>> = {
  "infra/index.ts": ["ops/ops", "proof/local/start", "test/a", "lambda/handler", "lambda/dintero"],
  "ops/ops.ts": [
    "infra/config",
    "proof/local/start",
    "test/a",
    "lambda/handler",
    "lambda/reconcile",
  ],
  "proof/local/start.ts": ["test/support/a"],
  "proof/bench/subjects/same-calls.ts": ["test/support/a"],
  "lambda/handler.ts": ["infra/config", "ops/ops", "proof/durations", "test/a"],
  "lambda/reconcile.ts": ["handler", "dintero", "telemetry"].map((name) => `lambda/${name}`),
  "lambda/renew-token.ts": ["handler", "reconcile"].map((name) => `lambda/${name}`),
  "lambda/credentials.ts": ["token-store", "dintero", "renew-token"].map(
    (name) => `lambda/${name}`,
  ),
  "lambda/encryption-key.ts": ["token-store", "credentials"].map((name) => `lambda/${name}`),
  "lambda/token-store.ts": ["credentials", "dintero", "reconcile"].map((name) => `lambda/${name}`),
  "lambda/dintero.ts": ["credentials", "token-store", "settings"].map((name) => `lambda/${name}`),
  "lambda/token-reply.ts": ["credentials", "token-store"].map((name) => `lambda/${name}`),
  "lambda/telemetry.ts": ["handler", "token-store"].map((name) => `lambda/${name}`),
  "lambda/settings.ts": ["handler", "dintero"].map((name) => `lambda/${name}`),
  "lambda/renewal-policy.ts": ["errors", "token-store", "clock"].map((name) => `lambda/${name}`),
  "lambda/errors.ts": ["renewal-policy", "reconcile"].map((name) => `lambda/${name}`),
  "lambda/contract.ts": ["errors", "renewal-policy"].map((name) => `lambda/${name}`),
};

const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  "infra/alarms.ts": ["infra/config", "lambda/contract", "lambda/renewal-policy"],
  "ops/status-command.ts": ["ops/operation", "lambda/contract", "lambda/token-store"],
  "proof/simulation/world.ts": ["proof/durations", "lambda/reconcile", "infra/alarms", "ops/ops"],
  "test/lambda/a.test.ts": ["test/support/a", "proof/local/sandbox", "lambda/handler", "infra/a"],
};

describe("The linter", () => {
  let refused: readonly string[];

  beforeAll(async () => {
    refused = await refusedArrows({ ...FORBIDDEN, ...ALLOWED });
  });

  test.each(arrows(FORBIDDEN))("refuses %s", (arrow) => {
    expect(refused).toContain(arrow);
  });

  test.each(arrows(ALLOWED))("allows %s", (arrow) => {
    expect(refused).not.toContain(arrow);
  });
});

function arrows(table: Readonly<Record<string, readonly string[]>>): string[] {
  return Object.entries(table).flatMap(([from, to]) => to.map((name) => `${from} → ${name}.ts`));
}

/** Lints a tree in which each file has its imports and nothing else. */
async function refusedArrows(table: Readonly<Record<string, readonly string[]>>) {
  const folder = await mkdtemp(join(tmpdir(), "imports-"));
  try {
    await copyFile(join(ROOT, "biome.json"), join(folder, "biome.json"));
    for (const [from, to] of Object.entries(table)) {
      await mkdir(dirname(join(folder, from)), { recursive: true });
      await writeFile(join(folder, from), to.map((name) => importOf(from, name)).join("\n"));
    }
    const report = await lint(folder);
    // Biome names files by their whole path.
    const place = new RegExp(`${basename(folder)}/([^,]+),line=(\\d+)`, "g");
    return [...report.matchAll(place)].map(
      ([, from = "", line]) => `${from} → ${table[from]?.[Number(line) - 1]}.ts`,
    );
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** As it is written in this project: relative to the file that imports. */
function importOf(from: string, name: string): string {
  const up = dirname(from).split("/");
  const to = name.split("/");
  while (up[0] !== undefined && up[0] === to[0]) {
    up.shift();
    to.shift();
  }
  return `import "${up.length === 0 ? "./" : "../".repeat(up.length)}${to.join("/")}.ts";`;
}

/** What Biome reports, an annotation of GitHub's for each fault. */
function lint(folder: string): Promise<string> {
  const biome = join(ROOT, "node_modules", "@biomejs", "biome", "bin", "biome");
  const rule = "--only=style/noRestrictedImports";
  const args = [
    biome,
    "lint",
    rule,
    "--vcs-enabled=false",
    "--reporter=github",
    "--max-diagnostics=none",
  ];
  return new Promise((resolve) => {
    // It fails for what it finds, which is what is asked.
    execFile(process.execPath, args, { cwd: folder }, (_, stdout) => resolve(stdout));
  });
}
