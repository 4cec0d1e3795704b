import type { Rotations } from "../../settings/rotation.ts";
import type { GivenPassword } from "../../settings/secrets/shapes.ts";

/** A stack as `rotate` and `revoke` see it. Tests implement it without Pulumi and without a registry. */
export interface RotatingStack {
  /** The names of all accounts. */
  readonly accounts: readonly string[];
  readonly rotations: Rotations;
  readonly given: Readonly<Record<string, GivenPassword>>;
  /** Accounts that have a line in the secret `htpasswd`, whose password works beside their own. */
  readonly inHtpasswd: readonly string[];
  /**
   * When the proxy knows a changed password: before `up` ends, or perhaps later, once the kubelet has updated the Secret
   * in the registry's one pod or in each of several pods. In a cluster `up` only warns where it cannot ask the pods.
   */
  readonly learns: "in-up" | "in-a-pod" | "in-pods";
  /**
   * Whether the registry accepts any password of the account: not after its last day, and behind Traefik only if the
   * account may push or pull something.
   */
  canLogIn(account: string): boolean;
  /**
   * Nodes that pull with the account's password, and use a new one only after somebody restarts k3s or RKE2 on them.
   */
  nodesToRestart(account: string): string[];
  /** Writes the entries of these accounts into the stack file's `rotations`, all in one command. */
  writeRotations(changed: Rotations): Promise<void>;
  /** Writes an account's password into the secret `passwords`: one, or the new one and the one before it. */
  writeGiven(account: string, password: GivenPassword): Promise<void>;
  /** Removes an account's line from the secret `htpasswd`. */
  removeFromHtpasswd(account: string): Promise<void>;
  /** Runs `pulumi up`; throws if it fails. */
  up(): Promise<void>;
  /** The passwords of an account, the newest first: from the secret `passwords`, else from the stack's state. */
  passwords(account: string): Promise<string[]>;
  /**
   * Waits until every pod of the registry has the passwords that the last `up` wrote. Returns why that is not known, if it is not.
   */
  everyPodKnows(): Promise<string | undefined>;
  /** Whether the registry accepts the password or token. */
  accepts(credential: Credential): Promise<boolean>;
  /** A token that the registry issues for the password. */
  token(account: string, password: string): Promise<string>;
  wait(seconds: number): Promise<void>;
  /** Today, UTC, as in 2027-03-31. */
  today(): string;
  /** Shows the user a progress message. */
  say(what: string): void;
}

/** What a client authenticates to the registry with. */
export type Credential = { account: string; password: string } | { token: string };
