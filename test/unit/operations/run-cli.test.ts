import { defineCommand } from "citty";
import { describe, expect, it } from "vitest";
import { commonArgs } from "../../../operations/common-args.ts";
import { exitCodes } from "../../../operations/exit-codes.ts";
import { OperationError } from "../../../operations/operation-error.ts";
import { print } from "../../../operations/print.ts";
import { SettingsError } from "../../../settings/errors/problems.ts";
import { said } from "./output.ts";

const push = defineCommand({
  meta: {
    name: "push",
    description: "Push a folder's images",
    details: ["Builds first."],
    examples: ["push images   # all of them"],
  },
  args: {
    ...commonArgs,
    folder: { type: "positional", description: "Where they are" },
    tag: { type: "string", valueHint: "TAG", required: true, description: "Their tag" },
    to: { type: "enum", options: ["lab", "world"], description: "Where to" },
    push: { type: "boolean", default: true, description: "Push them", negativeDescription: "Build only" },
  },
  run: ({ args }) => print(args, { ...args, _: undefined }, `${args.folder}:${args.tag} ${args.to} ${args.push}`),
});

const fails = {
  message: () => Promise.reject(new OperationError("the registry does not answer; pulumi up")),
  settings: () =>
    Promise.reject(new SettingsError("stack dev", [{ path: "variant", message: "missing" }], "Pulumi.dev.yaml")),
  bug: () => Promise.reject(new TypeError("undefined is not a function")),
  outdated: () => exitCodes.changesNeeded,
};

const root = defineCommand({
  meta: { name: "registry", description: "Work" },
  subCommands: {
    push: () => Promise.resolve(push),
    sync: defineCommand({
      meta: { description: "Compare" },
      subCommands: {
        jenkins: defineCommand({ meta: { description: "Credentials" }, args: commonArgs, run: () => undefined }),
      },
    }),
    names: defineCommand({
      args: { ...commonArgs, names: { type: "positional", valueHint: "NAME…", required: false } },
      run: ({ args }) => print(args, args._, args._.join(" ")),
    }),
    fail: defineCommand({
      args: { ...commonArgs, how: { type: "enum", options: Object.keys(fails) } },
      run: ({ args }) => fails[args.how as keyof typeof fails](),
    }),
  },
});

describe("a command line", () => {
  it.each([
    [["push", "images", "--tag", "1"], "images:1 undefined true"],
    [["push", "--tag=1", "--no-push", "--to", "lab", "images"], "images:1 lab false"],
    [["push", "--tag=-1", "--", "--images"], "--images:-1 undefined true"],
    [["push", "-", "--tag", "1"], "-:1 undefined true"],
    [["names", "a", "--stack", "dev", "b", "c"], "a b c"],
    [["names"], ""],
  ])("%j runs", async (argv, stdout) => {
    expect(await said(root, argv)).toEqual({ exitCode: 0, stdout, stderr: "" });
  });

  it("prints one JSON document where it is asked to", async () => {
    const { stdout } = await said(root, ["push", "images", "--tag", "1", "--json"]);
    expect(JSON.parse(stdout)).toMatchObject({ folder: "images", tag: "1", json: true });
  });

  it.each([
    [[], "no command is given", "USAGE registry push|sync|names|fail"],
    [["pusch"], 'unknown command "pusch"; did you mean push?', "USAGE registry push|sync|names|fail"],
    [
      ["constructor"],
      'unknown command "constructor"; there are push, sync, names, fail',
      "USAGE registry push|sync|names|fail",
    ],
    [["--json", "push"], "--json comes behind the command", "USAGE registry push|sync|names|fail"],
    [["sync"], "no command is given", "USAGE registry sync jenkins"],
    [["sync", "maven"], 'unknown command "maven"; there are jenkins', "USAGE registry sync jenkins"],
    [["sync", "jenkins", "all"], 'one word too many: "all"', "USAGE registry sync jenkins [OPTIONS]"],
    [["push", "--tag", "1"], "FOLDER is missing: Where they are", "USAGE registry push"],
    [["push", "images"], "--tag is missing: Their tag", "USAGE registry push"],
    [["push", "images", "--tag"], "--tag takes a value: --tag=TAG", "USAGE registry push"],
    [["push", "images", "--tag", "--json"], "--tag takes a value: --tag=TAG", "USAGE registry push"],
    [["push", "images", "--tag="], "--tag takes a value: --tag=TAG", "USAGE registry push"],
    [["push", "a", "--tag", "1", "--tagg", "2"], "unknown option --tagg; did you mean --tag?", "USAGE registry push"],
    [["push", "a", "--tag", "1", "--tag", "2"], "--tag is given twice", "USAGE registry push"],
    [["push", "a", "--tag", "1", "--json=yes"], "--json takes no value", "USAGE registry push"],
    [["push", "a", "--tag", "1", "--no-json"], "unknown option --no-json; there are --stack", "USAGE registry push"],
    [["push", "a", "--tag", "1", "-x"], "unknown option -x; there are --stack, --config-file", "USAGE registry push"],
    [["push", "a", "--tag", "1", "--to", "moon"], '--to is one of lab, world, not "moon"', "USAGE registry push"],
    [["push", "a", "b", "--tag", "1"], 'one word too many: "b"', "USAGE registry push"],
  ])("%j is refused: %s", async (argv, message, usage) => {
    const { exitCode, stdout, stderr } = await said(root, argv);
    expect([exitCode, argv.includes("--json") ? "" : stdout]).toEqual([exitCodes.usage, ""]);
    expect(stderr.startsWith(`error: ${message}`)).toBe(true);
    expect(stderr).toContain(`\n${usage}`);
  });
});

