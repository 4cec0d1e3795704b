import { type ChildProcess, spawn } from "node:child_process";
import { createRequire } from "node:module";
import { join } from "node:path";
import type { ServerWritableStream } from "@grpc/grpc-js";
import language from "@pulumi/pulumi/proto/language_pb.js";
import { configuredRuntime, type RuntimeOptions } from "./runtime-options.ts";

type Request = InstanceType<typeof language.RunPluginRequest>;
type Response = InstanceType<typeof language.RunPluginResponse>;

/**
 * Runs a policy pack or a component package in a Node.js process of its own, as the official language host does, and passes its
 * output on to the engine, which reads the plugin's port there.
 *
 * @see pulumi: sdk/nodejs/cmd/pulumi-language-nodejs/main.go, RunPlugin
 */
export function runPlugin(call: ServerWritableStream<Request, Response>): void {
  const { request } = call;
  const kind = request.getKind();
  if (kind !== "analyzer" && kind !== "resource") {
    call.destroy(new Error(`a plugin of kind ${kind} is not supported by the lab's fake for pulumi-language-nodejs`));
    return;
  }
  const plugin = kind === "analyzer" ? startPolicyPack(request) : startPackage(request);
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
  const directory = programDirectory(request);
  return start(request, "run-policy-pack", [...request.getArgsList(), directory], directory);
}

/** A package works in the folder of the program that uses it. */
function startPackage(request: Request): ChildProcess {
  return start(request, "run-plugin", [programDirectory(request), ...request.getArgsList()], request.getPwd());
}

function start(request: Request, runnerName: string, args: string[], cwd: string): ChildProcess {
  const runner = createRequire(join(programDirectory(request), "package.json")).resolve(
    `@pulumi/pulumi/cmd/${runnerName}`,
  );
  const { nodeArguments, environment } = configuredRuntime(
    (request.getInfo()?.getOptions()?.toJavaScript() ?? {}) as RuntimeOptions,
  );
  // The official host has `nodeargs` behind the runner, too, where Node.js does not read them.
  return spawn(process.execPath, [runner, ...nodeArguments, ...args], {
    cwd,
    env: { ...Object.fromEntries(request.getEnvList().map(variable)), ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
}

function programDirectory(request: Request): string {
  return request.getInfo()?.getProgramDirectory() ?? request.getPwd();
}

/** Name and value of `NAME=value`. */
function variable(text: string): [string, string] {
  const end = text.indexOf("=");
  return [text.slice(0, end), text.slice(end + 1)];
}
