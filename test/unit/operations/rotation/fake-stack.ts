import type { Credential, RotatingStack } from "../../../../operations/rotation/rotating-stack.ts";
import { statePasswords } from "../../../../operations/rotation/state-passwords.ts";
import type { Rotations } from "../../../../settings/rotation.ts";
import type { GivenPassword } from "../../../../settings/secrets/shapes.ts";

/** Thrown in place of a kill. */
export class Killed extends Error {}

/** What outlives a killed command: the stack file, the state, the registry, and what consumers have. */
export class World {
  rotations: Rotations = {};
  given: Record<string, GivenPassword> = {};
  /** Accounts with a line in the secret `htpasswd`. */
  inHtpasswd: string[] = [];
  /** What the registry lets in, by account, the newest first. */
  registry: Record<string, string[]> = {};
  /** What consumers push with. */
  consumers: Record<string, string> = {};
  learns: RotatingStack["learns"] = "in-up";
  /** Whom the registry lets in with no password any more. */
  ended: string[] = [];
  /** Nodes that somebody must restart, by account. */
  restarts: Record<string, string[]> = {};
  clock = 0;
  /** What was said. */
  said: string[] = [];
  /** What the last of several pods lets in, which is not the one that is asked. */
  lastPod: Record<string, string[]> | undefined;
  /** Why the pods cannot be asked. @default they can */
  podsProblem: string | undefined;
  /** What the registry comes to know, and when; the last pod a minute later. */
  #learns: { at: number; registry: Record<string, string[]> } | undefined;
  readonly accounts: readonly string[];

  constructor(accounts: readonly string[]) {
    this.accounts = accounts;
  }

  /** All the passwords the stack file says are in force. */
  inForce(account: string): string[] {
    const given = this.given[account];
    if (given !== undefined) return [given].flat();
    const { generation = 0, previous = "revoked" } = this.rotations[account] ?? {};
    return (previous === "revoked" ? [generation] : [generation, generation - 1]).map((each) => `${account}-${each}`);
  }

  /** The proxy first, then consumers: killed between the two, they have what they had. */
  up(killed: () => void): void {
    const registry = Object.fromEntries(this.accounts.map((account) => [account, this.inForce(account)]));
    if (this.learns !== "in-up") this.#learns = { at: this.clock + 40, registry };
    else this.registry = registry;
    if (this.learns === "in-pods") this.lastPod ??= this.registry;
    for (const account of this.accounts) {
      killed();
      const [newest = "", previous = newest] = this.inForce(account);
      this.consumers[account] = this.rotations[account]?.previous === "current" ? previous : newest;
      this.push();
    }
  }

  wait(seconds: number): void {
    for (let passed = 0; passed < seconds; passed++) {
      this.clock++;
      const { at, registry } = this.#learns ?? { at: Number.POSITIVE_INFINITY };
      if (registry && this.clock >= at) this.registry = registry;
      if (registry && this.lastPod && this.clock >= at + 60) this.lastPod = registry;
      this.push();
    }
  }

  /** Every pod has what the last `up` wrote, within seconds. */
  bring(): void {
    const { registry } = this.#learns ?? {};
    if (registry === undefined) return;
    this.#learns = undefined;
    this.registry = registry;
    if (this.lastPod !== undefined) this.lastPod = registry;
    this.push();
  }

  /** What the whole of a rotation is for. */
  push(): void {
    for (const [account, password] of Object.entries(this.consumers))
      for (const pod of [this.registry, this.lastPod ?? this.registry])
        if (!pod[account]?.includes(password)) throw new Error(`a push of ${account} failed: ${password}`);
  }
}

/** A command at work on it, which is killed at its nth action. */
export function commandOn(world: World, killedAt = Number.POSITIVE_INFINITY): RotatingStack {
  let actions = 0;
  const action = () => {
    if (++actions === killedAt) throw new Killed();
  };
  return {
    accounts: world.accounts,
    rotations: world.rotations,
    given: world.given,
    inHtpasswd: world.inHtpasswd,
    learns: world.learns,
    canLogIn: (account) => !world.ended.includes(account),
    nodesToRestart: (account) => world.restarts[account] ?? [],
    async writeRotations(changed) {
      action();
      world.rotations = { ...world.rotations, ...changed };
      Object.assign(this, { rotations: world.rotations });
    },
    async writeGiven(account, password) {
      action();
      world.given = { ...world.given, [account]: password };
      Object.assign(this, { given: world.given });
    },
    async removeFromHtpasswd(account) {
      action();
      world.inHtpasswd = world.inHtpasswd.filter((each) => each !== account);
      Object.assign(this, { inHtpasswd: world.inHtpasswd });
    },
    async up() {
      action();
      world.up(action);
    },
    async passwords(account) {
      action();
      const given = world.given[account];
      return given === undefined ? statePasswords(stateOf(world), account) : [given].flat();
    },
    async accepts(credential) {
      action();
      return accepts(world, credential);
    },
    async token(account, password) {
      action();
      if (!accepts(world, { account, password })) throw new Error("the registry gives no token");
      return `token of ${password}`;
    },
    async everyPodKnows() {
      action();
      if (world.podsProblem === undefined) world.bring();
      return world.podsProblem;
    },
    async wait(seconds) {
      action();
      world.wait(seconds);
    },
    today: () => "2027-01-15",
    say: (what) => void world.said.push(what),
  };
}

function accepts({ registry, ended }: World, credential: Credential): boolean {
  if ("account" in credential && ended.includes(credential.account)) return false;
  if ("token" in credential)
    return Object.values(registry).some((all) => all.some((each) => credential.token === `token of ${each}`));
  return registry[credential.account]?.includes(credential.password) ?? false;
}

function stateOf(world: World): unknown {
  const resources = world.accounts.flatMap((account) =>
    world.inForce(account).map((password) => ({
      urn: `urn:pulumi:a::b::c::registry-accounts-${account}-password${/-0$/.test(password) ? "" : `-${password.split("-").at(-1)}`}`,
      outputs: { result: { "4dabf18193072939515e22adb298388d": "1b47", plaintext: JSON.stringify(password) } },
    })),
  );
  return { deployment: { resources } };
}
