import { setTimeout as sleep } from "node:timers/promises";
import { commandNameOf } from "../../hosts/apply/command-name.ts";
import { movedParts } from "../../hosts/moving/moving-programs.ts";
import { machineAddress } from "../../hosts/transport/machine-address.ts";
import type { Connection } from "../../settings/connection.ts";
import type { Owner } from "../../settings/owner.ts";
import { liveOwner } from "../live-owner.ts";
import type { LiveStack } from "../live-stack.ts";
import { openMachine } from "../machines/machine.ts";
import { OperationError } from "../operation-error.ts";
import { pulumi } from "../pulumi.ts";
import { up } from "../rotation/up.ts";
import { sizeText } from "../size-text.ts";
import { type Copied, copyPart } from "./copy-part.ts";

/** What a move did, as `registry move-host --json` prints it. */
export type MoveReport = Copied & {
  /** The machines, as `machineAddress` names them. */
  from: string;
  to: string;
  /** How long the old host refused pushes until everything was copied, in seconds. None where an earlier run made it refuse them. */
  readOnlySeconds?: number;
};

/** How often is copied at most while the old host takes pushes, and until a pass finds nothing after that. */
const passes = { serving: 5, readOnly: 10 };

/** A pass that sends fewer files leaves little to the time in which pushes are refused. */
const fewFiles = 200;

/** How long writes that began before the old host became read-only may take, in seconds. A collection holds them for 10. */
const writesEndSeconds = { collected: 12, otherwise: 2 };

/**
 * Copies images and certificates to the stack's new registry host, runs `pulumi up`, after which the new host serves and the
 * old one refuses pushes, and copies what was pushed until then. Whatever fails, the old host serves, and another run goes on.
 */
export async function moveHost(stack: LiveStack): Promise<MoveReport> {
  const { from, to } = movingHosts(stack);
  const applied = await appliedMachines(stack);
  requireRegistryOn(stack, from, applied);
  const hosts = { stack, from, to, owner: await liveOwner(stack) };
  let copied: Copied = { files: 0, bytes: 0 };
  const pass = async () => {
    const sent = await copyOnce(hosts);
    copied = { files: copied.files + sent.files, bytes: copied.bytes + sent.bytes };
    if (sent.files > 0) console.error(`copied ${sent.files} files, ${sizeText(sent.bytes)}`);
    return sent.files;
  };

  console.error(`copying from ${machineAddress(from)} to ${machineAddress(to)}, while pushes and pulls go on`);
  for (let left = passes.serving; left > 0 && (await pass()) >= fewFiles; left--);
  console.error(`pulumi up: ${machineAddress(to)} begins to serve, then ${machineAddress(from)} refuses pushes`);
  await up(stack.name, stack.options);
  const readOnlySince = Date.now();
  await sleep(1000 * (stack.settings.garbageCollection ? writesEndSeconds.collected : writesEndSeconds.otherwise));
  for (let left = passes.readOnly; (await pass()) > 0; left--)
    if (left === 1)
      throw new OperationError(
        `${machineAddress(from)} still has files that ${machineAddress(to)} lacks, after ${passes.readOnly} passes: does somebody write to the storage there besides the registry? Then end that, and run this again`,
      );
  return {
    from: machineAddress(from),
    to: machineAddress(to),
    ...copied,
    ...(!isAmong(applied, to) && { readOnlySeconds: Math.round((Date.now() - readOnlySince) / 1000) }),
  };
}

export function moveText({ from, to, files, bytes, readOnlySeconds }: MoveReport, host: string): string {
  const refuses = readOnlySeconds === undefined ? "refuses pushes" : `has refused pushes for ${readOnlySeconds} s`;
  return [
    `${to} has every image of ${from} and serves; copied ${files} files, ${sizeText(bytes)}. ${from} ${refuses}, and answers pulls.`,
    `Next: have ${host} lead to ${to}. Once no client asks ${from} any more: run this command once more, for a push that ended late; remove oldHost from the stack file; then pulumi up. It stops ${from}, which keeps its images.`,
  ].join("\n");
}

type MovingHosts = { from: Connection; to: Connection };

function movingHosts({ name, settings: { variant } }: LiveStack): MovingHosts {
  if (variant.kind !== "host")
    throw new OperationError(`stack ${name} has variant ${variant.kind}, whose registry is on no host of its own`);
  if (variant.oldHost?.kind !== "read-only")
    throw new OperationError(
      `stack ${name} does not move: give connection the new machine, and oldHost { kind: read-only, connection } the one that serves now (docs/moving-a-host.md)`,
    );
  return { from: variant.oldHost.connection, to: variant.connection };
}

type State = { deployment?: { resources?: { urn: string }[] } };

/** The machines that the last `up` applied the registry to, as commands name them. */
async function appliedMachines({ name }: LiveStack): Promise<string[]> {
  const { deployment } = JSON.parse(await pulumi(["stack", "export", "--stack", name])) as State;
  return (deployment?.resources ?? []).flatMap(({ urn }) => urn.split("::registry-apply@")[1] ?? []);
}

function isAmong(applied: readonly string[], connection: Connection): boolean {
  return applied.some((machine) => `registry-apply@${machine}` === commandNameOf("registry-apply", connection));
}

/** Throws unless the last `up` applied the registry to this machine. */
function requireRegistryOn({ name }: LiveStack, connection: Connection, applied: readonly string[]): void {
  if (isAmong(applied, connection)) return;
  throw new OperationError(
    `the registry of stack ${name} is on ${applied.join(" and ") || "no machine yet"}, and variant.oldHost leads to ${machineAddress(connection)}; correct oldHost, whose address and port are those of the last pulumi up`,
  );
}

/** One pass over everything that moves, over new connections: between two passes `up` may take minutes. */
async function copyOnce({ stack, owner, from, to }: MovingHosts & { stack: LiveStack; owner: Owner }): Promise<Copied> {
  const { settings, secrets } = stack;
  if (settings.variant.kind !== "host") return { files: 0, bytes: 0 };
  const stop = new AbortController();
  await using old = await openMachine(from, secrets, stop.signal);
  await using next = await openMachine(to, secrets, stop.signal);
  const sum: Copied = { files: 0, bytes: 0 };
  for (const part of movedParts(settings.variant)) {
    const { files, bytes } = await copyPart({ old, next, owner, stop: () => stop.abort() }, part);
    sum.files += files;
    sum.bytes += bytes;
  }
  return sum;
}
