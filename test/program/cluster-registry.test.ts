import { describe, expect, it } from "vitest";
import { ClusterRegistry, type ClusterRegistryArgs } from "../../components/cluster-registry.ts";
import { KubernetesCluster } from "../../components/kubernetes-cluster.ts";
import { Account } from "../../settings/accounts.ts";
import { Backup } from "../../settings/backup.ts";
import { ContainerRegistry } from "../../settings/container-registry.ts";
import { ClusterVariant } from "../../settings/variants/cluster.ts";
import { testOwner } from "./owner.ts";
import { isSecret, outputValue, recorded, resource, revealed } from "./recorded.ts";

type Given = {
  variant?: object;
  host?: string;
  accounts?: Account[];
  more?: Partial<ClusterRegistryArgs>;
  preview?: boolean;
};

const jenkins = Account.parse({ name: "jenkins", push: ["**"] });

async function created({
  variant = {},
  host = "registry.example.org",
  accounts = [jenkins],
  more,
  preview,
}: Given = {}) {
  const { created, resources } = await recorded(
    () =>
      new ClusterRegistry("registry", {
        variant: ClusterVariant.parse({ kind: "cluster", tls: { kind: "private-ca" }, ...variant }),
        containerRegistry: ContainerRegistry.parse({ host }),
        accounts,
        cluster: new KubernetesCluster("cluster", { context: "kind-dev" }),
        owner: testOwner,
        takeOverFrom: [],
        ...more,
      }),
    { preview },
  );
  const inputs = (type: string, name: string) => Object(resource(resources, `kubernetes:${type}`, name).inputs);
  const types = resources.map(({ type }) => type.replace("kubernetes:", ""));
  return { endpoint: created.endpoint, resources, inputs, types };
}

const s3 = {
  variant: { storage: { kind: "s3", bucket: "images" }, replicas: 2 },
  more: { s3: { accessKey: "the access key", secretKey: "the secret key" } },
} satisfies Given;

