import { setTimeout } from "node:timers/promises";
import { accountsInCluster, bringAccounts } from "../../hosts/cluster/accounts-in-pods.ts";
import type { Rotations } from "../../settings/rotation.ts";
import { htpasswdHashes, withoutHtpasswdLine } from "../../settings/secrets/htpasswd.ts";
import type { SecretName } from "../../settings/secrets/secrets.ts";
import { type GivenPassword, passwordsIn } from "../../settings/secrets/shapes.ts";
import type { Variant } from "../../settings/variants/variant.ts";
import { KubectlError, openKubectl } from "../kubectl.ts";
import { type LiveStack, stackOutputs } from "../live-stack.ts";
import { OperationError } from "../operation-error.ts";
import { pulumi } from "../pulumi.ts";
import { ask, basic, type Registry } from "./ask.ts";
import type { Credential, RotatingStack } from "./rotating-stack.ts";
import { statePasswords } from "./state-passwords.ts";
import { up } from "./up.ts";

const key = "container-registry:rotations";

/** The RotatingStack of a live stack: runs the Pulumi CLI, and sends requests to the registry. */
export class LiveRotation implements RotatingStack {
  readonly accounts: readonly string[];
  readonly learns: RotatingStack["learns"];
  rotations: Rotations;
  given: Record<string, GivenPassword>;
  #htpasswd: string | undefined;
  readonly #stack: LiveStack;
  #registry?: Registry;

  constructor(stack: LiveStack) {
    const { settings, secrets } = stack;
    this.#stack = stack;
    this.accounts = settings.accounts.map(({ name }) => name);
    this.learns = learning(settings.variant);
    this.rotations = settings.rotations;
    this.given = passwordsIn(secrets.passwords ?? "{}");
    this.#htpasswd = secrets.htpasswd;
  }

  get inHtpasswd(): readonly string[] {
    return Object.keys(htpasswdHashes(this.#htpasswd ?? ""));
  }

  canLogIn(name: string): boolean {
    const { variant, accounts } = this.#stack.settings;
    const account = accounts.find((each) => each.name === name);
    if (account?.expires !== undefined && account.expires < this.today()) return false;
    const byRight = variant.kind === "host" && variant.proxy === "traefik";
    return !byRight || (account !== undefined && account.push.length + account.pull.length > 0);
  }

  nodesToRestart(name: string): string[] {
    const { nodes } = this.#stack.settings;
    return nodes.filter(({ account, restart }) => account === name && !restart).map((node) => node.name);
  }

  async writeRotations(changed: Rotations): Promise<void> {
    const values = Object.entries(changed).flatMap(([account, { generation, date, previous }]) =>
      Object.entries({ generation, date, previous }).flatMap(([field, value]) => [
        "--plaintext",
        `${key}["${account}"].${field}=${value}`,
      ]),
    );
    await pulumi(["config", "set-all", "--path", ...values, ...this.#stack.options]);
    this.rotations = { ...this.rotations, ...changed };
  }

  async writeGiven(account: string, password: GivenPassword): Promise<void> {
    this.given = { ...this.given, [account]: password };
    await this.#writeSecret("passwords", JSON.stringify(this.given));
  }

  async removeFromHtpasswd(account: string): Promise<void> {
    this.#htpasswd = withoutHtpasswdLine(this.#htpasswd ?? "", account);
    if (this.#htpasswd !== undefined) await this.#writeSecret("htpasswd", this.#htpasswd);
    else await pulumi(["config", "rm", "container-registry:htpasswd", ...this.#stack.options]);
  }

  up(): Promise<void> {
    return up(this.#stack.name, this.#stack.options);
  }

  async passwords(account: string): Promise<string[]> {
    const given = Object.hasOwn(this.given, account) ? this.given[account] : undefined;
    if (given !== undefined) return [given].flat();
    const state = await pulumi(["stack", "export", "--show-secrets", "--stack", this.#stack.name]);
    return statePasswords(JSON.parse(state), account);
  }

  async accepts(credential: Credential): Promise<boolean> {
    const authorization =
      "token" in credential ? `Bearer ${credential.token}` : basic(credential.account, credential.password);
    const { status } = await ask(await this.#address(), "/v2/", authorization);
    if (status === 200) return true;
    if (status === 401) return false;
    throw new OperationError(`the registry answers a login with ${status}; see its log, then run this again`);
  }

  async token(account: string, password: string): Promise<string> {
    const { status, body } = await ask(await this.#address(), "/token", basic(account, password));
    if (status !== 200) throw new OperationError(`the registry gives ${account} no token: status ${status}`);
    return (JSON.parse(body) as { token: string }).token;
  }

  async everyPodKnows(): Promise<string | undefined> {
    const { variant } = this.#stack.settings;
    if (variant.kind !== "cluster") return undefined;
    await using kubectl = await openKubectl(this.#stack);
    if (kubectl === undefined) return "the stack names no cluster";
    const run = (...args: string[]) => kubectl.run(["--request-timeout=30s", ...args]);
    try {
      return await bringAccounts(run, variant.namespace, await accountsInCluster(run, variant.namespace));
    } catch (error) {
      if (error instanceof KubectlError) return error.message;
      throw error;
    }
  }

  async wait(seconds: number): Promise<void> {
    await setTimeout(seconds * 1000);
  }

  today(): string {
    return new Date().toISOString().slice(0, 10);
  }

  say(what: string): void {
    console.error(what);
  }

  async #writeSecret(name: SecretName, value: string): Promise<void> {
    await pulumi(["config", "set", "--secret", `container-registry:${name}`, ...this.#stack.options], value);
  }

  async #address(): Promise<Registry> {
    if (this.#registry === undefined) {
      const { registryUrl, registryCa } = await stackOutputs(this.#stack);
      this.#registry = { url: registryUrl, ca: registryCa };
    }
    return this.#registry;
  }
}

function learning(variant: Variant): RotatingStack["learns"] {
  if (variant.kind !== "cluster") return "in-up";
  return variant.replicas > 1 ? "in-pods" : "in-a-pod";
}
