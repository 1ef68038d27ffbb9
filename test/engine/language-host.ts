/**
 * Pulumi's language host for Node, as far as this program needs it: it runs the program under Pulumi's own
 * runtime, as the real one does.
 * Source: https://github.com/pulumi/pulumi/blob/master/sdk/nodejs/cmd/pulumi-language-nodejs/main.go.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import languageServices from "@pulumi/pulumi/proto/language_grpc_pb.js";
import languageMessages from "@pulumi/pulumi/proto/language_pb.js";
import pluginMessages from "@pulumi/pulumi/proto/plugin_pb.js";
import { servePlugin } from "./serve-plugin.ts";

const [engineAddress = ""] = process.argv.slice(2);

await servePlugin(languageServices.LanguageRuntimeService, {
  getPluginInfo: async () => new pluginMessages.PluginInfo().setVersion("3.270.0"),
  getRequiredPackages: async () => new languageMessages.GetRequiredPackagesResponse(),
  run,
});

async function run(request: languageMessages.RunRequest): Promise<languageMessages.RunResponse> {
  const info = request.getInfo();
  if (!info) throw new Error("The engine sent no program.");
  const program = spawn(
    process.execPath,
    [
      join(info.getRootDirectory(), "node_modules", "@pulumi", "pulumi", "cmd", "run"),
      ...["--monitor", request.getMonitorAddress()],
      ...["--engine", engineAddress],
      ...["--organization", request.getOrganization()],
      ...["--project", request.getProject()],
      ...["--root-directory", info.getRootDirectory()],
      ...["--stack", request.getStack()],
      ...["--pwd", request.getPwd()],
      ...(request.getDryrun() ? ["--dry-run"] : []),
      ...["--parallel", String(request.getParallel())],
      info.getEntryPoint(),
    ],
    {
      cwd: request.getPwd(),
      env: {
        ...process.env,
        PULUMI_CONFIG: JSON.stringify(Object.fromEntries(request.getConfigMap().toObject())),
        PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(request.getConfigsecretkeysList()),
      },
      stdio: ["ignore", "inherit", "inherit"],
    },
  );
  const [status, signal] = await once(program, "close");
  const response = new languageMessages.RunResponse();
  // 32: the program has told its errors already.
  if (status === 32) return response.setBail(true);
  if (status === 0) return response;
  return response.setError(`Program exited with ${status ?? signal}.`);
}
