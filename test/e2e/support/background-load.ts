import { vi } from "vitest";
import type { Credentials } from "../../../lab/clients/clients.ts";
import { secretInput } from "../../../lab/clients/outcome.ts";
import type { Machine } from "../../../lab/hosts/machine.ts";

export type BackgroundLoad = {
  machine: Machine;
  /** Tells loads on one machine apart. */
  name: string;
  /** The script's `$1`. `{n}` in it is 1 first, and one more after each run that succeeded. */
  reference: string;
  /** Runs again and again, with the credentials on stdin. Its last line is kept. */
  script: string;
  credentials?: Credentials;
};

/** One run that succeeded. */
export type Run = {
  reference: string;
  /** The last line that it printed. */
  said: string;
  /** The time of its end, in ms since 1970. */
  ended: number;
};

/** A script that runs again and again on a machine, whatever the test does meanwhile. */
export interface RunningLoad {
  /** The runs so far that succeeded. */
  runs(): Promise<Run[]>;
  /** What the failed runs have printed since the last call; empty if none has failed. */
  failures(): Promise<string>;
  /** Waits for as many further runs, which begin after this call. */
  more(count: number): Promise<void>;
  /** Lets the run under way come to its end, and starts no other. */
  stop(): Promise<void>;
}

/** Starts a load. It ends with its machine if nobody stops it. */
export async function startLoad({
  machine,
  name,
  reference,
  script,
  credentials,
}: BackgroundLoad): Promise<RunningLoad> {
  const folder = `/tmp/load-${name}`;
  const args = [folder, reference, script];
  await machine.run(loop, { args, input: secretInput(credentials) });
  const runs = async () => {
    const lines = (await machine.run('cat "$1/done"', { args: [folder] })).split("\n");
    return lines.filter((line) => line !== "").map(runOf);
  };
  return {
    runs,
    failures: () =>
      machine.run('[ ! -e "$1/failed" ] || { mv "$1/failed" "$1/read"; cat "$1/read"; }', { args: [folder] }),
    more: async (count) => {
      const before = (await runs()).length;
      // One of them may have been under way already.
      await vi.waitUntil(async () => (await runs()).length > before + count, { timeout: 90_000, interval: 300 });
    },
    stop: async () => {
      await machine.run('touch "$1/end"; while [ -e "$1/runs" ]; do sleep 0.1; done', { args: [folder] });
    },
  };
}

function runOf(line: string): Run {
  const [reference = "", ended = "", ...said] = line.split(" ");
  return { reference, ended: Number(ended), said: said.join(" ") };
}

/** The longest time in which no run ended, in seconds. */
export function longestGapSeconds(runs: readonly Run[]): number {
  const gaps = runs.slice(1).map(({ ended }, index) => ended - (runs[index]?.ended ?? ended));
  return Math.max(0, ...gaps) / 1000;
}

const loop = `
  folder=$1 reference=$2 script=$3
  input=$(cat)
  mkdir "$folder"
  touch "$folder/runs" "$folder/done"
  (
    number=1
    while [ ! -e "$folder/end" ]; do
      target=$(printf '%s' "$reference" | sed "s/{n}/$number/")
      if printf '%s\\n' "$input" | sh -c "$script" sh "$target" >"$folder/output" 2>&1; then
        echo "$target $(date +%s%3N) $(tail -n 1 "$folder/output")" >>"$folder/done"
        number=$((number + 1))
      else
        { echo "$target at $(date --utc +%T)"; cat "$folder/output"; } >>"$folder/failed"
      fi
      sleep 0.5
    done
    rm "$folder/runs"
  ) >/dev/null 2>&1 &`;
