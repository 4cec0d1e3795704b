import { isIPv4 } from "node:net";
import { ProgramError } from "../../settings/program-error.ts";

/** Where a load balancer answers, as `status.loadBalancer.ingress` has it. */
export type Answers = readonly { ip?: string; hostname?: string }[];

/** The IPv4 address of a Service, `NAMESPACE/NAME`, which the placeholder in a registry's host stands for. */
export function loadBalancerAddress(service: string, host: string, answers: Answers): string {
  const address = answers.map(({ ip }) => ip).find((ip) => ip !== undefined && isIPv4(ip));
  if (address !== undefined) return address;

  const what = `containerRegistry.host ${host} needs the IPv4 address of Service ${service}`;
  const [namespace, name] = service.split("/");
  const [first] = answers;
  if (first === undefined)
    throw new ProgramError(
      `${what}, which has none: is it of type LoadBalancer, and does anything give such ones addresses (a cloud, MetalLB)? See: kubectl describe service ${name} --namespace ${namespace}`,
    );
  throw new ProgramError(
    `${what}, which answers at ${first.hostname ?? first.ip}; set containerRegistry.host to a DNS name of yours that leads there`,
  );
}
