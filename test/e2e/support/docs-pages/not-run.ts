/** The commands of each page of `docs` that a fault's test leaves out, and why. */
export const notRun: Record<string, Record<string, string>> = {
  "incidents/bad-gateway.md": {
    "docker logs container-registry-registry-1": "it only shows what distribution says",
    "kubectl get pods,ingress -n NAMESPACE": "it only shows what the cluster says",
    "kubectl logs -n NAMESPACE deployment/registry -c registry": "it only shows what distribution says",
  },
  "incidents/failed-upgrade.md": {
    "npm ci": "the lab has one version of this project, whose packages are installed",
  },
  "incidents/leaked-credential.md": {
    "pulumi config set --secret sshPrivateKey < NEWKEY": "the lab's machines share one key",
    "pulumi stack change-secrets-provider passphrase": "it asks for the passphrases in a terminal",
  },
  "incidents/node-does-not-pull.md": {
    "crictl pull HOST/REPOSITORY:TAG": "the lab's nodes with an SSH server have docker, and k3s without its containerd",
    "curl https://HOST/v2/": "doctor asks the same on the node",
  },
  "incidents/stuck-up.md": {
    "pulumi refresh --clear-pending-creates": "the up that was killed leaves no interrupted creation there",
  },
  "incidents/tls-renewal.md": {
    "docker restart container-registry-proxy-1":
      "acme.test.ts has Caddy, for which `registry renew` orders a certificate",
    "kubectl describe certificate --namespace NAMESPACE": "it only shows what cert-manager says",
  },
};
