import { describe, expect, it } from "vitest";
import { stringify } from "yaml";
import { loadBalancerAddress } from "../../../components/cluster-registry/load-balancer-address.ts";
import { certificateSpec } from "../../../render/cluster-registry/cert-manager.ts";
import { ingressAnnotations, ingressSpec } from "../../../render/cluster-registry/ingress.ts";
import { networkPolicySpec } from "../../../render/cluster-registry/network-policy.ts";
import { podSpec } from "../../../render/cluster-registry/pod.ts";
import { proxyConfig } from "../../../render/cluster-registry/proxy.ts";
import { clusterObjects, clusterVariant, proxySettings } from "./rendered-cluster.ts";

describe("the objects of a registry in a cluster", () => {
  it.each(Object.keys(clusterObjects))("%s match the snapshot", async (path) => {
    const text = clusterObjects[path]?.map((object) => stringify(object, { version: "1.1" })).join("---\n");
    await expect(text).toMatchFileSnapshot(`snapshots/${path}`);
  });
});

describe("ingressAnnotations", () => {
  it.each([
    ["k8s.io/ingress-nginx", "nginx.ingress.kubernetes.io/proxy-body-size"],
    ["k8s.io/ingress-nginx-internal", "nginx.ingress.kubernetes.io/proxy-request-buffering"],
    ["nginx.org/ingress-controller", "nginx.org/client-max-body-size"],
    ["haproxy.org/ingress-controller", "haproxy.org/timeout-server"],
    ["haproxy.org/ingress-controller/haproxy", "haproxy.org/timeout-server"],
    ["haproxy-ingress.github.io/controller", "haproxy-ingress.github.io/proxy-body-size"],
  ])("gives a class of %s its %s", (controller, annotation) => {
    expect(ingressAnnotations(controller, {})).toHaveProperty([annotation]);
  });

  it.each(["traefik.io/ingress-controller", "", "example.org/k8s.io/ingress-nginx"])(
    "adds nothing for a class of %o",
    (controller) => {
      expect(ingressAnnotations(controller, { a: "b" })).toEqual({ a: "b" });
    },
  );
});

describe("ingressSpec", () => {
  it("has no TLS where the stack has none, and the host without its port", () => {
    const spec = ingressSpec("registry.example.org:8080", clusterVariant({ tls: { kind: "none" } }));
    expect(spec).not.toHaveProperty("tls");
    expect(spec.rules).toMatchObject([{ host: "registry.example.org" }]);
  });
});

describe("networkPolicySpec", () => {
  it("opens only the load balancer's port to every client", () => {
    const exposure = { kind: "load-balancer" };
    const open = (variant: object) => networkPolicySpec(clusterVariant({ exposure, ...variant })).ingress[1];
    expect(open({})).toEqual({ ports: [{ port: "tls" }] });
    expect(open({ tls: { kind: "none" } })).toEqual({ ports: [{ port: "plain" }] });
    expect(networkPolicySpec(clusterVariant({})).ingress).toHaveLength(1);
  });

  it("turns an address into a CIDR of one address", () => {
    const nodeNetworks = ["192.0.2.7", "2001:db8::7", "10.0.0.0/8"];
    const [, ...from] = Object(networkPolicySpec(clusterVariant({ nodeNetworks })).ingress[0]).from;
    expect(from).toEqual(["192.0.2.7/32", "2001:db8::7/128", "10.0.0.0/8"].map((cidr) => ({ ipBlock: { cidr } })));
  });
});

describe("proxyConfig", () => {
  it("trusts an ingress controller's pod if nodeNetworks has only the nodes", () => {
    const caddyfile = (nodeNetworks?: string[]) =>
      proxyConfig({ ...proxySettings, variant: clusterVariant({ nodeNetworks }) }).data.Caddyfile;
    const trusted = "remote_ip 10.0.0.0/8 172.16.0.0/12 192.168.0.0/16 100.64.0.0/10 fc00::/7";
    expect(caddyfile(["203.0.113.0/24", "10.0.0.0/8"])).toContain(`${trusted} 203.0.113.0/24\n`);
    expect(caddyfile()).toContain(`${trusted}\n`);
  });
});

describe("podSpec", () => {
  it("ends the proxy after the last late request, and distribution after the proxy", () => {
    const configs = { proxyConfig: "proxy", registryConfig: "config" };
    const s3 = clusterVariant({ storage: { kind: "s3", bucket: "images" }, replicas: 2 });
    const sleeps = podSpec(s3, configs).containers.map((each) =>
      Number(Object(each).lifecycle?.preStop.exec.command.at(-1)),
    );
    const [registry = 0, proxy = 0] = sleeps;
    expect(registry).toBeGreaterThan(proxy);
    expect(proxy).toBeGreaterThan(0);
  });
});

describe("certificateSpec", () => {
  it.each([
    ["letsencrypt", { kind: "Issuer", name: "letsencrypt" }],
    ["Issuer/own", { kind: "Issuer", name: "own" }],
    ["ClusterIssuer/all", { kind: "ClusterIssuer", name: "all" }],
  ])("refers to the issuer %s", (issuer, reference) => {
    expect(certificateSpec("registry.example.org", issuer).issuerRef).toMatchObject(reference);
  });

  it("has an IP address as ipAddresses", () => {
    expect(certificateSpec("192.0.2.10")).toMatchObject({ ipAddresses: ["192.0.2.10"] });
  });
});

describe("loadBalancerAddress", () => {
  const host = "registry.{address}.nip.io";

  it("is the first IPv4 address", () => {
    expect(loadBalancerAddress("a/b", host, [{ ip: "2001:db8::1" }, { ip: "192.0.2.10" }])).toBe("192.0.2.10");
  });

  it.each([
    [[], "needs the IPv4 address of Service a/b, which has none. Check that it is of type LoadBalancer"],
    [[{ hostname: "lb.example.com" }], "which has only lb.example.com; set containerRegistry.host to a DNS name"],
    [[{ ip: "2001:db8::1" }], "which has only 2001:db8::1; set containerRegistry.host to a DNS name"],
  ])("rejects the addresses %j, and says what to do", (answers, message) => {
    expect(() => loadBalancerAddress("a/b", host, answers)).toThrow(message);
  });
});
