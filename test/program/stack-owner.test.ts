import { expect, it } from "vitest";
import { stackOwner } from "../../components/stack-owner.ts";
import { outputValue, recorded, resource } from "./recorded.ts";

it("stackOwner is a random id of the state, with the stack's name and what it takes over", async () => {
  const takeOverFrom = ["3f0c9a61d2b84e57"];
  const { made, resources } = await recorded(() => stackOwner({ takeOverFrom }));
  expect(resource(resources, "random:index/randomId:RandomId", "owner").inputs).toEqual({ byteLength: 8 });
  expect(await outputValue(made)).toEqual({ id: "owner hex", stack: "container-registry/test", takeOverFrom });
});
