import { describe, expect, it } from "vitest";
import {
  hybridApplyScript,
  hybridRemoveScript,
  hybridStandardInput,
} from "../../../../hosts/hybrid-registry/hybrid-registry.ts";
import { Account } from "../../../../settings/accounts.ts";
import { ContainerRegistry } from "../../../../settings/container-registry.ts";

function plan({ requiresAuthForPull = false, expires }: { requiresAuthForPull?: boolean; expires?: string } = {}) {
  return {
    containers: {
      name: "hostk8s-registry",
      port: 5002,
      network: "kind",
      storagePath: "/home/dev/my images",
      images: { registry: "registry@sha256:1", proxy: "caddy@sha256:2" },
      stack: "container-registry/kind",
    },
    cluster: "kind",
    archives: {},
    containerRegistry: ContainerRegistry.parse({ host: "localhost:5002", account: "jenkins", requiresAuthForPull }),
    accounts: [Account.parse({ name: "jenkins", push: ["**"], expires })],
  };
}

const secrets = {
  accounts: [{ name: "jenkins", passwordHash: "$2b$10$hash", token: "secret-token" }],
  httpSecret: "secret of uploads",
};

const owner = { id: "0123456789abcdef", stack: "container-registry/kind", takeOverFrom: ["fedcba9876543210"] };
const input = (...args: Parameters<typeof plan>) => hybridStandardInput(plan(...args), secrets, owner).split("\n");

describe("the script for this machine's Docker", () => {
  it("carries no secret, and its input all of them", () => {
    const text = hybridApplyScript(plan()) + hybridRemoveScript(plan());
    for (const secret of ["$2b$10$hash", "secret-token", "secret of uploads"]) expect(text).not.toContain(secret);
    const files = input().slice(3, 5);
    const [accounts = "", config = ""] = files.map((line) =>
      Buffer.from(line.split(" ")[1] ?? "", "base64").toString(),
    );
    expect(accounts).toContain("secret-token");
    expect(config).toContain("secret: secret of uploads");
  });

  it("is told by its input alone whose the containers are, which the first preview does not know", () => {
    expect(input()[1]).toBe("0123456789abcdef fedcba9876543210");
    expect(hybridApplyScript(plan()) + hybridRemoveScript(plan())).not.toContain("0123456789abcdef");
  });

  it("has distribution listen on a socket, which leads nobody past the proxy", () => {
    expect(hybridApplyScript(plan())).toContain("reverse_proxy unix//run/registry/registry.sock");
    const [, , , , config = ""] = input();
    expect(Buffer.from(config.split(" ")[1] ?? "", "base64").toString()).toMatch(/net: unix\n\s+addr: \/run\/registry/);
  });

  it("quotes a folder with a space in its name", () => {
    expect(hybridApplyScript(plan())).toContain(
      "'--mount=type=bind,source=/home/dev/my images,target=/var/lib/registry'",
    );
  });

  it.each([
    ["with an account's token", {}, "secret-token"],
    ["as nobody where every account ends", { expires: "2027-03-31" }, "none"],
    ["not at all where that is refused", { expires: "2027-03-31", requiresAuthForPull: true }, "-"],
  ])("asks the catalogue %s", (_how, settings, token) => {
    expect(input(settings)[2]).toBe(token);
  });
});
