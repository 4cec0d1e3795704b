import { once } from "node:events";
import { createServer } from "node:net";
import { expect, it } from "vitest";
import { freePort } from "../../../../lab/network/free-port.ts";

it("freePort › returns ports below Linux's ephemeral range on which a server can listen", async () => {
  for (let round = 0; round < 20; round++) {
    const port = await freePort();
    expect(port).toBeLessThan(30_000);
    const server = createServer().listen(port, "127.0.0.1");
    await once(server, "listening");
    server.close();
  }
});

it("freePort › returns no port twice, even before a server listens on it", async () => {
  const ports = await Promise.all(Array.from({ length: 1000 }, freePort));
  expect(new Set(ports).size).toBe(1000);
});
