import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { trust } from "../../../lab/clients/clients.ts";
import { startMachine } from "../../../lab/hosts/machine.ts";
import { startRegistryServer } from "../../../lab/services/registry-server.ts";
import { temporaryFolder, withWorld } from "../../with-world.ts";
import { busyboxIsThere, haveBusybox } from "../support/docs-pages/busybox.ts";
import { docsPage } from "../support/docs-pages/docs-page.ts";
import { reader } from "../support/docs-pages/reader.ts";

const page = docsPage("get-started.md");
const password = 'not "easy" to \\quote';

/** An organisation's registry: distribution, where nobody may do anything without an account. */
const world = withWorld(async ({ use, defer }) => {
  const [server, client] = await Promise.all([
    startRegistryServer({ name: "get-started-org", accounts: { "ci-bot": password } }),
    startMachine({ name: "get-started-org-client", kind: "client" }),
  ]);
  for (const each of [server, client]) use(each);
  await trust(client, server.host, server.ca);
  await haveBusybox(client);
  const person = await reader({
    folder: temporaryFolder({ defer }, "get-started-org"),
    values: { "registry.example.org": server.host },
    docker: client,
    // The page's registry has a certificate of a public CA; the lab's has one of a private CA, which Node.js trusts by this.
    env: { NODE_EXTRA_CA_CERTS: server.caFile },
  });
  return { server, client, person };
});

describe("docs/get-started.md, an organisation's registry", () => {
  let output = "";

  beforeAll(async () => {
    const { person } = world();
    await person.follow(page, "First, for all of them");
    output = await person.follow(page, "An organisation's registry", {
      after: { "cp examples/stacks/org-registry.yaml": ownRegistry },
      typed: {
        "pulumi config set --secret container-registry:registryUsername": "ci-bot",
        "pulumi config set --secret container-registry:registryPassword": password,
      },
      notRun: busyboxIsThere,
    });
  }, 1_200_000);

  /** The page has the reader write the registry's name and rights into the copy. */
  async function ownRegistry() {
    const { person, server } = world();
    const file = join(person.project, "Pulumi.org.yaml");
    const text = (await readFile(file, "utf8"))
      .replaceAll("registry.example.org", server.host)
      .replace("requiresAuthForPull: false", "requiresAuthForPull: true");
    await writeFile(file, text);
  }

  it("ends with a push and a pull by the account that up has tried", () => {
    expect(output).toContain(`registryUrl : "https://${world().server.host}"`);
    expect(output).toContain("Login Succeeded");
    expect(output).toMatch(/1: digest: sha256:/);
    expect(output).toContain(`Status: Downloaded newer image for ${world().server.host}/docker-internal/p2c/busybox:1`);
  });
});
