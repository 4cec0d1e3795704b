import { expect, it } from "vitest";
import { exitCodes } from "../../../../operations/exit-codes.ts";
import { registry } from "../../../../operations/registry.ts";
import { said } from "../output.ts";

it.each([
  [[], "say what: REF… or --match GLOB"],
  [["team-a/app:v1", "--match", "**"], "REF… or --match, not both"],
  [["--keep", "10"], "say what: REF… or --match GLOB"],
  [["team-a/app:v1", "--older-than", "3d"], "--older-than and --keep come with --match"],
  [["--match", "**", "--older-than", "30"], "--older-than is a number of days, as in 30d"],
  [["--match", "**", "--keep", "0"], "--keep is a number from 1 on, as in 10"],
  [["--match", "team-*"], '--match "team-*": mixes text and wildcard in one segment'],
  [["--match", "**:a:b"], '--match "**:a:b": more than one colon'],
  [["--match", "**:"], '--match "**:": a tag, in which * stands for any characters'],
])("registry delete %j is refused before anything is read: %s", async (argv, message) => {
  const { exitCode, stderr } = await said(registry, ["delete", ...argv]);
  expect(exitCode).toBe(exitCodes.usage);
  expect(stderr).toContain(`error: ${message}`);
});
