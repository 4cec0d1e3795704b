import { expect, it } from "vitest";
import { rendered } from "./rendered.ts";

it.each(Object.keys(rendered))("%s is as the snapshot has it", async (path) => {
  await expect(rendered[path]).toMatchFileSnapshot(`snapshots/${path}`);
});
