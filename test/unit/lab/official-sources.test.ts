import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, it } from "vitest";
import { whatToExpect, whyUnreachable } from "../../../lab/official-sources.ts";
import { withFreshWorld } from "../../with-world.ts";

const answering = withFreshWorld(({ defer }) => async (listener: RequestListener) => {
  const server = createServer(listener).listen(0, "127.0.0.1");
  defer(() => {
    server.closeAllConnections();
    server.close();
  });
  await once(server, "listening");
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
});

describe("whyUnreachable", () => {
  it.each([
    [200, undefined],
    [401, undefined],
    [403, "it answers 403"],
    [503, "it answers 503"],
  ])("of a server that answers %d is %o", async (status, reason) => {
    expect(await whyUnreachable(await answering()((_, response) => response.writeHead(status).end()))).toBe(reason);
  });

  it("names the time in which a server did not answer", async () => {
    expect(await whyUnreachable(await answering()(() => {}), 200)).toBe("no answer in 0.2 s");
  });

  it("names what is wrong with a name that does not resolve", async () => {
    expect(await whyUnreachable("http://nobody.invalid/")).toContain("nobody.invalid");
  });
});

describe("whatToExpect", () => {
  const all = { "get.pulumi.com": undefined, "docker.io": undefined, "ghcr.io": undefined };

  it("promises that nothing is compiled where every server answers", () => {
    expect(whatToExpect(all)).toBe(
      "▸ official parts: get.pulumi.com, docker.io and ghcr.io answer, so nothing has to be compiled",
    );
  });

  it("names each server that does not, why, what happens instead and how long it takes, on one line", () => {
    const line = whatToExpect({ ...all, "docker.io": "no answer in 4 s", "ghcr.io": "it answers 403" });
    expect(line).toBe(
      "▸ official parts: docker.io (no answer in 4 s) and ghcr.io (it answers 403) cannot be reached; what comes from there is built from Go modules instead, which takes about 12 minutes the first time, and seconds later",
    );
  });
});
