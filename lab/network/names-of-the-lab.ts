import { fileURLToPath } from "node:url";
import { addresses } from "./network.ts";

/** Environment with which a Node program on this machine resolves the lab's host names, by the lab's DNS server. */
export const namesOfTheLab = {
  NODE_OPTIONS: `--import=${fileURLToPath(new URL("./names-of-the-lab.js", import.meta.url))}`,
  LAB_DNS: addresses.dns,
};
