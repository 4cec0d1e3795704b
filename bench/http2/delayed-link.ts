import { readFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { type GoBinary, goBinary } from "../../lab/go/go-build.ts";

const delayedLink: GoBinary = {
  name: "delayed-link",
  version: "1",
  package: ".",
  binary: "delayed-link",
  goMod: "module bench/delayed-link\n\ngo 1.25\n",
  sources: { "main.go": readFileSync(join(import.meta.dirname, "delayed-link.go"), "utf8") },
};

export type DelayedLink = AsyncDisposable & {
  /** Where the servers of this machine are for a program in the namespace. */
  address: string;
  /** What a command starts with to run in the namespace. */
  within: readonly string[];
};

/** A network namespace whose one link leads to this machine, `milliseconds` of way there and back. Root may make one. */
export async function delayedLinkTo({ milliseconds }: { milliseconds: number }): Promise<DelayedLink> {
  // 198.18.0.0/15 is for benchmarks: RFC 2544.
  const [here, there, namespace] = ["198.18.34.1", "198.18.34.2", `bench-${process.pid}`];
  const devices = [`bench0-${process.pid % 1e5}`, `bench1-${process.pid % 1e5}`] as const;
  const link = execa(await goBinary(delayedLink), [...devices, String(milliseconds / 2)], {
    stdin: "pipe",
    reject: false,
  });
  await new Promise((resolve) => link.stderr?.once("data", resolve));
  const ip = (...args: string[]) => execa("ip", args);
  await ip("netns", "add", namespace);
  await ip("link", "set", devices[1], "netns", namespace);
  await ip("address", "add", here, "peer", there, "dev", devices[0]);
  await ip("link", "set", devices[0], "up");
  await ip("-n", namespace, "address", "add", there, "peer", here, "dev", devices[1]);
  await ip("-n", namespace, "link", "set", devices[1], "up");
  await ip("-n", namespace, "link", "set", "lo", "up");
  return {
    address: here,
    within: ["ip", "netns", "exec", namespace],
    async [Symbol.asyncDispose]() {
      // The devices are gone with the program that holds them.
      link.stdin?.end();
      await link;
      await ip("netns", "delete", namespace);
    },
  };
}
