import { fileURLToPath } from "node:url";
import { addresses } from "./network.ts";

/** The environment of a Node program on this machine that finds the lab's names, as its DNS server tells them. */
export const namesOfTheLab = {
  NODE_OPTIONS: `--import=${fileURLToPath(new URL("./names-of-the-lab.js", import.meta.url))}`,
  LAB_DNS: addresses.dns,
};
