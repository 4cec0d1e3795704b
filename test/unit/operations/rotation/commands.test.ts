import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import { expect, it, vi } from "vitest";
import { registry } from "../../../../operations/registry.ts";
import { temporaryFolder, withFreshWorld } from "../../../with-world.ts";
import {
  changed,
  entriesOf,
  existingStack,
  hostStack,
  parsed,
  type Stack,
  traefikImages,
} from "../../settings/stacks.ts";
import { stubPrograms } from "../fake-programs.ts";
import { said } from "../output.ts";

const given = changed(hostStack, { passwords: '{"dana": "correct horse"}' });
const traefik = changed(hostStack, {
  "variant.proxy": "traefik",
  "variant.images": traefikImages,
  "containerRegistry.requiresAuthForPull": true,
});

const folder = withFreshWorld((cleanup) => {
  cleanup.defer(() => vi.restoreAllMocks());
  return temporaryFolder(cleanup, "rotation");
});

/** Runs a command on the stack `dev`; its standard input is what somebody pipes into it. */
async function run(stack: Stack, argv: string, stdin = "") {
  const config = Object.fromEntries(
    entriesOf(stack).map(({ key, value, encrypted }) => [`container-registry:${key}`, { value, secret: encrypted }]),
  );
  const resources = parsed(stack).settings.accounts.map(({ name }) => ({
    urn: `urn:pulumi:dev::p::t::registry-accounts-${name}-password-1`,
    outputs: { result: "new" },
  }));
  const print = (value: unknown) => `cat <<'END'\n${JSON.stringify(value)}\nEND`;
  const answers = [
    `config\\ --show-secrets*) ${print(config)}\n;;`,
    `config\\ set\\ *) cat >>'${folder()}/stdin' ;;`,
    `stack\\ --show-name*) echo dev ;;`,
    `stack\\ export*) ${print({ deployment: { resources } })}\n;;`,
  ];
  stubPrograms({ pulumi: `echo "$*" >>'${folder()}/calls'\ncase "$*" in\n${answers.join("\n")}\nesac` });
  vi.spyOn(process, "stdin", "get").mockReturnValue(Readable.from([stdin]) as typeof process.stdin);
  return said(registry, argv.split(" "));
}

/** What Pulumi was told to do, reads aside. */
function actions(): string[] {
  const calls = readFileSync(join(folder(), "calls"), { encoding: "utf8", flag: "a+" }).split("\n");
  return calls.filter((call) => /^(up|config set)/.test(call)).map((call) => call.split(" --")[0] ?? "");
}

const both = ["config set-all", "up", "config set-all", "up"];

it("rotate --no-verify › asks no registry, and ends the old password after the overlap", async () => {
  const { exitCode, stdout } = await run(hostStack, "rotate --account jenkins --overlap 0s --no-verify");
  expect([exitCode, stdout, actions()]).toEqual([0, "rotated: jenkins", both]);
});

it.each(["007", "1e3", "true", "null", "first.last", "robot_user", "constructor"])(
  "rotate --account %s and revoke %s › are about the account of exactly that name",
  async (name) => {
    const date = expect.stringMatching(/^\d{4}-\d\d-\d\d$/);
    const named = changed(hostStack, { accounts: ["jenkins", name].map((each) => ({ name: each, push: ["**"] })) });
    const rotated = await run(named, `rotate --account ${name} --keep-previous --no-verify --json`);
    const stillValid = { [name]: { generation: 1, date, previous: "valid" } };
    expect([rotated.exitCode, JSON.parse(rotated.stdout)]).toEqual([0, { rotations: stillValid }]);
    const revoked = await run(named, `revoke ${name} --no-verify --json`);
    const cutOff = { generation: 1, date, previous: "revoked" };
    expect([revoked.exitCode, JSON.parse(revoked.stdout)]).toEqual([0, { revoked: name, rotation: cutOff }]);
  },
);

it("rotate --keep-previous › stops with both in force", async () => {
  const { exitCode, stdout } = await run(hostStack, "rotate --account jenkins --keep-previous --no-verify --json");
  const jenkins = { generation: 1, date: expect.stringMatching(/^\d{4}-\d\d-\d\d$/), previous: "valid" };
  expect([exitCode, JSON.parse(stdout), actions()]).toEqual([0, { rotations: { jenkins } }, both.slice(0, 2)]);
});

it("rotate --password-stdin › gives the secret both, by standard input and without the line's end", async () => {
  const argv = "rotate --account dana --password-stdin --keep-previous --no-verify";
  expect(await run(given, argv, "bättery $taple \n")).toMatchObject({
    exitCode: 0,
    stdout: "both passwords work: dana",
  });
  expect(JSON.parse(readFileSync(join(folder(), "stdin"), "utf8"))).toEqual({
    dana: ["bättery $taple ", "correct horse"],
  });
  expect(readFileSync(join(folder(), "calls"), "utf8")).not.toMatch(/bättery|horse/);
});

it("revoke --password-stdin › gives the secret the new one alone", async () => {
  const { exitCode, stdout } = await run(given, "revoke dana --password-stdin --no-verify", "battery");
  expect([exitCode, stdout]).toEqual([0, "revoked: dana has another password"]);
  expect(readFileSync(join(folder(), "stdin"), "utf8")).toBe('{"dana":"battery"}');
});

it.each<[argv: string, message: string, exitCode: number, stack: Stack, stdin?: string]>([
  ["rotate --account nobody", "no such account: nobody; there are jenkins, dana", 1, hostStack],
  ["rotate --overlap soon", "--overlap is a number and s, m or h, as in 10m", 2, hostStack],
  ["rotate --all --account dana", "--account or --all, not both", 2, hostStack],
  ["rotate --all --password-stdin", "--password-stdin needs --account: whose password it is", 2, given, "a"],
  ["rotate --account dana", "the secret passwords gives dana's; give the new one: --password-stdin", 1, given],
  ["rotate --account dana --password-stdin", "the password on standard input is empty", 1, given],
  ["revoke dana --password-stdin", "the password on standard input holds a control character", 1, given, "a\nb"],
  ["revoke dana --password-stdin", "the password on standard input has 74 bytes of UTF-8", 1, given, "ü".repeat(37)],
  ["rotate --account dana --password-stdin", "that is a password of dana already", 1, given, "correct horse\n"],
  ["revoke dana --password-stdin --no-verify", "that is a password of dana already", 1, given, "correct horse"],
  ["rotate --account jenkins", "traefik knows one password a name", 1, traefik],
  ["revoke jenkins", "an existing registry's passwords are made there", 1, existingStack],
])("%s › is refused, and nothing is done: %s", async (argv, message, exitCode, stack, stdin) => {
  const result = await run(stack, argv, stdin);
  expect(result).toMatchObject({ exitCode, stdout: "", stderr: expect.stringContaining(`error: ${message}`) });
  expect(actions()).toEqual([]);
});
