import type { Connection } from "../../settings/connection.ts";

/** Names the machine that a connection leads to, as far as the stack file tells. The SSH user is not part of the name. */
export function machineAddress(connection: Connection): string {
  switch (connection.kind) {
    case "ssh": {
      const { jump } = connection;
      return jump ? `${addressAndPort(connection)}-via-${addressAndPort(jump)}` : addressAndPort(connection);
    }
    case "docker-container":
      return connection.name;
    case "local":
      return "local";
  }
}

function addressAndPort({ address, port }: { address: string; port: number }): string {
  return port === 22 ? address : `${address}:${port}`;
}
