import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { join } from "node:path";
import type language from "@pulumi/pulumi/proto/language_pb.js";
import { engineAddress } from "../plugin/serve.ts";
import { configuredRuntime, type RuntimeOptions } from "./runtime-options.ts";

type RunRequest = InstanceType<typeof language.RunRequest>;

/** How the program ended; `bail` if it has printed its error already. */
export type Ended = { error?: string; bail?: true };

/** The exit code of a program that has reported its own errors. @see @pulumi/pulumi: cmd/run */
const reportedItself = 32;

/**
 * Runs a program in a Node.js process of its own, as the official language host does.
 *
 * @see pulumi: sdk/nodejs/cmd/pulumi-language-nodejs/main.go
 */
export function runProgram(request: RunRequest): Promise<Ended> {
  const options = (request.getInfo()?.getOptions()?.toJavaScript() ?? {}) as RuntimeOptions;
  const { nodeArguments, environment } = configuredRuntime(options);
  const program = spawn(process.execPath, [...nodeArguments, ...programArguments(request)], {
    env: { ...process.env, ...configuration(request), ...environment },
    stdio: ["ignore", "inherit", "inherit"],
  });
  process.once("SIGTERM", () => program.kill());
  return new Promise((resolve) => {
    program.once("error", (error) => resolve({ error: `Problem executing program: ${error.message}` }));
    program.once("close", (code, signal) => {
      if (code === 0) resolve({});
      else if (code === reportedItself) resolve({ bail: true });
      else resolve({ error: `Program exited with non-zero exit code: ${code ?? signal}` });
    });
  });
}

function programArguments(request: RunRequest): string[] {
  const info = request.getInfo();
  const directory = info?.getProgramDirectory() ?? request.getPwd();
  const runner = createRequire(join(directory, "package.json")).resolve("@pulumi/pulumi/cmd/run");
  const named: [name: string, value: string][] = [
    ["monitor", request.getMonitorAddress()],
    ["engine", engineAddress()],
    ["organization", request.getOrganization()],
    ["project", request.getProject()],
    ["root-directory", info?.getRootDirectory() ?? directory],
    ["stack", request.getStack()],
    ["pwd", directory],
    ["parallel", String(request.getParallel())],
  ];
  return [
    runner,
    ...named.flatMap(([name, value]) => (value === "" ? [] : [`--${name}`, value])),
    ...(request.getDryrun() ? ["--dry-run"] : []),
    info?.getEntryPoint() ?? ".",
    ...request.getArgsList(),
  ];
}

/** Configuration variables as the SDK reads them, with keys `namespace:config:name`. */
function configuration(request: RunRequest): NodeJS.ProcessEnv {
  const values = request.getConfigMap().toArray() as [string, string][];
  const config = values.map(([key, value]) => [key.replace(/^([^:]+):/, "$1:config:"), value]);
  return {
    PULUMI_CONFIG: JSON.stringify(Object.fromEntries(config)),
    PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(request.getConfigsecretkeysList()),
  };
}
