import type { ServerUnaryCall, sendUnaryData } from "@grpc/grpc-js";
import { LanguageRuntimeService } from "@pulumi/pulumi/proto/language_grpc_pb.js";
import language from "@pulumi/pulumi/proto/language_pb.js";
import plugin from "@pulumi/pulumi/proto/plugin_pb.js";
import empty from "google-protobuf/google/protobuf/empty_pb.js";
import { generatePackage } from "./language/generate-package.ts";
import { installDependencies } from "./language/install-dependencies.ts";
import { link } from "./language/link.ts";
import { runPlugin } from "./language/run-plugin.ts";
import { runProgram } from "./language/run-program.ts";
import { serve } from "./plugin/serve.ts";

// The lab's fake for pulumi-language-nodejs. It reports no required packages: the fakes beside it are on PATH.
serve(LanguageRuntimeService, {
  handshake: answer(() => new language.LanguageHandshakeResponse()),
  getPluginInfo: answer(() => new plugin.PluginInfo().setVersion("3.248.0")),
  getRequiredPackages: answer(() => new language.GetRequiredPackagesResponse()),
  getRequiredPlugins: answer(() => new language.GetRequiredPluginsResponse()),
  getProgramDependencies: answer(() => new language.GetProgramDependenciesResponse()),
  about: answer(() => new language.AboutResponse().setExecutable(process.execPath).setVersion(process.version)),
  installDependencies,
  generatePackage,
  link,
  run: (call: ServerUnaryCall<RunRequest, RunResponse>, reply: sendUnaryData<RunResponse>) => {
    runProgram(call.request).then(
      ({ error, bail }) => reply(null, new language.RunResponse().setError(error ?? "").setBail(bail ?? false)),
      (error: Error) => reply(null, new language.RunResponse().setError(error.message)),
    );
  },
  runPlugin,
  cancel: answer(() => {
    process.emit("SIGTERM");
    return new empty.Empty();
  }),
});

type RunRequest = InstanceType<typeof language.RunRequest>;
type RunResponse = InstanceType<typeof language.RunResponse>;

function answer<Response>(respond: () => Response) {
  return (_call: unknown, reply: sendUnaryData<Response>): void => reply(null, respond());
}
