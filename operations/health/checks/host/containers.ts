import type { Check } from "../../check.ts";
import type { HostFacts } from "../../host-facts.ts";
import type { CheckedHost } from "./checked-host.ts";

type Container = NonNullable<HostFacts["docker"]>["containers"][number];

export const containers: readonly Check<CheckedHost>[] = [
  {
    id: "docker-down",
    title: "Docker runs",
    run: ({ health, where, affects, startDocker }) =>
      health.problems
        .filter(({ part }) => part === "docker")
        .map(({ problem }) => ({
          problem: `Docker does not answer: ${problem}`,
          ...{ where, affects, mend: startDocker, fixable: false },
        })),
  },
  {
    id: "container-not-running",
    title: "the containers of the registry run",
    followsFrom: ["docker-down"],
    run: ({ health: { docker }, services, where, affects, startContainers }) => {
      if (docker === undefined) return [];
      return services.flatMap((service) => {
        const container = docker.containers.find((each) => each.service === service);
        if (container?.state === "running") return [];
        const state = container === undefined ? "does not exist" : stateText(container);
        const cause = container && causeOf(container);
        return [
          {
            problem: `the container of the ${service} ${state}`,
            ...{ where, affects, ...startContainers },
            ...(cause && { cause }),
          },
        ];
      });
    },
  },
  {
    id: "container-off-network",
    title: "the proxy is in the network of the cluster's nodes",
    followsFrom: ["docker-down", "container-not-running"],
    run: ({ health: { docker }, network, where, affects, command }) =>
      (docker?.containers ?? [])
        .filter(({ service, state }) => network !== undefined && service === "proxy" && state === "running")
        .filter(({ networks }) => !networks.includes(network ?? ""))
        .map(({ name }) => ({
          problem: `container ${name} is not connected to Docker's network ${network}`,
          ...{ where, affects, mend: command(`docker network connect ${network} ${name}`), fixable: false },
          cause: "somebody disconnected it, or the network was made again",
        })),
  },
  {
    id: "container-unhealthy",
    title: "the containers of the registry answer their health checks",
    followsFrom: [
      "storage-does-not-answer",
      "no-answer",
      "storage-read-only",
      "disk-full",
      "inodes-full",
      "file-changed",
    ],
    run: ({ health: { docker }, where, affects, command }) =>
      (docker?.containers ?? [])
        .filter(({ state, health }) => state === "running" && health === "unhealthy")
        .map(({ name, service }) => ({
          problem: `the container of the ${service} runs and does not answer its health check`,
          ...{ where, affects, mend: command(`docker restart -t 5 ${name}`), fixable: false },
        })),
  },
];

function stateText({ state, restarts }: Container): string {
  if (state === "restarting") return `restarts over and over, ${restarts} times so far`;
  return `does not run: it is ${state}`;
}

function causeOf({ exitCode, outOfMemory, error }: Container): string | undefined {
  if (outOfMemory) return "it used more memory than variant.memory gives it";
  if (error !== "") return error;
  if (exitCode === 0 || exitCode === 137 || exitCode === 143) return "somebody stopped it";
  return `its program ended with exit code ${exitCode}; docker logs says more`;
}
