import { describe, expect, it } from "vitest";
import type { ConfigEntry } from "../../../settings/config-entries.ts";
import { SettingsError } from "../../../settings/errors/problems.ts";
import { parseStack } from "../../../settings/parse-stack.ts";
import { secretKeys } from "../../../settings/secrets/secrets.ts";
import { StackKeys } from "../../../settings/stack-keys.ts";
import fc from "../../properties.ts";
import { certificate, certificateKey } from "./keys.ts";
import {
  changed,
  clusterStack,
  entriesOf,
  existingStack,
  hostKey,
  hostStack,
  hybridStack,
  type Stack,
} from "./stacks.ts";

const ssh = {
  kind: "ssh",
  address: "203.0.113.7",
  user: "ubuntu",
  hostKey,
  jump: { address: "a", user: "u", hostKey },
};

/** Valid, and with something under every key. */
const stacks: Stack[] = [
  changed(hostStack, {
    "variant.tls": { kind: "provided" },
    "variant.allowFrom": ["10.0.0.0/8"],
    tlsCertificate: certificate,
    tlsKey: certificateKey,
    mavenRegistry: { host: "nexus.example.org", requiresAuthForPush: false },
    nodes: [{ name: "node-1", runtime: "k3s", connection: ssh, hostsEntry: "192.0.2.10" }],
    nodeDaemonSet: { runtime: "containerd", image: { reference: `busybox@sha256:${"0".repeat(64)}` } },
    jenkins: {
      url: "https://jenkins.example.org",
      user: "admin",
      credentials: [{ id: "a", kind: "secret-text", of: "host" }],
    },
    jenkinsToken: "token",
    pipelineConfig: { namespace: "ci" },
    passwords: '{"jenkins": "correct horse"}',
    rotateEvery: "90d",
    retention: [{ repositories: "**", keepLast: 10 }],
  }),
  changed(clusterStack, {
    "variant.storage": { kind: "s3", bucket: "images", endpoint: "https://s3.example.org" },
    s3AccessKey: "key",
    s3SecretKey: "secret",
    pullSecrets: [{ namespace: "a", name: "b", account: "dana" }],
    flux: { images: [{ name: "a" }], policies: [{ name: "a", image: "a", policy: { kind: "semver", range: ">=1" } }] },
  }),
  hybridStack,
  existingStack,
];

const keys = [...Object.keys(StackKeys.shape), ...Object.keys(secretKeys)];

/** Values of every type, and words that mean something somewhere. */
const anything = fc.oneof(
  fc.jsonValue({ maxDepth: 3 }),
  fc.constantFrom(
    "",
    "localhost",
    "203.0.113.5",
    "registry:443",
    "**",
    "kind",
    "ssh",
    "none",
    "2027-03-31",
    "a/b",
    "\u0000",
    "//",
  ),
  fc.constantFrom<unknown>(
    {},
    [],
    [null],
    { kind: "ssh" },
    { kind: "none" },
    { kind: "acme" },
    -1,
    0,
    1e9,
    "https://u:p@h",
  ),
);

const arbitraryEntries: fc.Arbitrary<ConfigEntry[]> = fc.uniqueArray(
  fc.record({
    key: fc.oneof(
      { weight: 5, arbitrary: fc.constantFrom(...keys) },
      { weight: 1, arbitrary: fc.string() },
      fc.constant("__proto__"),
    ),
    value: fc.oneof(
      anything.map((value) => JSON.stringify(value)),
      fc.string(),
    ),
    encrypted: fc.boolean(),
  }),
  { selector: ({ key }) => key },
);

/** A valid stack with a few positions replaced, removed or added to. */
const mutatedStack: fc.Arbitrary<Stack> = fc
  .tuple(
    fc.constantFrom(...stacks),
    fc.array(fc.tuple(fc.nat(), fc.option(anything, { nil: undefined })), { maxLength: 4 }),
  )
  .map(([stack, mutations]) => mutations.reduce((mutant, [where, value]) => mutate(mutant, where, value), stack));

