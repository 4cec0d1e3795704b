import { describe, expect, it } from "vitest";
import { configData, configName, daemonSetName } from "../../../render/node-daemon-set.ts";
import { podLabels, podSpec, podVariables } from "../../../render/node-daemon-set-pod.ts";
import { trustFiles } from "../../../render/node-daemon-set-trust.ts";
import type { TrustedRegistry } from "../../../render/trusted-registry.ts";
import { DaemonSetRuntime, NodeDaemonSet } from "../../../settings/node-daemon-set.ts";

const image = { reference: `docker.io/curlimages/curl@sha256:${"0".repeat(64)}` };
const url = "https://registry.example.org:5000";
const registry: TrustedRegistry = { host: "registry.example.org:5000", aliases: [], url, nodeUrls: [url], ca: "PEM\n" };

function plan(daemonSet: Partial<NodeDaemonSet> = {}, more: Partial<TrustedRegistry> = {}) {
  return {
    daemonSet: NodeDaemonSet.parse({ runtime: "containerd", image, ...daemonSet }),
    registry: { ...registry, ...more },
  };
}

function hostPaths(daemonSet: Partial<NodeDaemonSet>) {
  const { volumes, containers } = podSpec(plan(daemonSet), "config");
  const mounts = containers.flatMap(({ volumeMounts }) => volumeMounts);
  return volumes.flatMap((volume) => {
    if (!("hostPath" in volume)) return [];
    const mount = mounts.find(({ name }) => name === volume.name);
    expect(mount?.mountPath).toBe(`/host${volume.hostPath.path}`);
    return [`${volume.hostPath.path}${mount && "readOnly" in mount && mount.readOnly ? ", to read" : ""}`];
  });
}

describe("trustFiles", () => {
  it.each([
    [
      "containerd",
      [
        "/etc/containerd/certs.d/registry.example.org_5000_/ca.crt",
        "/etc/containerd/certs.d/registry.example.org_5000_/hosts.toml",
      ],
    ],
    [
      "microk8s",
      [
        "/var/snap/microk8s/current/args/certs.d/registry.example.org_5000_/ca.crt",
        "/var/snap/microk8s/current/args/certs.d/registry.example.org_5000_/hosts.toml",
      ],
    ],
    ["cri-o", ["/etc/containers/certs.d/registry.example.org:5000/ca.crt"]],
    ["docker", ["/etc/docker/certs.d/registry.example.org:5000/ca.crt"]],
  ] as const)("puts %s's where it looks for them", (runtime, paths) => {
    expect(trustFiles(runtime, registry).map(({ path }) => path)).toEqual(paths);
  });

  it.each(DaemonSetRuntime.options)("gives %s no CA where a public CA signed", (runtime) => {
    expect(trustFiles(runtime, { ...registry, ca: "" }).map(({ key }) => key)).not.toContain("ca.crt");
  });
});

describe("trustFiles of a registry with several names and another URL", () => {
  const elsewhere = { ...registry, aliases: ["registry:5000"], nodeUrls: [url, "http://10.96.0.10:5000"] };

  it("are the same directory for each name, each file with its own key", () => {
    const files = trustFiles("containerd", elsewhere);
    expect(files.map(({ key, path }) => `${key} ${path.replace("/etc/containerd/certs.d/", "")}`)).toEqual([
      "ca.crt registry.example.org_5000_/ca.crt",
      "hosts.toml registry.example.org_5000_/hosts.toml",
      "ca.crt.registry_5000_ registry_5000_/ca.crt",
      "hosts.toml.registry_5000_ registry_5000_/hosts.toml",
    ]);
    for (const { text } of files.filter(({ key }) => key.startsWith("hosts.toml")))
      expect(text).toMatch(
        /\[host\."https:\/\/registry\.example\.org:5000"\][\s\S]*\[host\."http:\/\/10\.96\.0\.10:5000"\]/,
      );
  });

  it.each([
    ["containerd", `${url} http://10.96.0.10:5000`],
    ["cri-o", url],
    ["docker", url],
  ] as const)("have %s ask at %s", (runtime, urls) => {
    expect(podVariables({ ...plan({ runtime }), registry: elsewhere }).registry_urls).toBe(urls);
  });
});

