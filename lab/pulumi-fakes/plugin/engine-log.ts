import { credentials } from "@grpc/grpc-js";
import engineService from "@pulumi/pulumi/proto/engine_grpc_pb.js";
import engine from "@pulumi/pulumi/proto/engine_pb.js";
import { engineAddress } from "./serve.ts";

const severities = {
  info: engine.LogSeverity.INFO,
  warning: engine.LogSeverity.WARNING,
  error: engine.LogSeverity.ERROR,
};

/** Messages of a resource for the user at the terminal. */
export type Log = {
  /** A progress line, removed when the resource is finished. */
  status(line: string): Promise<void>;
  /** A permanent line. */
  say(severity: "warning" | "error", text: string): Promise<void>;
};

let connection: InstanceType<typeof engineService.EngineClient> | undefined;

/** The log of the resource with that URN. */
export function engineLog(urn: string): Log {
  return {
    status: (line) => send(urn, "info", line, true),
    say: (severity, text) => send(urn, severity, text, false),
  };
}

function send(urn: string, severity: keyof typeof severities, text: string, ephemeral: boolean): Promise<void> {
  connection ??= new engineService.EngineClient(engineAddress(), credentials.createInsecure());
  const request = new engine.LogRequest();
  request.setUrn(urn);
  request.setSeverity(severities[severity]);
  request.setMessage(text);
  request.setEphemeral(ephemeral);
  // A lost log line must not fail the resource.
  return new Promise((resolve) => connection?.log(request, () => resolve()));
}
