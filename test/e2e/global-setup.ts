import { stopLab } from "../../lab/down.ts";
import { labIsUp, startLab } from "../../lab/lab.ts";

/** One lab for all end-to-end tests; one that runs already is used as it is, and stays. */
export default async function setup(): Promise<() => Promise<void>> {
  const standing = await labIsUp();
  await startLab();
  return async () => {
    if (!standing) await stopLab();
  };
}
