import { defineCommand } from "citty";
import { commonArgs } from "../common-args.ts";
import { served } from "../health/served.ts";
import { liveStack, stackOutputs } from "../live-stack.ts";
import { OperationError } from "../operation-error.ts";
import { print } from "../print.ts";
import { renewCertificate } from "./renew/renew-certificate.ts";

/** `registry renew`: brings about a new certificate now. */
export const renew = defineCommand({
  meta: {
    name: "renew",
    description: "Renew the registry's certificate now, before anybody has to",
    details: [
      "tls acme: Caddy orders one, and serves the old one until the new one is there. tls private-ca: pulumi up issues",
      "one from the stack's CA, which stays, and brings about what else the stack file has changed. Others renew",
      "certificates of kind provided and cert-manager, and Traefik its own: it says who, and how.",
      "docs/health.md",
    ],
    examples: ["renew"],
  },
  args: commonArgs,
  run: async ({ args }) => {
    const stack = await liveStack(args);
    const outputs = await stackOutputs(stack);
    const before = await served(stack, outputs);
    await renewCertificate(stack);
    const { url, problem, certificate } = await served(stack, outputs);
    if (problem !== undefined) throw new OperationError(`renewed, but a client is not served: ${problem}`);
    if (certificate === undefined || certificate.fingerprint256 === before.certificate?.fingerprint256)
      throw new OperationError(`${url} still shows the old certificate; what the proxy says: registry status`);
    const [from, ends] = [certificate.validFrom, certificate.validTo].map((time) => new Date(time).toISOString());
    print(args, { url, from, ends }, `${url} shows a new certificate, which ends on ${ends?.slice(0, 10)}`);
  },
});
