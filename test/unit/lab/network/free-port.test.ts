import { once } from "node:events";
import { createServer } from "node:net";
import { expect, it } from "vitest";
import { freePort } from "../../../../lab/network/free-port.ts";

it("freePort › gives ports to listen on, none that Linux hands out to whoever asks for any", async () => {
  for (let round = 0; round < 20; round++) {
    const port = await freePort();
    expect(port).toBeLessThan(30_000);
    const server = createServer().listen(port, "127.0.0.1");
    await once(server, "listening");
    server.close();
  }
});

it("freePort › gives no port twice, while nobody listens there yet", async () => {
  const ports = await Promise.all(Array.from({ length: 1000 }, freePort));
  expect(new Set(ports).size).toBe(1000);
});
