import { isIPv4 } from "node:net";
import { ProgramError } from "../../settings/errors/program-error.ts";

/** The addresses of a load balancer, as in a Service's `status.loadBalancer.ingress`. */
export type Answers = readonly { ip?: string; hostname?: string }[];

/** The IPv4 address of a Service, `NAMESPACE/NAME`, that replaces the placeholder in the registry's host. */
export function loadBalancerAddress(service: string, host: string, answers: Answers): string {
  const address = answers.map(({ ip }) => ip).find((ip) => ip !== undefined && isIPv4(ip));
  if (address !== undefined) return address;

  const what = `containerRegistry.host ${host} needs the IPv4 address of Service ${service}`;
  const [namespace, name] = service.split("/");
  const [first] = answers;
  if (first === undefined)
    throw new ProgramError(
      `${what}, which has none. Check that it is of type LoadBalancer, and that the cluster gives such Services addresses (a cloud does, or MetalLB): kubectl describe service ${name} --namespace ${namespace}`,
    );
  throw new ProgramError(
    `${what}, which has only ${first.hostname ?? first.ip}; set containerRegistry.host to a DNS name of yours that leads there`,
  );
}
