import type { GoBinary } from "../go/go-build.ts";
import { kubernetesModule } from "./kubernetes.ts";

const containerdVersion = "2.2.1";

/** containerd's programs, with its client `ctr`. */
export const containerd = ["containerd", "containerd-shim-runc-v2", "ctr"].map(
  (binary): GoBinary => ({
    name: "containerd",
    version: containerdVersion,
    package: `github.com/containerd/containerd/v2/cmd/${binary}`,
    binary,
    ldflags: `-X github.com/containerd/containerd/v2/version.Version=v${containerdVersion}`,
  }),
);

/**
 * crictl, which pulls images as the kubelet does. It is built with the module versions of Kubernetes, so Go has compiled nearly
 * all of its packages already.
 */
export const crictl: GoBinary = {
  name: "cri-tools",
  version: "1.34.0",
  package: "sigs.k8s.io/cri-tools/cmd/crictl",
  binary: "crictl",
  ldflags: "-X sigs.k8s.io/cri-tools/pkg/version.Version=v1.34.0",
  goMod: kubernetesModule("cri-tools", ["sigs.k8s.io/cri-tools v1.34.0"]),
};

/** kind, which only tests use, to show that it recognizes the lab's clusters as its own. */
export const kind: GoBinary = {
  name: "kind",
  version: "0.33.0",
  package: "sigs.k8s.io/kind",
  binary: "kind",
};

const corednsPlugins = ["cache", "errors", "forward", "health", "kubernetes", "ready", "template"];

/** CoreDNS with only the plugins that the lab uses, because building all plugins takes minutes. */
export const coredns: GoBinary = {
  name: "coredns",
  version: "1.13.1",
  package: ".",
  binary: "coredns",
  goMod: "module lab/coredns\n\ngo 1.25\n\nrequire github.com/coredns/coredns v1.13.1\n",
  sources: {
    "main.go": `package main

import (
	"github.com/coredns/coredns/coremain"
${corednsPlugins.map((plugin) => `	_ "github.com/coredns/coredns/plugin/${plugin}"\n`).join("")})

func main() { coremain.Run() }
`,
  },
};

const traefikVersion = "3.7.9";

const noDnsProviders = `package dns

import (
	"errors"

	"github.com/go-acme/lego/v5/challenge"
)

func NewDNSChallengeProviderByName(name string) (challenge.Provider, error) {
	return nil, errors.New("the lab's build has no DNS provider, and so no " + name)
}
`;

/**
 * Traefik, built with the `replace` lines of its own go.mod. One of them names a local module that is not published; the build
 * replaces it by a module that only declares its types. The SDKs of two hundred DNS providers, which serve ACME by DNS, are left
 * out: they are a third of the code to compile.
 */
export const traefik: GoBinary = {
  name: "traefik",
  version: traefikVersion,
  package: "github.com/traefik/traefik/v3/cmd/traefik",
  binary: "traefik",
  ldflags: `-X github.com/traefik/traefik/v3/pkg/version.Version=${traefikVersion}`,
  goMod: `module lab/traefik

go 1.25

require github.com/traefik/traefik/v3 v${traefikVersion}

replace github.com/traefik/traefik/dynamic/ext => ./ext

replace github.com/abbot/go-http-auth => github.com/containous/go-http-auth v0.4.1-0.20200324110947-a37a7636d23e

replace github.com/gorilla/mux => github.com/containous/mux v0.0.0-20250523120546-41b6ec3aed59

exclude github.com/tencentcloud/tencentcloud-sdk-go v3.0.83+incompatible
`,
  sources: {
    "ext/go.mod": "module github.com/traefik/traefik/dynamic/ext\n\ngo 1.25\n",
    "ext/ext.go": "package ext\n\ntype HTTP struct{}\n\ntype Router struct{}\n\ntype Middleware struct{}\n",
  },
  patches: { "github.com/go-acme/lego/v5@v5.2.2": { "providers/dns/zz_gen_dns_providers.go": noDnsProviders } },
};
