import { dirname } from "node:path";
import { kubernetes } from "./cluster/kubernetes.ts";
import { startSharedCluster } from "./cluster/shared-cluster.ts";
import { stopLab } from "./down.ts";
import { labEnvironment } from "./env.ts";
import { goBinary } from "./go/go-build.ts";
import { LabError } from "./lab-error.ts";
import { persistentLab } from "./persistent.ts";
import { ensurePlatform, type Needs } from "./platform.ts";
import { say } from "./progress.ts";
import { labStack } from "./stack.ts";
import { start } from "./start.ts";

type Command = { summary: string; needs: Needs; run(): Promise<void> };

const commands: Record<string, Command> = {
  start: {
    summary: "Starts the lab, creates a registry host in it by `pulumi up`, and tests it by a push and a pull",
    needs: "containers",
    run: start,
  },
  up: {
    summary: "Starts a persistent lab: a machine for a registry, one with Docker to pull by, DNS, an ACME server",
    needs: "containers",
    run: up,
  },
  cluster: {
    summary: "Starts a persistent Kubernetes cluster: a control plane, two workers, Traefik",
    needs: "linux",
    run: cluster,
  },
  down: {
    summary: "Removes the lab: containers, clusters, networks, images, the Docker daemon it started, its stack",
    needs: "containers",
    run: stopLab,
  },
  env: {
    summary: "Prints shell exports with which `pulumi` in this folder uses the lab's stack",
    needs: "containers",
    run: env,
  },
};

async function up(): Promise<void> {
  await labStack(await persistentLab());
  say(`The lab is up, with a stack for it in Pulumi.lab.yaml. Next:
  eval "$(npm run -s lab:env)"
  pulumi up`);
}

async function cluster(): Promise<void> {
  const { kubeconfig, ingressAddress } = await startSharedCluster(["lab"]);
  say(`The cluster is up, its ingress controller at ${ingressAddress}. Next:
  export KUBECONFIG=${kubeconfig} PATH=${dirname(await goBinary(kubernetes("kubectl")))}:"$PATH"
  kubectl get nodes`);
}

async function env(): Promise<void> {
  process.stdout.write(`${await labEnvironment()}\n`);
}

function help(): string {
  const lines = Object.entries(commands).map(([name, { summary }]) => `  ${name.padEnd(7)} ${summary}`);
  return `usage: tsx lab/cli.ts <command>\n${lines.join("\n")}`;
}

const [name = ""] = process.argv.slice(2);
const command = commands[name];
if (command === undefined) {
  say(help());
  process.exitCode = 2;
} else {
  try {
    ensurePlatform(name === "start" ? "npm start" : `npm run lab:${name}`, command.needs);
    await command.run();
  } catch (error) {
    if (!(error instanceof LabError)) throw error;
    say(`error: ${error.message}`);
    process.exitCode = 1;
  }
}