function mutate(stack: Stack, where: number, value: unknown): Stack {
  const copy = structuredClone(stack);
  const positions = placesOf(copy);
  const chosen = positions[where % positions.length];
  if (chosen) chosen.holder[chosen.key] = value;
  return copy;
}

type Holder = Record<string, unknown>;

/** Every key at any depth, and one unknown key beside each group. */
function placesOf(holder: Holder): { holder: Holder; key: string }[] {
  const here = [...Object.keys(holder), "unknwon"].map((key) => ({ holder, key }));
  const groups = Object.values(holder).filter((value): value is Holder => typeof value === "object" && value !== null);
  return [...here, ...groups.flatMap(placesOf)];
}

function errorOf(entries: ConfigEntry[]): unknown {
  try {
    parseStack("dev", entries);
    return undefined;
  } catch (error) {
    return error;
  }
}

/** The one error there may be: a count, then that many lines of a place and what is wrong with it. */
function expectListedProblems(error: unknown) {
  expect(error).toBeInstanceOf(SettingsError);
  if (!(error instanceof SettingsError)) return;
  const [first, ...lines] = error.message.split("\n");
  expect(first).toMatch(/^stack dev: (1 problem|[0-9]+ problems) in Pulumi\.dev\.yaml$/);
  expect(lines.length).toBeGreaterThan(0);
  expect(lines).toHaveLength(error.problems.length);
  for (const line of lines) expect(line).toMatch(/^ {2}\S.*: \S/);
}

describe("any stack file", () => {
  it.each(stacks.map((stack) => [JSON.stringify(stack.variant), stack] as const))(
    "starts from a valid one: %s",
    (_, stack) => {
      expect(errorOf(entriesOf(stack))).toBeUndefined();
    },
  );

  it("is read or refused with listed problems, whatever its keys hold", () => {
    fc.assert(
      fc.property(arbitraryEntries, (entries) => {
        const error = errorOf(entries);
        if (error !== undefined) expectListedProblems(error);
      }),
      { numRuns: 500 },
    );
  });

  it("is read or refused with listed problems, however a valid one is changed", () => {
    let refused = 0;
    fc.assert(
      fc.property(mutatedStack, (stack) => {
        const error = errorOf(entriesOf(stack));
        if (error === undefined) return;
        refused += 1;
        expectListedProblems(error);
      }),
      { numRuns: 1000 },
    );
    expect(refused).toBeGreaterThan(500);
  });

  it("means the same once its defaults are written out", () => {
    fc.assert(
      fc.property(mutatedStack, (stack) => {
        if (errorOf(entriesOf(stack)) !== undefined) return;
        const { settings, secrets } = parseStack("dev", entriesOf(stack));
        expect(parseStack("dev", entriesOf({ ...settings, ...secrets })).settings).toEqual(settings);
      }),
      { numRuns: 300 },
    );
  });

  it("never has a secret repeated", () => {
    const secretPart = "f3b1c2d4e5a69788";
    const secret = fc.string({ unit: "grapheme", maxLength: 90 }).map((text) => `${secretPart}${text}`);
    const pasted = fc.array(fc.nat(), { minLength: 1, maxLength: 3 });
    fc.assert(
      fc.property(mutatedStack, secret, pasted, (stack, value, positions) => {
        const withSecrets: Stack = { ...stack, passwords: JSON.stringify({ jenkins: value, [value]: value }) };
        for (const name of ["registryUsername", "registryPassword", "jenkinsPassword", "sshPrivateKey"])
          withSecrets[name] = value;
        const { passwords, registryPassword, ...rest } = positions.reduce(
          (mutant, where) => mutate(mutant, where, value),
          withSecrets,
        );
        const error = errorOf(entriesOf({ ...rest, passwords, registryPassword: value }));
        expectListedProblems(error);
        expect(String(error)).not.toContain(secretPart);
      }),
      { numRuns: 500 },
    );
  });
});
