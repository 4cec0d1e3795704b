import { Server, ServerCredentials, type ServiceDefinition, type UntypedServiceImplementation } from "@grpc/grpc-js";

/** The engine's own address: the last argument, after the flags that `--logflow` and `-v` add. */
export function engineAddress(): string {
  return process.argv.at(-1) ?? "";
}

/** Serves one plugin until the engine goes, and tells the engine the port: the first line of output. */
export function serve(service: ServiceDefinition, implementation: UntypedServiceImplementation): void {
  const unlimited = { "grpc.max_receive_message_length": -1, "grpc.max_send_message_length": -1 };
  const server = new Server(unlimited);
  server.addService(service, implementation);
  server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, port) => {
    if (error) throw error;
    process.stdout.write(`${port}\n`);
  });
  endWithEngine();
}

/** Ends this process when its parent changes: a killed engine does not stop its plugins. */
function endWithEngine(): void {
  const engine = process.ppid;
  setInterval(() => process.ppid === engine || process.exit(1), 500).unref();
}