describe("ClusterRegistry", () => {
  it("uses the documented object names", async () => {
    const { resources } = await created();
    const named = resources
      .filter(({ type, inputs }) => type.startsWith("kubernetes:") && Object(inputs.metadata).name)
      .map(({ type, inputs }) => `${type.split(":").at(-1)} ${Object(inputs.metadata).name}`);
    expect(named.sort()).toEqual([
      "ConfigMap registry-owner",
      // As what is looked at, and as what this stack makes its own.
      "ConfigMap registry-owner-id",
      "ConfigMap registry-owner-id",
      expect.stringMatching(/^ConfigMap registry-proxy-[0-9a-f]{10}$/),
      "ConfigMap registry-rights",
      "Deployment registry",
      "Ingress registry-ingress",
      // As what anybody may have made, and as what this stack may delete.
      "Namespace dso",
      "Namespace dso",
      "NetworkPolicy registry",
      "PersistentVolumeClaim registry",
      expect.stringMatching(/^Secret registry-config-[0-9a-f]{10}$/),
      "Secret registry-htpasswd",
      "Secret registry-tls",
      "Service registry",
    ]);
  });

  it("shows its settings to policies, and no secret", async () => {
    const { resources } = await created(s3);
    const { inputs } = resource(resources, "container-registry:cluster:ClusterRegistry", "registry");
    expect(inputs).toMatchObject({
      tls: { kind: "private-ca" },
      storage: { kind: "s3" },
      accounts: [{ name: "jenkins" }],
    });
    expect(JSON.stringify(inputs)).not.toMatch(/the (access|secret) key/);
  });

  it("creates nothing in its namespace before this stack owns the registry there", async () => {
    const { inputs, resources } = await created({ variant: { ui: { kind: "builtin" } } });
    expect(inputs("core/v1:ConfigMap", "registry-owner")).toMatchObject({
      metadata: { namespace: "dso" },
      data: { stack: "container-registry/test 0123456789abcdef" },
      immutable: true,
    });
    expect(inputs("core/v1:ConfigMap", "registry-owner-id")).toMatchObject({
      metadata: { name: "registry-owner-id", namespace: "dso" },
      data: { owner: "container-registry/test 0123456789abcdef" },
      immutable: true,
    });
    expect(resource(resources, "kubernetes:core/v1:Namespace", "registry-contents").dependencies).toContainEqual(
      expect.stringMatching(/::registry-owner-id$/),
    );
    const within = resources.filter(
      ({ inputs, name }) => Object(inputs.metadata).namespace === "dso" && !/-owner(-seen|-id)?$/.test(name),
    );
    expect(within.length).toBeGreaterThan(8);
    for (const { name, dependencies } of within)
      expect(dependencies, name).toContainEqual(expect.stringMatching(/::registry-contents$/));
  });

  it("keeps hashes, tokens and keys only in Secrets", async () => {
    const { resources, inputs } = await created(s3);
    const accounts = inputs("core/v1:Secret", "registry-accounts-secret");
    const config = inputs("core/v1:Secret", "registry-config");

    expect(revealed(accounts.stringData)).toMatchObject({
      htpasswd: "jenkins:$2a$10$registry-accounts-jenkins-password-hash\n",
      "accounts.caddy": expect.stringContaining('"jenkins" "$2a$10$registry-accounts-jenkins-password-hash"'),
    });
    expect(Object(revealed(config.stringData))["config.yml"]).toContain("secretkey: the secret key");
    expect([accounts.stringData, config.stringData].map(isSecret)).toEqual([true, true]);
    expect(isSecret(config.metadata.name)).toBe(false);
    for (const { type, inputs } of resources.filter(({ type }) => !/Secret$|Password$/.test(type)))
      for (const secret of ["-hash", "-result", "the secret key"])
        expect(JSON.stringify(inputs), type).not.toContain(secret);
  });

  it("changes rights in place, and rolls its pods for any other change of the proxy", async () => {
    const [before, after, closed] = [
      await created(),
      await created({ accounts: [{ ...jenkins, push: ["team-a/**"] }, Account.parse({ name: "dana" })] }),
      await created({ variant: { catalogue: "closed" } }),
    ];
    const pods = ({ inputs }: Awaited<ReturnType<typeof created>>) => inputs("apps/v1:Deployment", "registry-pods");
    const rights = ({ inputs }: Awaited<ReturnType<typeof created>>) =>
      inputs("core/v1:ConfigMap", "registry-rights").data;

    expect(pods(after)).toEqual(pods(before));
    expect(rights(after)).not.toEqual(rights(before));
    expect(pods(closed)).not.toEqual(pods(before));
  });

  it("collects garbage on schedule, with a proxy that holds writes meanwhile, and not unless asked", async () => {
    const { inputs } = await created({ more: { garbageCollection: { schedule: "03:00", graceDays: 7 } } });
    const program = inputs("core/v1:ConfigMap", "registry-collector");
    const { spec } = inputs("batch/v1:CronJob", "registry-collector");
    expect(spec).toMatchObject({ schedule: "0 3 * * *", timeZone: "Etc/UTC", concurrencyPolicy: "Forbid" });
    expect(spec.jobTemplate.spec.template.spec.volumes).toContainEqual(
      expect.objectContaining({ configMap: { name: program.metadata.name } }),
    );
    expect(program.data["collect.sh"]).toContain("storage='/var/lib/registry'\ngrace_days=7\n");
    expect(inputs("core/v1:ConfigMap", "registry-proxy-config").data.Caddyfile).toContain("/collection/hold");

    const without = await created();
    expect(without.types).not.toContain("batch/v1:CronJob");
    expect(without.inputs("core/v1:ConfigMap", "registry-proxy-config").data.Caddyfile).not.toContain("/collection");
  });

  it("backs up and verifies on schedule, with the password in a Secret alone, and not unless asked", async () => {
    const backup = Backup.parse({
      to: { kind: "s3", endpoint: "https://s3.example.org", bucket: "registry-backup" },
      verify: { schedule: "Mon 04:30" },
    });
    const keys = { accessKey: "the access key", secretKey: "the secret key" };
    const { inputs, resources } = await created({
      more: { backup, backupSecrets: { password: "the backups' password", s3: keys } },
    });
    const config = inputs("core/v1:ConfigMap", "registry-backup-config");
    expect(inputs("batch/v1:CronJob", "registry-backup").spec.schedule).toBe("30 2 * * *");
    const { spec } = inputs("batch/v1:CronJob", "registry-backup-verification");
    expect(spec.schedule).toBe("30 4 * * Mon");
    expect(spec.jobTemplate.spec.template.spec.volumes[0].projected.sources).toEqual([
      { configMap: { name: config.metadata.name } },
      { secret: { name: "registry-backup" } },
    ]);
    expect(config.data.settings).toContain("repository='s3:https://s3.example.org/registry-backup'\n");
    const { stringData } = inputs("core/v1:Secret", "registry-backup-secret");
    expect(isSecret(stringData)).toBe(true);
    expect(Object(revealed(stringData)).password).toBe("the backups' password\n");
    const others = resources.filter(({ name }) => name !== "registry-backup-secret");
    expect(JSON.stringify(others)).not.toMatch(/the backups' password|the secret key/);

    expect((await created()).types).not.toContain("batch/v1:CronJob");
  });

  it("lets one account read metrics, and hands its password to a ServiceMonitor", async () => {
    const { inputs, resources, types } = await created({
      accounts: [jenkins, Account.parse({ name: "prometheus", expires: "2027-03-31" })],
      more: {
        passwords: { prometheus: "the password" },
        monitoring: { account: "prometheus", rotations: {}, serviceMonitor: { labels: { release: "prometheus" } } },
      },
    });
    const rights = inputs("core/v1:ConfigMap", "registry-rights").data;
    expect(rights["stack.prom"]).toContain('account_expiry_timestamp_seconds{account="prometheus"} ');
    const monitor = inputs("monitoring.coreos.com/v1:ServiceMonitor", "registry-service-monitor");
    expect(monitor.metadata.labels).toMatchObject({ release: "prometheus" });
    const service = inputs("core/v1:Service", "registry-service");
    expect(service.metadata.labels).toMatchObject(monitor.spec.selector.matchLabels);
    expect(service.spec.ports.map((port: { name: string }) => port.name)).toContain(monitor.spec.endpoints[0].port);
    const { stringData } = inputs("core/v1:Secret", "registry-metrics");
    expect(isSecret(stringData)).toBe(true);
    expect(revealed(stringData)).toEqual({ username: "prometheus", password: "the password" });
    expect(types).toContain("apiextensions.k8s.io/v1:CustomResourceDefinition");
    const config = revealed(resource(resources, "kubernetes:core/v1:Secret", "registry-config").inputs.stringData);
    expect(Object(config)["config.yml"]).toContain("addr: 127.0.0.1:5002");
  });

  it("stops the old pod first with a ReadWriteOnce volume, and starts the new one first with shared storage", async () => {
    const { inputs } = await created();
    const { inputs: inputsS3, types } = await created(s3);
    const strategy = { type: "RollingUpdate", rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } };

    expect(inputs("apps/v1:Deployment", "registry-pods").spec).toMatchObject({
      replicas: 1,
      strategy: { type: "Recreate" },
    });
    expect(inputsS3("apps/v1:Deployment", "registry-pods").spec).toMatchObject({ replicas: 2, strategy });
    expect(types).not.toContain("core/v1:PersistentVolumeClaim");
  });

  it.each([
    [1, false],
    [2, true],
  ])("with %i replicas keeps a disruption from taking all: %o", async (replicas, budget) => {
    const { types } = await created({ ...s3, variant: { ...s3.variant, replicas } });
    expect(types.includes("policy/v1:PodDisruptionBudget")).toBe(budget);
  });

  it("serves clients at its host name, and nodes also at its Service's address", async () => {
    const { endpoint } = await created();
    expect(await outputValue(endpoint.url)).toBe("https://registry.example.org");
    expect(await outputValue(endpoint.nodeUrls)).toEqual(["https://registry.example.org", "http://10.96.0.50:5000"]);
    expect(await outputValue(endpoint.ca)).toBe("registry-ca-ca PEM\n");
  });

  it("annotates the Ingress for long uploads by its class, and lets the stack file override that", async () => {
    const { inputs } = await created({
      variant: {
        ingressClassName: "nginx",
        ingressAnnotations: { "nginx.ingress.kubernetes.io/proxy-read-timeout": "60" },
      },
    });
    expect(inputs("networking.k8s.io/v1:Ingress", "registry-ingress")).toMatchObject({
      metadata: {
        annotations: {
          "nginx.ingress.kubernetes.io/proxy-body-size": "0",
          "nginx.ingress.kubernetes.io/proxy-read-timeout": "60",
        },
      },
      spec: { ingressClassName: "nginx", tls: [{ hosts: ["registry.example.org"], secretName: "registry-tls" }] },
    });
  });

  it("puts the address of the ingress controller's load balancer into its host name and certificate", async () => {
    const exposure = { kind: "load-balancer", service: "traefik/traefik" };
    const { endpoint, inputs, resources } = await created({ host: "registry.{address}.nip.io", variant: { exposure } });
    const host = "registry.192.0.2.10.nip.io";

    expect(await outputValue(endpoint.host)).toBe(host);
    expect(inputs("networking.k8s.io/v1:Ingress", "registry-ingress").spec.rules).toMatchObject([{ host }]);
    expect(resource(resources, "tls:index/certRequest:CertRequest", "registry-ca-request").inputs.dnsNames).toEqual([
      host,
    ]);
  });

  it("ends TLS in the pod behind its own load balancer, which does not wait for pods", async () => {
    const { inputs, types } = await created({
      host: "{address}:8443",
      variant: { exposure: { kind: "load-balancer" } },
    });
    expect(inputs("core/v1:Service", "registry-load-balancer")).toMatchObject({
      metadata: { annotations: { "pulumi.com/waitFor": "jsonpath={.status.loadBalancer.ingress[0]}" } },
      spec: { type: "LoadBalancer", ports: [{ port: 8443, targetPort: "tls" }] },
    });
    expect(types).not.toContain("networking.k8s.io/v1:Ingress");
  });

  it("reads objects only after the cluster's identity is checked", async () => {
    const exposure = { kind: "load-balancer", service: "traefik/traefik" };
    const { resources } = await created({
      variant: { exposure, ingressClassName: "traefik", tls: { kind: "cert-manager" } },
      host: "registry.{address}.nip.io",
    });
    const read = resources.filter(({ id, name }) => id && name !== "cluster-kube-system");
    expect(read.map(({ type }) => type.split(":").at(-1)).sort()).toEqual([
      "ConfigMap",
      "CustomResourceDefinition",
      "IngressClass",
      "Secret",
      "Service",
    ]);
    for (const { provider } of read) expect(provider).toContain("::cluster-provider::");
  });

  it("says how to list Ingress classes and Services when the cluster lacks the named one", async () => {
    const { resources } = await created({
      variant: { exposure: { kind: "load-balancer", service: "traefik/traefik" }, ingressClassName: "nginx" },
      host: "registry.{address}.nip.io",
    });
    const reads = resources.filter(({ id }) => id === "nginx" || id === "traefik/traefik").map(({ name }) => name);
    // What the engine prints before the provider's bare words.
    expect(reads.sort()).toEqual([
      "variant.exposure.service traefik/traefik, to be one of: kubectl get services --all-namespaces",
      "variant.ingressClassName nginx, to be one of: kubectl get ingressclasses",
    ]);
  });

  it("uses cert-manager's CA once it is ready, and creates nothing where cert-manager is missing", async () => {
    const { endpoint, inputs, resources } = await created({ variant: { tls: { kind: "cert-manager" } } });
    expect(inputs("cert-manager.io/v1:Certificate", "registry-certificate")).toMatchObject({
      metadata: { annotations: { "pulumi.com/waitFor": "condition=Ready" } },
      spec: {
        dnsNames: ["registry.example.org"],
        secretName: "registry-tls-issued",
        issuerRef: { name: "registry-ca" },
      },
    });
    expect(await outputValue(endpoint.ca)).toBe("registry-tls-issued CA\n");
    expect(resource(resources, "kubernetes:core/v1:Namespace", "registry-namespace").dependencies).toContainEqual(
      expect.stringContaining("cert-manager, to be installed first"),
    );
  });

  it.each([
    ["the Ingress", {}],
    ["the proxy", { exposure: { kind: "load-balancer" } }],
  ])("has %s show cert-manager's certificate by a Secret that is nobody else's", async (_who, variant) => {
    const issued = await created({ variant: { ...variant, tls: { kind: "cert-manager" } } });
    const own = await created({ variant });
    const shown = ({ inputs, types }: Awaited<ReturnType<typeof created>>): string =>
      types.includes("networking.k8s.io/v1:Ingress")
        ? inputs("networking.k8s.io/v1:Ingress", "registry-ingress").spec.tls[0].secretName
        : JSON.stringify(inputs("apps/v1:Deployment", "registry-pods").spec.template.spec.volumes);
    // While a stack goes from one to the other, cert-manager would write over what `up` has just written.
    expect(shown(issued)).toContain("registry-tls-issued");
    expect(shown(own)).not.toContain("registry-tls-issued");
    expect(own.inputs("core/v1:Secret", "registry-tls").metadata.name).toBe("registry-tls");
  });

  it("uses the issuer that the stack file names", async () => {
    const { inputs, resources } = await created({
      variant: { tls: { kind: "cert-manager", issuer: "ClusterIssuer/letsencrypt" } },
    });
    expect(inputs("cert-manager.io/v1:Certificate", "registry-certificate").spec.issuerRef).toEqual({
      group: "cert-manager.io",
      kind: "ClusterIssuer",
      name: "letsencrypt",
    });
    expect(resources.filter(({ type }) => type.endsWith(":Issuer"))).toEqual([]);
  });

  it.each([
    ["behind an Ingress", {}, "registry.example.org"],
    ["behind a load balancer of its own", { exposure: { kind: "load-balancer" } }, "registry.{address}.nip.io"],
    ["certified by cert-manager", { tls: { kind: "cert-manager" } }, "registry.example.org"],
  ])("is previewed before anything of it is there, %s", async (_how, variant, host) => {
    const { resources } = await created({ variant, host, preview: true });
    expect(resources.map(({ name }) => name)).toContain("registry-pods");
    // The Secret that cert-manager has yet to write.
    expect(resources.map(({ id }) => id)).not.toContain("dso/registry-tls-issued");
  });
});
