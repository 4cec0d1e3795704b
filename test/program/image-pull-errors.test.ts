import { chmodSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, vi } from "vitest";
import { pullErrors } from "../../components/image-pull-errors.ts";
import { temporaryFolder, withFreshWorld } from "../with-world.ts";

const access = { context: "kind-dev", pinned: "a kubeconfig with a token" };
const pods = { namespace: "dso", labels: { app: "registry", part: "of it" } };
const key = "variant.images";

const folder = withFreshWorld((cleanup) => {
  cleanup.defer(() => vi.unstubAllEnvs());
  return temporaryFolder(cleanup, "image-pulls");
});

/** A kubectl that writes down how it was called, and prints a file. */
function kubectl(answer: unknown, exitCode = 0): void {
  writeFileSync(join(folder(), "answer"), typeof answer === "string" ? answer : JSON.stringify(answer));
  const script = `#!/bin/sh
echo "$@" >${folder()}/args
stat --format %a "$2" >${folder()}/mode
cat "$2" >${folder()}/kubeconfig
cat ${folder()}/answer
exit ${exitCode}
`;
  writeFileSync(join(folder(), "kubectl"), script);
  chmodSync(join(folder(), "kubectl"), 0o755);
  vi.stubEnv("PATH", `${folder()}:${process.env.PATH}`);
}

const pod = (name: string, statuses: object, node?: string) => ({
  metadata: { name },
  spec: {
    nodeName: node,
    initContainers: [{ name: "unpack", image: "example.org/unpack:1" }],
    containers: [{ name: "proxy", image: "example.org/proxy:1" }],
  },
  status: statuses,
});
const waiting = (name: string, reason: string, message?: string) => ({ name, state: { waiting: { reason, message } } });

describe("pullErrors", () => {
  it("names each pod, its node, the image, the reason, and the next step", async () => {
    kubectl({
      items: [
        pod("one", { containerStatuses: [waiting("proxy", "ImagePullBackOff", "no such host")] }, "node-1"),
        pod("two", { initContainerStatuses: [waiting("unpack", "InvalidImageName")] }),
      ],
    });
    expect(await pullErrors(key, access, pods)).toEqual([
      "pod dso/one on node node-1 cannot pull example.org/proxy:1 (ImagePullBackOff: no such host). Check that the image exists and that the node reaches its registry (on the node: crictl pull example.org/proxy:1), or name another image in variant.images; then run pulumi up again",
      expect.stringMatching(/^pod dso\/two on node unknown cannot pull example.org\/unpack:1 \(InvalidImageName\)\./),
    ]);
  });

  it("names three of many pods that wait for the same image", async () => {
    const statuses = { containerStatuses: [waiting("proxy", "ErrImagePull", "timeout")] };
    kubectl({ items: [1, 2, 3, 4, 5].map((each) => pod(`pod-${each}`, statuses, `node-${each}`)) });
    const [text, ...rest] = await pullErrors(key, access, pods);
    expect(rest).toEqual([]);
    expect(text).toMatch(
      /^pod dso\/pod-1 on node node-1, dso\/pod-2 on node node-2, dso\/pod-3 on node node-3 and 2 more cannot pull example/,
    );
  });

  it("prints nothing about pods that wait for something else", async () => {
    const running = { name: "proxy", state: { running: {} } };
    const statuses = [waiting("proxy", "ContainerCreating"), waiting("proxy", "CrashLoopBackOff"), running];
    kubectl({ items: [pod("one", { containerStatuses: statuses }), { ...pod("two", {}), status: undefined }] });
    expect(await pullErrors(key, access, pods)).toEqual([]);
  });

  it("lists only the workload's pods, with a kubeconfig file that only its user can read and that is deleted afterwards", async () => {
    vi.stubEnv("TMPDIR", folder());
    kubectl({ items: [] });
    await pullErrors(key, access, pods);
    const read = (name: string) => readFileSync(join(folder(), name), "utf8");
    expect(read("args")).toContain("get pods --namespace dso --selector app=registry,part=of it --output json");
    expect([read("mode"), read("kubeconfig")]).toEqual(["600\n", access.pinned]);
    expect(readdirSync(folder()).filter((name) => name.startsWith("container-registry-"))).toEqual([]);
  });

  const command = "kubectl --context kind-dev describe pods --namespace dso --selector 'app=registry,part=of it'";
  it.each([
    ["has no kubectl", () => vi.stubEnv("PATH", folder()), "kubectl is not on PATH"],
    ["is refused", () => kubectl("Forbidden", 1), "Command failed"],
    ["gets no JSON", () => kubectl("<html>"), "SyntaxError"],
  ])("tells the command to look with on a machine that %s", async (_, arrange, why) => {
    arrange();
    const [text, ...rest] = await pullErrors(key, access, pods);
    expect(rest).toEqual([]);
    expect(text).toContain(`see what the pods wait for: ${command} (`);
    expect(text).toContain(why);
  });
});
