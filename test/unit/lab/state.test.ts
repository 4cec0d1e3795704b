import { homedir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { stateDirectory } from "../../../lab/state.ts";

it.each([
  ["an absolute XDG_STATE_HOME", { XDG_STATE_HOME: "/var/state" }, "/var/state/container-registry-lab"],
  ["the home without one", {}, join(homedir(), ".local/state/container-registry-lab")],
  ["the home with a relative one", { XDG_STATE_HOME: "state" }, join(homedir(), ".local/state/container-registry-lab")],
])("stateDirectory › is below %s", (_, env, expected) => {
  expect(stateDirectory(env)).toBe(expected);
});
