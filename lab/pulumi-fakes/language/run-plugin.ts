import { type ChildProcess, spawn } from "node:child_process";
import { createRequire } from "node:module";
import { join } from "node:path";
import type { ServerWritableStream } from "@grpc/grpc-js";
import language from "@pulumi/pulumi/proto/language_pb.js";
import { configuredRuntime, type RuntimeOptions } from "./runtime-options.ts";

type Request = InstanceType<typeof language.RunPluginRequest>;
type Response = InstanceType<typeof language.RunPluginResponse>;

/**
 * Runs a policy pack in a Node.js process of its own, as the official language host does, and passes its output on to
 * the engine, which reads the pack's port there.
 *
 * @see pulumi: sdk/nodejs/cmd/pulumi-language-nodejs/main.go, RunPlugin
 */
export function runPlugin(call: ServerWritableStream<Request, Response>): void {
  const { request } = call;
  if (request.getKind() !== "analyzer") {
    call.destroy(
      new Error(`a plugin of kind ${request.getKind()} is not supported by the lab's fake for pulumi-language-nodejs`),
    );
    return;
  }
  const plugin = startPolicyPack(request);
  call.once("cancelled", () => plugin.kill());
  plugin.stdout?.on("data", (text: Buffer) => call.write(new language.RunPluginResponse().setStdout(text)));
  plugin.stderr?.on("data", (text: Buffer) => call.write(new language.RunPluginResponse().setStderr(text)));
  plugin.once("error", (error) => call.destroy(error));
  plugin.once("close", (code) => {
    call.write(new language.RunPluginResponse().setExitcode(code ?? 1));
    call.end();
  });
}

function startPolicyPack(request: Request): ChildProcess {
  const info = request.getInfo();
  const directory = info?.getProgramDirectory() ?? request.getPwd();
  const runner = createRequire(join(directory, "package.json")).resolve("@pulumi/pulumi/cmd/run-policy-pack");
  const { nodeArguments, environment } = configuredRuntime(
    (info?.getOptions()?.toJavaScript() ?? {}) as RuntimeOptions,
  );
  // The official host has `nodeargs` behind the runner, too, where Node.js does not read them.
  return spawn(process.execPath, [runner, ...nodeArguments, ...request.getArgsList(), directory], {
    cwd: directory,
    env: { ...Object.fromEntries(request.getEnvList().map(variable)), ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
}

/** Name and value of `NAME=value`. */
function variable(text: string): [string, string] {
  const end = text.indexOf("=");
  return [text.slice(0, end), text.slice(end + 1)];
}
