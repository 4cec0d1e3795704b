import { expect, it } from "vitest";
import { createOwner } from "../../components/create-owner.ts";
import { outputValue, recorded, resource } from "./recorded.ts";

it("createOwner › returns a random id from the state, the stack's name and takeOverFrom", async () => {
  const takeOverFrom = ["3f0c9a61d2b84e57"];
  const { created, resources } = await recorded(() => createOwner({ takeOverFrom }));
  expect(resource(resources, "random:index/randomId:RandomId", "owner").inputs).toEqual({ byteLength: 8 });
  expect(await outputValue(created)).toEqual({ id: "owner hex", stack: "container-registry/test", takeOverFrom });
});
