import type { Rotations } from "../../settings/rotation.ts";
import type { GivenPassword } from "../../settings/secrets/shapes.ts";

/** What a rotation knows of a stack, and does to it. */
export interface RotatingStack {
  /** Who there is, and what the stack file says of their passwords. */
  readonly accounts: readonly string[];
  readonly rotations: Rotations;
  readonly given: Readonly<Record<string, GivenPassword>>;
  /** How the proxy comes to know a changed password: within `up`, or when the kubelet brings it to one pod or to several. */
  readonly learns: "in-up" | "in-a-pod" | "in-pods";
  /** Whether the registry lets an account in at all: not after its last day, and behind Traefik none that may read nothing. */
  canLogIn(account: string): boolean;
  /** Nodes that have an account's password, and take the next one when somebody restarts k3s or RKE2 there. */
  nodesToRestart(account: string): string[];
  /** Writes these accounts' entries into the stack file, all at once. */
  writeRotations(changed: Rotations): Promise<void>;
  /** Writes one account's given password, or the new one and the one before it. */
  writeGiven(account: string, password: GivenPassword): Promise<void>;
  /** `pulumi up`. */
  up(): Promise<void>;
  /** The passwords the state holds for an account, the newest first. */
  passwords(account: string): Promise<string[]>;
  /** Whether the registry lets these in. */
  accepts(credential: Credential): Promise<boolean>;
  /** The token that it gives for a password. */
  token(account: string, password: string): Promise<string>;
  wait(seconds: number): Promise<void>;
  /** Today, UTC, as in 2027-03-31. */
  today(): string;
  /** Tells who watches what happens. */
  say(what: string): void;
}

/** What a client shows the registry. */
export type Credential = { account: string; password: string } | { token: string };
