import * as pulumi from "@pulumi/pulumi";
import { afterEach, describe, expect, it, vi } from "vitest";
import { ExistingRegistry } from "../../components/existing-registry.ts";
import { type Plan, planIn, planVariable } from "../../existing/plan.ts";
import { ContainerRegistry } from "../../settings/container-registry.ts";
import { ExistingVariant } from "../../settings/variants/existing.ts";
import { isSecret, outputValue, recorded, resource, revealed } from "./recorded.ts";

afterEach(() => vi.restoreAllMocks());

type Given = {
  containerRegistry?: Record<string, unknown>;
  variant?: Record<string, unknown>;
  login?: { username: string; password: string };
  /** What the command printed. @default the mocks' own `{}` */
  stdout?: string;
};

async function created({ containerRegistry, variant, login, stdout }: Given = {}, options?: { preview: boolean }) {
  const { created, resources } = await recorded(
    () =>
      new ExistingRegistry("registry", {
        variant: ExistingVariant.parse({ kind: "existing", tls: { kind: "public" }, ...variant }),
        containerRegistry: ContainerRegistry.parse({ host: "registry.example.org", ...containerRegistry }),
        username: login && pulumi.secret(login.username),
        password: login && pulumi.secret(login.password),
      }),
    { ...options, stdout },
  );
  const { inputs } = resource(resources, "command:local:Command", "registry-check");
  const environment = inputs.environment as Record<string, string>;
  const plan: Plan = planIn(environment[planVariable] ?? "");
  return { endpoint: created.endpoint, inputs, plan, resources };
}

const login = { username: "ci-bot", password: "the password" };

describe("ExistingRegistry", () => {
  it("checks the registry by one command, with no credentials in its text or environment", async () => {
    const { inputs, resources } = await created({ login });
    expect(resources.filter(({ type }) => type.startsWith("command:"))).toHaveLength(1);
    expect(isSecret(inputs.stdin)).toBe(true);
    expect(JSON.parse(String(revealed(inputs.stdin)))).toEqual({ login });
    expect(JSON.stringify({ ...inputs, stdin: "" })).not.toMatch(/ci-bot|the password/);
  });

  it("shows its settings to policies, and no credentials", async () => {
    const { resources } = await created({ login, variant: { tls: { kind: "none" } } });
    const { inputs } = resource(resources, "container-registry:existing:ExistingRegistry", "registry");
    expect(inputs).toEqual({ requiresAuthForPull: false, tls: { kind: "none" } });
  });

  it("checks a repository below the path prefix, for the rights that the stack needs", async () => {
    const containerRegistry = { pathPrefix: "docker-internal/p2c", requiresAuthForPull: true };
    expect((await created({ login, containerRegistry })).plan).toEqual({
      url: "https://registry.example.org",
      repository: "docker-internal/p2c/container-registry-probe",
      requiresAuthForPush: true,
      requiresAuthForPull: true,
    });
    const variant = { tls: { kind: "none" }, probeRepository: "team-a/shop" };
    expect((await created({ variant })).plan).toMatchObject({
      url: "http://registry.example.org",
      repository: "team-a/shop",
    });
  });

  it("checks Docker Hub at its API's host", async () => {
    const { plan, endpoint } = await created({ containerRegistry: { host: "docker.io" } });
    expect(plan.url).toBe("https://registry-1.docker.io");
    expect(await outputValue(endpoint.url)).toBe("https://docker.io");
  });

  it("checks without credentials where the stack has none", async () => {
    const { inputs, endpoint } = await created();
    expect(revealed(inputs.stdin)).toBe("{}");
    expect(await outputValue(endpoint.accounts)).toEqual({});
  });

  it("lists the check in the endpoint's served", async () => {
    const { endpoint } = await created({ login });
    const urns = await Promise.all(endpoint.served.map(({ urn }) => outputValue(urn)));
    expect(urns).toEqual([expect.stringMatching(/::registry-check$/)]);
  });

  it("returns no credentials before the registry has accepted them", async () => {
    const preview = (await created({ login }, { preview: true })).endpoint;
    // Of the SDK's own, and not in its types.
    expect(await (preview.accounts as unknown as { isKnown: Promise<boolean> }).isKnown).toBe(false);
    const { endpoint } = await created({ login });
    expect(await outputValue(endpoint.accounts)).toEqual({ "ci-bot": "the password" });
  });

  it("warns of what could not be checked, and says how to check again", async () => {
    const warn = vi.spyOn(pulumi.log, "warn").mockResolvedValue();
    await created({ login, stdout: '{"warnings":["https://registry.example.org could not be asked"]}' });
    expect(warn.mock.calls.map(([message]) => message)).toEqual([
      expect.stringMatching(
        /^https:\/\/registry\.example\.org could not be asked\. .* pulumi up --replace 'urn:.*registry-check'$/,
      ),
    ]);
  });
});
