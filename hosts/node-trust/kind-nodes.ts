import { spawnSync } from "node:child_process";

/** One node of a kind cluster. */
export type KindNode = {
  /** The container's name, as in kind-worker. */
  name: string;
  /** The container's id, which changes when the cluster is created again. */
  id: string;
};

/** Runs `docker` with these arguments and returns its output. Throws an error that quotes docker's own error. */
export type Docker = (args: readonly string[]) => string;

/** Finds the nodes of a kind cluster on this machine: containers with the labels that kind gives to its nodes. */
export function kindNodes(cluster: string, docker: Docker = runDocker): KindNode[] {
  const filter = `label=io.x-k8s.kind.cluster=${cluster}`;
  const columns = '{{.Names}} {{.ID}} {{.State}} {{.Label "io.x-k8s.kind.role"}}';
  const containers = docker(["ps", "--all", "--no-trunc", "--filter", filter, "--format", columns])
    .split("\n")
    .filter(Boolean)
    .map((line) => line.split(" "))
    // A cluster with several control planes has a container before them that is no node.
    .filter(([, , , role]) => role !== "external-load-balancer");
  const [stopped] = containers.filter(([, , state]) => state !== "running");
  if (stopped) throw new Error(`its node ${stopped[0]} is ${stopped[2]}; start it: docker start ${stopped[0]}`);
  if (containers.length === 0)
    throw new Error(
      `no kind cluster of that name runs here; kind create cluster --name ${cluster}, or correct the name`,
    );
  return containers
    .map(([name = "", id = ""]) => ({ name, id }))
    .sort((one, other) => one.name.localeCompare(other.name, "en"));
}

export function runDocker(args: readonly string[], timeout = 30_000): string {
  const { error, status, stdout, stderr } = spawnSync("docker", args, { encoding: "utf8", timeout });
  if (error) throw new Error(`docker cannot be run: ${error.message}`);
  if (status !== 0) throw new Error(`docker ${args[0]} failed: ${stderr.trim()}`);
  return stdout;
}
