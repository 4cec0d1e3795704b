import { expect, it } from "vitest";
import { rendered } from "./rendered.ts";

it.each(Object.keys(rendered))("%s matches the snapshot", async (path) => {
  await expect(rendered[path]).toMatchFileSnapshot(`snapshots/${path}`);
});
