import { certManagerNames } from "../../../render/cluster-registry/cert-manager.ts";
import type { LiveStack } from "../../live-stack.ts";
import { OperationError } from "../../operation-error.ts";
import { pulumi } from "../../pulumi.ts";
import { up } from "../../rotation/up.ts";
import { orderByCaddy } from "./renew-acme.ts";

/** Brings about a new certificate, by whoever issues the stack's. An OperationError says who else has to. */
export async function renewCertificate(stack: LiveStack): Promise<void> {
  const { variant } = stack.settings;
  if (variant.kind === "hybrid")
    throw new OperationError("a registry beside kind has no TLS, so no certificate to renew");
  const { tls } = variant;
  switch (tls.kind) {
    case "acme":
      if (variant.kind === "host" && variant.proxy === "caddy") return orderByCaddy(stack, variant);
      throw new OperationError(
        "Traefik renews the certificate by itself when a third of its life is left, and has no command to renew it before; why it does not: docker logs container-registry-proxy-1 on the host",
      );
    case "private-ca":
      return issuedByUp(stack);
    case "provided":
      throw new OperationError(
        "the certificate is provided to this stack: get a new one from whoever issued it, then: pulumi config set --secret tlsCertificate < chain.pem && pulumi config set --secret tlsKey < key.pem && pulumi up",
      );
    case "cert-manager":
      if (variant.kind !== "cluster") break;
      throw new OperationError(
        `cert-manager renews the certificate by itself; to have it renewed now: cmctl renew ${certManagerNames.certificate} --namespace ${variant.namespace}`,
      );
    case "none":
      throw new OperationError("this registry has no TLS, so no certificate to renew");
  }
  throw new OperationError("somebody else runs this registry, and renews its certificate; ask them");
}

type State = { deployment?: { resources?: { urn: string; type: string; delete?: boolean }[] } };

/** Has `pulumi up` issue another certificate from the stack's own CA. The CA stays, so nodes and clients need no change. */
async function issuedByUp({ name, options }: LiveStack): Promise<void> {
  const { deployment } = JSON.parse(await pulumi(["stack", "export", "--stack", name])) as State;
  const leaves = (deployment?.resources ?? []).filter(
    (each) => each.type === "tls:index/locallySignedCert:LocallySignedCert" && !each.delete,
  );
  if (leaves.length === 0)
    throw new OperationError(`stack ${name} has issued no certificate yet; first: pulumi up --stack ${name}`);
  await up(name, [...options, ...leaves.flatMap(({ urn }) => ["--replace", urn])]);
}
