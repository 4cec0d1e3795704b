import { setTimeout as sleep } from "node:timers/promises";
import { isRunning, publishedPort } from "../docker/container.ts";
import { docker, label } from "../docker/docker.ts";
import { serviceImage } from "../images/service-image.ts";
import { LabError } from "../lab-error.ts";
import { addresses, network } from "./network.ts";

export const dnsContainer = "container-registry-lab-dns";
const managementPort = 8055;

export type Dns = {
  /** Lets the name resolve to the IPv4 or IPv6 address alone, for every machine of the lab and for the lab's ACME server. */
  add(name: string, address: string): Promise<void>;
  remove(name: string): Promise<void>;
};

/** Starts the lab's DNS server, Pebble's challtestsrv. A name that was not added has no address. */
export async function startDns(): Promise<Dns> {
  if (!(await isRunning(dnsContainer))) {
    await docker(["rm", "--force", dnsContainer]);
    const at = ["--name", dnsContainer, "--network", network, "--ip", addresses.dns, "--label", label];
    const servers = [
      "-http01",
      "",
      "-https01",
      "",
      "-tlsalpn01",
      "",
      "-doh",
      "",
      "-defaultIPv4",
      "",
      "-defaultIPv6",
      "",
    ];
    const listen = ["-dnsserver", ":53", "-management", `:${managementPort}`];
    const run = ["run", "--detach", ...at, "--publish", `127.0.0.1::${managementPort}`];
    await docker([...run, await serviceImage("pebble-challtestsrv"), ...servers, ...listen]);
  }
  const url = `http://127.0.0.1:${await publishedPort(dnsContainer, managementPort)}`;
  await answers(url);
  const remove = async (name: string) => {
    for (const type of ["a", "aaaa"]) await post(`${url}/clear-${type}`, { host: `${name}.` });
  };
  return {
    add: async (name, address) => {
      // Adding appends to the name's addresses.
      await remove(name);
      await post(`${url}/add-${address.includes(":") ? "aaaa" : "a"}`, { host: `${name}.`, addresses: [address] });
    },
    remove,
  };
}

async function answers(url: string): Promise<void> {
  for (let tries = 100; tries > 0; tries--) {
    if (
      await post(`${url}/clear-a`, { host: "unused." }).then(
        () => true,
        () => false,
      )
    )
      return;
    await sleep(100);
  }
  throw new LabError(`the lab's DNS server does not answer; see \`docker logs ${dnsContainer}\``);
}

async function post(url: string, body: unknown): Promise<void> {
  const response = await fetch(url, { method: "POST", body: JSON.stringify(body), signal: AbortSignal.timeout(5000) });
  if (!response.ok)
    throw new LabError(`the lab's DNS server rejected ${url}: ${response.status} ${await response.text()}`);
}
