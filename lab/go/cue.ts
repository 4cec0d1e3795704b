import type { GoBinary } from "./go-build.ts";

/** The `cue` program, with which tests read `examples/env.cue`. */
export const cue = {
  name: "cue",
  version: "0.17.1",
  package: "cuelang.org/go/cmd/cue",
  binary: "cue",
} satisfies GoBinary;
