import { fileURLToPath } from "node:url";
import { addresses } from "./network.ts";

/** Environment variables with which a Node.js program on this machine asks the lab's DNS server for host names first. */
export const namesOfTheLab = {
  NODE_OPTIONS: `--import=${fileURLToPath(new URL("./names-of-the-lab.js", import.meta.url))}`,
  LAB_DNS: addresses.dns,
};
