import { spawnSync } from "node:child_process";
import type { ServerUnaryCall, sendUnaryData } from "@grpc/grpc-js";
import language from "@pulumi/pulumi/proto/language_pb.js";

type Request = InstanceType<typeof language.GeneratePackageRequest>;
type Response = InstanceType<typeof language.GeneratePackageResponse>;

const generator = "pulumi-sdk-generator-nodejs";

/**
 * Generates an SDK by Pulumi's own generator, a Go program on PATH.
 *
 * @see pulumi: sdk/nodejs/cmd/pulumi-language-nodejs/main.go, GeneratePackage
 */
export function generatePackage({ request }: ServerUnaryCall<Request, Response>, reply: sendUnaryData<Response>): void {
  const problem = generate(request);
  if (problem === undefined) reply(null, new language.GeneratePackageResponse());
  else reply(new Error(problem));
}

function generate(request: Request): string | undefined {
  if (request.getExtraFilesMap().getLength() > 0)
    return "an SDK with extra files is not supported by the lab's fake for pulumi-language-nodejs";
  const input = JSON.stringify({
    directory: request.getDirectory(),
    schema: request.getSchema(),
    loaderTarget: request.getLoaderTarget(),
    localDependencies: Object.fromEntries(request.getLocalDependenciesMap().toArray()),
    local: request.getLocal(),
  });
  const { error, status, stderr } = spawnSync(generator, { input, encoding: "utf8" });
  if (error)
    return `${error.message}; an SDK without ${generator} on PATH is not supported by the lab's fake for pulumi-language-nodejs`;
  return status === 0 ? undefined : `${generator}: ${stderr}`;
}
