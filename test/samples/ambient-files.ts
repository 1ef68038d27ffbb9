/** Settings of a person's other tools, which a sample must not fall for. */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** Of the person; the stack is in another. */
export const OTHER_REGION = { AWS_REGION: "eu-west-1", AWS_DEFAULT_REGION: "eu-west-1" } as const;

/** For curl, for `requests` and for the AWS tools. */
export async function writeAmbientFiles(home: string): Promise<void> {
  const netrc =
    "machine 127.0.0.1 login person password pass\ndefault login person password pass\n";
  await writeFile(join(home, ".netrc"), netrc, { mode: 0o600 });
  const trace = join(home, "curl-trace.txt");
  await writeFile(
    join(home, ".curlrc"),
    ["netrc", "verbose", "include", `trace-ascii = "${trace}"`, "proxy = 127.0.0.1:9"].join("\n"),
  );
  await writeAwsConfig(home, "region = eu-west-1\noutput = yaml\ncli_pager = cat");
}

/** Of the default profile. */
export async function writeAwsConfig(home: string, settings: string): Promise<void> {
  await mkdir(join(home, ".aws"), { recursive: true });
  await writeFile(join(home, ".aws", "config"), `[default]\n${settings}\n`);
}