describe("help", () => {
  it.each([[["--help"]], [["-h"]], [["push", "--help"]], [["push", "images", "--tga", "-h"]], [["sync", "--help"]]])(
    "%j is no error",
    async (argv) => {
      const { exitCode, stdout, stderr } = await said(root, argv);
      expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
      expect(stdout).toContain("USAGE registry");
    },
  );

  it("teaches by what it does, examples and exit codes, without colours", async () => {
    const { stdout } = await said(root, ["push", "--help"]);
    expect(stdout).toMatch(/Push a folder's images[\s\S]*Their tag[\s\S]*Build only[\s\S]*Builds first\./);
    expect(stdout).toContain("npm run -s registry -- push images   # all of them");
    expect(stdout).toMatch(/EXIT CODES\n\n {2}0 {2}done/);
    expect(stdout).not.toContain("\u001b");
  });

  it("is not what stands behind --", async () => {
    expect((await said(root, ["push", "--tag=1", "--", "--help"])).stdout).toBe("--help:1 undefined true");
  });
});

describe("a command's end", () => {
  it("is a message where a person can act on it", async () => {
    const { exitCode, stderr } = await said(root, ["fail", "--how=message"]);
    expect({ exitCode, stderr }).toEqual({ exitCode: 1, stderr: "error: the registry does not answer; pulumi up" });
  });

  it("lists every problem of a stack file", async () => {
    const { exitCode, stderr } = await said(root, ["fail", "--how=settings"]);
    expect([exitCode, stderr]).toEqual([1, "error: stack dev: 1 problem in Pulumi.dev.yaml\n  variant: missing"]);
  });

  it("is JSON too with --json", async () => {
    const { stdout } = await said(root, ["fail", "--how=message", "--json"]);
    expect(JSON.parse(stdout)).toEqual({ error: "the registry does not answer; pulumi up" });
  });

  it("keeps what is a bug a bug", async () => {
    const { exitCode, stderr } = await said(root, ["fail", "--how=bug"]);
    expect([exitCode, stderr]).toEqual([1, "TypeError: undefined is not a function"]);
  });

  it("is the exit code that the command gives", async () => {
    expect((await said(root, ["fail", "--how=outdated"])).exitCode).toBe(exitCodes.changesNeeded);
  });
});
