import type { GoBinary } from "../go/go-build.ts";

/** The newest release whose kubelet runs by default on a machine with cgroup v1. */
const kubernetesVersion = "1.34.2";

export const kubernetesPrograms = [
  "kube-apiserver",
  "kube-controller-manager",
  "kube-scheduler",
  "kube-proxy",
  "kubelet",
  "kubectl",
] as const;

export type KubernetesProgram = (typeof kubernetesPrograms)[number];

/** Go modules that are developed in Kubernetes' repository, but published with their own version numbers. */
const stagingModules = `
  api apiextensions-apiserver apimachinery apiserver cli-runtime client-go cloud-provider cluster-bootstrap code-generator
  component-base component-helpers controller-manager cri-api cri-client csi-translation-lib dynamic-resource-allocation
  endpointslice externaljwt kms kube-aggregator kube-controller-manager kube-proxy kube-scheduler kubectl kubelet metrics
  mount-utils pod-security-admission sample-apiserver sample-cli-plugin sample-controller`;

/** Describes how to build one of Kubernetes' programs. */
export function kubernetes(program: KubernetesProgram): GoBinary {
  const [major, minor] = kubernetesVersion.split(".");
  const variables = { gitVersion: `v${kubernetesVersion}`, gitMajor: major, gitMinor: minor };
  return {
    name: "kubernetes",
    version: kubernetesVersion,
    package: `k8s.io/kubernetes/cmd/${program}`,
    binary: program,
    ldflags: Object.entries(variables)
      .map(([name, value]) => `-X k8s.io/component-base/version.${name}=${value}`)
      .join(" "),
    goMod: kubernetesModule("kubernetes"),
  };
}

/** The go.mod of a program that is built from Kubernetes' modules and from `others`, which depend on Kubernetes' modules. */
export function kubernetesModule(name: string, others: readonly string[] = []): string {
  const replaced = stagingModules
    .trim()
    .split(/\s+/)
    .map((module) => `replace k8s.io/${module} => k8s.io/${module} v${kubernetesVersion.replace(/^1/, "0")}\n`);
  const required = [`k8s.io/kubernetes v${kubernetesVersion}`, ...others];
  return `module lab/${name}

go 1.25

${required.map((module) => `require ${module}\n`).join("")}
${replaced.join("")}`;
}
