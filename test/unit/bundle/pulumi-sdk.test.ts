import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { expect, it } from "vitest";

const require = createRequire(import.meta.url);
const light = new URL("../../../bundle/", import.meta.url);

it.each([
  ["@pulumi/pulumi", "pulumi-sdk.cjs"],
  ["@pulumi/pulumi/runtime", "pulumi-runtime.cjs"],
])("%s › has all exports in the bundle, and the same ones", (name, file) => {
  const whole = require(name);
  const bundled = require(fileURLToPath(new URL(file, light)));
  const { __esModule, ...names } = Object.getOwnPropertyDescriptors(bundled);
  expect(Object.keys(names).sort()).toEqual(Object.keys(whole).sort());
  expect(Object.keys(whole).filter((key) => key !== "runtime" && bundled[key] !== whole[key])).toEqual([]);
});

it("the SDK in the bundle › loads neither TypeScript nor the Automation API", async () => {
  const print = "console.log(Object.keys(require.cache).join('\\n'))";
  const { stdout } = await execa(process.execPath, ["--eval", `require("./pulumi-sdk.cjs"); ${print}`], { cwd: light });
  expect(stdout).toContain("/@pulumi/pulumi/resource.js");
  expect(stdout).not.toMatch(/\/(typescript|arborist|automation)\//);
});
