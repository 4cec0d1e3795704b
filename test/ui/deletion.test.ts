import { randomUUID } from "node:crypto";
import { expect, it } from "vitest";
import { ask } from "../../lab/proxy/ask.ts";
import { account } from "../../lab/proxy/start-proxy.ts";
import { withFreshWorld, withWorld } from "../with-world.ts";
import { push } from "./support/images.ts";
import { logIn } from "./support/log-in.ts";
import { startPage } from "./support/start-page.ts";

const old = { created: "2026-01-01T00:00:00Z" };
const started = withWorld(() => startPage());

/** A repository of the test's own, in which three tags lead to one image. */
const repository = withFreshWorld(async () => {
  const repository = `team-a/${randomUUID()}`;
  for (const tag of ["v1", "v1.0", "stable"]) await push(started().proxy, repository, tag, old);
  await push(started().proxy, repository, "v2", { created: "2026-02-02T00:00:00Z" });
  return repository;
});

const statusOf = async (tag: string) => (await ask(started().proxy, `GET /v2/${repository()}/manifests/${tag}`)).status;

it.each(["nobody", "team-a"])("deleting › is not offered to %s, who may not", async (who) => {
  const { page } = await started().open(`#/${repository()}:v1`);
  const tried = page.waitForResponse((answer) => answer.request().method() === "DELETE");
  if (who === "nobody") tried.catch(() => undefined);
  else {
    await logIn(page, who);
    expect((await tried).status()).toBe(403);
  }
  await page.getByRole("region", { name: "v1" }).getByText("linux/amd64").waitFor();
  expect(await page.getByRole("button", { name: "Delete…" }).count()).toBe(0);
  await page.context().close();
});

it("deleting › names every tag that goes, and does nothing when cancelled", async () => {
  const { page } = await started().open(`#/${repository()}:v1`);
  await logIn(page, "jenkins");
  await page.getByRole("button", { name: "Delete…" }).click();
  const dialog = page.getByRole("dialog", { name: "Delete this image?" });
  await dialog.getByText("These 3 tags lead to it").waitFor();
  expect(await dialog.getByRole("listitem").allTextContents()).toEqual(["stable", "v1", "v1.0"]);
  await dialog.getByRole("button", { name: "Cancel" }).click();
  await dialog.waitFor({ state: "detached" });
  expect(await statusOf("v1")).toBe(200);
  await page.context().close();
});

it("deleting › can take one tag, and leave the others on the image", async () => {
  const { page } = await started().open(`#/${repository()}:stable`);
  await logIn(page, "jenkins");
  await page.getByRole("button", { name: "Delete…" }).click();
  await page.getByRole("button", { name: "Remove only the tag stable" }).click();
  await page.getByRole("link", { name: "stable" }).waitFor({ state: "detached" });
  await page.getByRole("link", { name: "v1.0" }).waitFor();
  expect([await statusOf("stable"), await statusOf("v1")]).toEqual([404, 200]);
  await page.context().close();
});

it("deleting › takes the image and all tags on it, and shows what is left", async () => {
  const { page } = await started().open(`#/${repository()}:v1`);
  await logIn(page, "jenkins");
  await page.getByRole("button", { name: "Delete…" }).click();
  await page.getByRole("button", { name: "Delete the image and its 3 tags" }).click();
  await page.getByRole("link", { name: "v1.0" }).waitFor({ state: "detached" });
  await page.getByRole("link", { name: "v2" }).waitFor();
  await page.waitForURL(({ hash }) => hash === `#/${repository()}`);
  const statuses = await Promise.all(["v1", "v1.0", "stable", "v2"].map(statusOf));
  expect(statuses).toEqual([404, 404, 404, 200]);
  await page.context().close();
});

it("deleting › says why when the registry refuses after all", async () => {
  const { page } = await started().open(`#/${repository()}:v2`);
  await logIn(page, "jenkins");
  await page.getByRole("button", { name: "Delete…" }).click();
  await page.getByText("This tag goes with it").waitFor();
  await started().proxy.reload({ accounts: [account("jenkins", { push: ["**"] })] });
  await page.getByRole("button", { name: "Delete the image" }).click();
  await page.getByText("Not allowed (403: this account has no such right here)").waitFor();
  expect(await statusOf("v2")).toBe(200);
  await started().proxy.reload({});
  await page.context().close();
});
