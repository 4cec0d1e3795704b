import type { Cluster } from "../../../../lab/cluster/cluster.ts";

/** What a Prometheus read from one endpoint of a ServiceMonitor. */
export type Scraped = {
  /** The value of the label `job`. */
  job: string;
  status: number;
  metrics: string;
};

/**
 * Reads what a ServiceMonitor describes, as the Prometheus operator has Prometheus do it: the Services by the selector, the pods
 * of their EndpointSlices by the port's name, with the name and password that the Secret has. A node sends the requests.
 * @see Prometheus operator: pkg/prometheus/promcfg.go, generateServiceMonitorConfig
 */
export async function scrapedTargets(cluster: Cluster, namespace: string, name: string): Promise<Scraped[]> {
  const get = async (what: string[]) =>
    JSON.parse(await cluster.kubectl(["get", ...what, "--namespace", namespace, "--output", "json"]));
  const { spec } = (await get(["servicemonitor", name])) as { spec: Spec };
  const services = ((await get(["services", "--selector", selector(spec.selector.matchLabels)])) as List).items;
  const scraped: Scraped[] = [];
  for (const service of services) {
    const ofService = selector({ "kubernetes.io/service-name": service.metadata.name });
    const { items } = (await get(["endpointslices", "--selector", ofService])) as List<Slice>;
    for (const endpoint of spec.endpoints) {
      const [username, password] = await Promise.all(
        [endpoint.basicAuth.username, endpoint.basicAuth.password].map(async ({ name, key }) => {
          const { data } = (await get(["secret", name])) as { data: Record<string, string> };
          return Buffer.from(data[key] ?? "", "base64").toString();
        }),
      );
      for (const address of addresses(items, endpoint.port)) {
        const url = `${endpoint.scheme}://${address}${endpoint.path}`;
        const answer = await cluster.workers[0]?.run(
          `curl --silent --show-error --max-time 20 --write-out '\\n%{http_code}' --config - "$1"`,
          { args: [url], input: `user = "${username}:${password}"\n` },
        );
        const [metrics = "", status] = [answer?.slice(0, answer.lastIndexOf("\n")), answer?.split("\n").at(-1)];
        scraped.push({ job: job(endpoint), status: Number(status), metrics });
      }
    }
  }
  return scraped;
}

function selector(labels: Record<string, string>): string {
  return Object.entries(labels)
    .map(([label, value]) => `${label}=${value}`)
    .join(",");
}

function addresses(slices: Slice[], portName: string): string[] {
  return slices.flatMap(({ endpoints, ports }) =>
    ports
      .filter((port) => port.name === portName)
      .flatMap(({ port }) => endpoints.flatMap((endpoint) => endpoint.addresses.map((each) => `${each}:${port}`))),
  );
}

function job({ relabelings }: Endpoint): string {
  return relabelings.find(({ targetLabel }) => targetLabel === "job")?.replacement ?? "";
}

type Spec = { selector: { matchLabels: Record<string, string> }; endpoints: Endpoint[] };

type Endpoint = {
  port: string;
  scheme: string;
  path: string;
  basicAuth: Record<"username" | "password", { name: string; key: string }>;
  relabelings: { targetLabel: string; replacement: string }[];
};

type List<Item = { metadata: { name: string } }> = { items: Item[] };

type Slice = { endpoints: { addresses: string[] }[]; ports: { name: string; port: number }[] };
