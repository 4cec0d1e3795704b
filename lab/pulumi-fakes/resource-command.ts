import { copyToRemote } from "./command/copy-to-remote.ts";
import { localCommand } from "./command/local-command.ts";
import { remoteCommand } from "./command/remote-command.ts";
import { serveProvider } from "./plugin/serve-provider.ts";

// The lab's fake for pulumi-resource-command.
serveProvider({
  name: "command",
  version: "1.2.1",
  acceptsSecrets: true,
  resources: {
    "command:local:Command": localCommand,
    "command:remote:Command": remoteCommand,
    "command:remote:CopyToRemote": copyToRemote,
  },
});
