import { expect, it } from "vitest";
import { liveOwner } from "../../../operations/live-owner.ts";
import { stubPrograms } from "./fake-programs.ts";

const takeOverFrom: string[] = [];

it.each(["container-registry", "team-registry"])(
  "liveOwner › names the owner as the program of project %s does in labels",
  async (project) => {
    const urn = `urn:pulumi:prod::${project}::random:index/randomId:RandomId::owner`;
    const state = { deployment: { resources: [{ urn, outputs: { hex: "3f0c9a61d2b84e57" } }] } };
    stubPrograms({ pulumi: `echo '${JSON.stringify(state)}'` });
    expect(await liveOwner({ name: `acme/${project}/prod`, settings: { takeOverFrom } as never })).toEqual({
      id: "3f0c9a61d2b84e57",
      stack: `${project}/prod`,
      takeOverFrom,
    });
  },
);
