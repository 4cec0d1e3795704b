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

/** Pulls as the kubelet does. From the modules that Kubernetes is built from, nearly all of it is compiled already. */
export const crictl: GoBinary = {
  name: "cri-tools",
  version: "1.34.0",
  package: "sigs.k8s.io/cri-tools/cmd/crictl",
  binary: "crictl",
  ldflags: "-X sigs.k8s.io/cri-tools/pkg/version.Version=v1.34.0",
  goMod: kubernetesModule("cri-tools", ["sigs.k8s.io/cri-tools v1.34.0"]),
};

/** Only for tests: kind has to recognize the lab's clusters as its own. */
export const kind: GoBinary = {
  name: "kind",
  version: "0.33.0",
  package: "sigs.k8s.io/kind",
  binary: "kind",
};

const corednsPlugins = ["cache", "errors", "forward", "health", "kubernetes", "ready", "template"];

/** CoreDNS with only the plugins that the lab uses: building all takes minutes. */
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
 * With the `replace` lines of its own go.mod; the local module among them is not published, and empty but for its types.
 * Without the SDKs of two hundred DNS providers, for ACME by DNS: a third of what there is to compile.
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