describe("configData", () => {
  it("lists each file with its path on the node", () => {
    const { files, "ca.crt": ca } = configData(plan());
    expect(files).toBe(
      "ca.crt /etc/containerd/certs.d/registry.example.org_5000_/ca.crt\nhosts.toml /etc/containerd/certs.d/registry.example.org_5000_/hosts.toml\n",
    );
    expect(ca).toBe("PEM\n");
  });

  it("holds the whole program", () => {
    const { "main.sh": main = "", ...parts } = configData(plan());
    const [, sourced = ""] = /for part in (.+); do/.exec(main) ?? [];
    expect(Object.keys(parts)).toEqual(expect.arrayContaining(sourced.split(" ").map((part) => `${part}.sh`)));
    expect(sourced.split(" ").length).toBeGreaterThan(5);
  });
});

describe("configName", () => {
  const name = (more: Partial<TrustedRegistry>) => configName(registry.host, configData(plan({}, more)));

  it("changes with the CA, and only with a change", () => {
    expect(name({ ca: "another\n" })).not.toBe(name({}));
    expect(name({})).toBe(name({}));
    expect(name({})).toMatch(/^trust-registry\.example\.org-5000-[0-9a-f]{10}$/);
  });
});

describe("podSpec", () => {
  it.each<[string, Partial<NodeDaemonSet>, string[]]>([
    ["containerd", { runtime: "containerd" }, ["/etc/containerd, to read", "/etc/containerd/certs.d"]],
    ["microk8s", { runtime: "microk8s" }, ["/var/snap/microk8s/current/args/certs.d"]],
    ["cri-o", { runtime: "cri-o" }, ["/etc/containers/certs.d"]],
    ["docker", { runtime: "docker" }, ["/etc/docker/certs.d"]],
  ])("mounts of a node with %s only its trust and the program's own notes", (_, daemonSet, trust) => {
    const state = "/var/lib/container-registry/registry-trust-trust-registry.example.org-5000";
    expect(hostPaths(daemonSet)).toEqual([...trust, state]);
    expect(hostPaths({ ...daemonSet, hostsEntry: "192.0.2.10" })).toEqual([...trust, state, "/etc/hosts"]);
  });

  it("has no capabilities and no privileges that it does not need", () => {
    const { containers, ...pod } = podSpec(plan(), "config");
    expect(pod).not.toHaveProperty("hostNetwork");
    expect(pod).not.toHaveProperty("hostPID");
    expect(containers[0]?.securityContext).toEqual({
      runAsUser: 0,
      runAsGroup: 0,
      capabilities: { drop: ["ALL"] },
      privileged: false,
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
    });
  });
});

describe("podLabels", () => {
  it("change with the written paths, so that the old pods remove their own files", () => {
    const labels = (daemonSet: Partial<NodeDaemonSet>) => podLabels(plan(daemonSet).daemonSet, registry.host);
    const all = [{}, { runtime: "docker" }, { hostsEntry: "192.0.2.10" }] as const;
    expect(new Set(all.map((each) => JSON.stringify(labels(each)))).size).toBe(3);
    expect(labels({ hostsEntry: "192.0.2.11" })).toEqual(labels({ hostsEntry: "192.0.2.10" }));
  });

  it.each(Object.values(podLabels(plan({ hostsEntry: "::1" }).daemonSet, `${"a".repeat(240)}.org:5000`)))(
    "may be: %s",
    (label) => {
      expect(label).toMatch(/^[a-z0-9]([-a-z0-9.]{0,61}[a-z0-9])?$/);
    },
  );
});

describe("podVariables", () => {
  it.each([
    ["192.0.2.10", "registry.example.org:5000:192.0.2.10"],
    ["2001:db8::10", "registry.example.org:5000:[2001:db8::10]"],
    [undefined, ""],
  ])("lead curl to %s as /etc/hosts leads the runtime", (hostsEntry, resolve) => {
    expect(podVariables(plan({ hostsEntry })).resolve).toBe(resolve);
  });

  it.each([
    ["https://registry.example.org", 443],
    ["http://registry.example.org", 80],
  ])("know the port of %s", (url, port) => {
    const { resolve } = podVariables(plan({ hostsEntry: "192.0.2.10" }, { host: "registry.example.org", url }));
    expect(resolve).toBe(`registry.example.org:${port}:192.0.2.10`);
  });
});

describe("daemonSetName", () => {
  it.each([
    ["registry.example.org", "trust-registry.example.org"],
    ["203.0.113.5:5000", "trust-203.0.113.5-5000"],
  ])("of %s is a Kubernetes name", (host, name) => {
    expect(daemonSetName(host)).toBe(name);
  });
});
