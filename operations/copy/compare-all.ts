import { startProgress } from "../progress.ts";
import { type Comparison, comparePair } from "./compare.ts";
import type { Comparing } from "./copying.ts";

/** Compares every repository, and shows how far it is. */
export async function compareAll({ source, destination, pairs }: Comparing): Promise<Comparison> {
  using progress = startProgress();
  let tags = 0;
  const sides = { source: source.api, destination: destination.api };
  const onTag = () => progress.show(`compared ${++tags} tags of ${pairs.length} repositories`);
  const compared = await Promise.all(pairs.map((pair) => comparePair(sides, pair, onTag)));
  return {
    agreed: compared.flatMap(({ agreed }) => agreed),
    differences: compared.flatMap(({ differences }) => differences),
  };
}
