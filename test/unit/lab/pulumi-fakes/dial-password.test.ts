import { generateKeyPairSync } from "node:crypto";
import ssh2 from "ssh2";
import { afterEach, expect, it } from "vitest";
import type { Connection } from "../../../../lab/pulumi-fakes/command/ssh/connection.ts";
import { dial } from "../../../../lab/pulumi-fakes/command/ssh/dial.ts";
import { recordedLog } from "../../../engine/resource-calls.ts";

const servers: ssh2.Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

/** An SSH server that takes one way in, and the password "open sesame". */
async function startServer(method: "password" | "keyboard-interactive"): Promise<Connection> {
  // By Node: what ssh2 makes of ed25519 it cannot read itself, one time in three hundred.
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const hostKey = privateKey.export({ type: "sec1", format: "pem" });
  const server = new ssh2.Server({ hostKeys: [hostKey] }, (client) => {
    client.on("error", () => {});
    client.on("authentication", (attempt) => {
      if (attempt.method !== method) return attempt.reject([method]);
      if (attempt.method === "password")
        return attempt.password === "open sesame" ? attempt.accept() : attempt.reject();
      attempt.prompt([{ prompt: "Password: ", echo: false }], ([answer]) =>
        answer === "open sesame" ? attempt.accept() : attempt.reject(),
      );
    });
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  return { host: "127.0.0.1", port, user: "operator", dialErrorLimit: 0, perDialTimeout: 5 };
}

it.each(["password", "keyboard-interactive"] as const)("gets in with a password by %s", async (method) => {
  const connection = { ...(await startServer(method)), password: "open sesame" };
  const client = await dial(connection, recordedLog());
  client.end();
});

it("is refused with a wrong password, and says what it tried", async () => {
  const connection = { ...(await startServer("password")), password: "wrong" };
  await expect(dial(connection, recordedLog())).rejects.toThrow(
    "ssh: unable to authenticate, attempted methods [none password keyboard-interactive]",
  );
});
