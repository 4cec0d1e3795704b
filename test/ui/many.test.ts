import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { withWorld } from "../with-world.ts";
import { push } from "./support/images.ts";
import { painted } from "./support/painted.ts";
import { startPage } from "./support/start-page.ts";

const repository = "team-a/many";
const tags = Array.from({ length: 2000 }, (_, number) => `build-${number + 1}`);
const started = withWorld(async ({ use }) => {
  const started = use(await startPage());
  const digests: string[] = [];
  for (const day of [1, 2, 3])
    digests.push(await push(started.proxy, repository, `seed-${day}`, { created: `2026-01-0${day}T00:00:00Z` }));
  // As 2,000 pushes leave them: requests would take a minute.
  const stored = join(started.proxy.storage, "docker/registry/v2/repositories");
  for (const [number, tag] of tags.entries()) {
    const current = join(stored, repository, "_manifests/tags", tag, "current");
    await mkdir(current, { recursive: true });
    await writeFile(join(current, "link"), digests[number % 3] ?? "");
  }
  for (let number = 0; number < 1100; number += 1)
    await mkdir(join(stored, `bulk/r${number}/_manifests/tags`), { recursive: true });
  return started;
});

// In the page itself: what the browser reports of its connections comes late.
const countFetches = `
  let open = 0;
  window.most = 0;
  const original = window.fetch;
  window.fetch = (...args) => {
    window.most = Math.max(window.most, ++open);
    return original(...args).finally(() => { open -= 1; });
  };
`;

it("2,000 tags › are drawn and asked for as far as they show, a few at a time", async () => {
  const { page, requests } = await started().open();
  await page.getByRole("link", { name: "bulk/r0", exact: true }).waitFor();
  await page.waitForLoadState("networkidle");
  await page.evaluate(countFetches);
  await page.getByLabel("Search repositories").fill(repository);
  const before = performance.now();
  await page.getByRole("link", { name: repository }).click();
  await page.getByRole("link", { name: "build-2000" }).waitFor();
  const seconds = (performance.now() - before) / 1000;
  await page.waitForLoadState("networkidle");

  expect(await page.locator("td.tag").count()).toBeLessThan(60);
  expect(requests.filter((url) => url.includes("/manifests/")).length).toBeLessThan(60);
  expect(await page.evaluate("most")).toBe(6);
  expect(seconds).toBeLessThan(10);

  await page.getByRole("link", { name: "build-2000" }).focus();
  await painted(page);
  await page.keyboard.press("End");
  const last = page.getByRole("row").filter({ has: page.getByRole("link", { name: "build-1", exact: true }) });
  await last.getByText("linux/amd64").waitFor();
  expect(await page.evaluate("document.activeElement.textContent")).toBe("build-1");
  expect(await last.getAttribute("aria-rowindex")).toBe("2004");
  expect(requests.filter((url) => url.includes("/manifests/")).length).toBeLessThan(120);

  await page.getByLabel("Search tags").fill("build-77");
  await page.getByRole("heading", { name: "11 of 2,003" }).waitFor();
  await page.context().close();
});

it("a list of several pages › is followed to its end", async () => {
  const { page, requests } = await started().open();
  await page.getByRole("heading", { name: "1,101" }).waitFor();
  expect(requests.filter((url) => url.includes("/v2/_catalog")).length).toBe(2);
  await page.getByLabel("Search repositories").fill("bulk/r1099");
  await page.getByRole("link", { name: "bulk/r1099" }).waitFor();
  await page.context().close();
});

it("deleting › looks for tags of the same image among all 2,000", async () => {
  const { page } = await started().open(`#/${repository}:build-2`);
  await page.getByRole("button", { name: "Log in" }).click();
  await page.getByLabel("Account").fill("jenkins");
  await page.getByLabel("Password").fill("jenkins-password");
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: "Delete…" }).click();
  await page.getByText("These 668 tags lead to it").waitFor({ timeout: 120_000 });
  await page.keyboard.press("Escape");
  await page.getByRole("dialog").waitFor({ state: "detached" });
  await page.context().close();
});
