import { describe, expect, it } from "vitest";
import { loginOf, wantedImages } from "../../../../operations/commands/push-images/of-stack.ts";
import { changed, existingStack, hostStack, parsed } from "../../settings/stacks.ts";

const baseImages = { prefix: "whanos", languages: ["java"] };

describe("wantedImages", () => {
  it("are those of pipelineConfig", () => {
    const { settings } = parsed(changed(hostStack, { pipelineConfig: { namespace: "ci", baseImages } }));
    expect(wantedImages({ name: "dev", settings })).toEqual({ ...baseImages, tag: "latest" });
  });

  it("are asked for where there are none", () => {
    const { settings } = parsed(hostStack);
    expect(() => wantedImages({ name: "dev", settings })).toThrow("stack dev names no images that builds start from");
  });
});

describe("loginOf", () => {
  const host = "registry.example.org";

  it("is CI's account, or the only one of an existing registry", () => {
    const accounts = { dana: "d", jenkins: "j" };
    expect(loginOf(parsed(hostStack).settings, { registryHost: host, accounts })).toEqual({
      host,
      username: "jenkins",
      password: "j",
    });
    const { settings } = parsed(existingStack);
    expect(loginOf(settings, { registryHost: host, accounts: { pusher: "p" } })).toMatchObject({ username: "pusher" });
  });

  it("is asked for where the last up gave none", () => {
    expect(() => loginOf(parsed(hostStack).settings, { registryHost: host, accounts: {} })).toThrow(
      "set containerRegistry.account",
    );
  });
});
