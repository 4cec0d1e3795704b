import type { Pair } from "./selection.ts";
import type { Side } from "./side.ts";

/** What is compared: one registry's repositories with another's. */
export type Comparing = { source: Side; destination: Side; pairs: readonly Pair[] };

export type Copying = Comparing & {
  /** How many images are copied at a time. */
  parallel: number;
  /** How many bytes of images may come from the source each second. @default no limit */
  bytesPerSecond?: number;
};
