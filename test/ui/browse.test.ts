import { expect, it } from "vitest";
import { withWorld } from "../with-world.ts";
import { push, pushIndex } from "./support/images.ts";
import { startPage } from "./support/start-page.ts";

const repository = "docker-internal/p2c/shop";
const world = withWorld(async ({ use }) => {
  const started = use(await startPage());
  const labels = { "org.opencontainers.image.authors": "Team A <team-a@example.org>" };
  const sizes = { created: "2026-03-04T05:06:07Z", labels, layers: [20_000_000, 8_437_120] };
  const digest = await push(started.proxy, repository, "v1.9", { ...sizes, platform: "linux/arm64/v8" });
  await pushIndex(started.proxy, repository, "v1.10", [
    { ...sizes, platform: "linux/amd64" },
    { ...sizes, platform: "linux/arm64", layers: [31_000_000] },
  ]);
  await push(started.proxy, "library/alpine", "edge");
  await push(started.proxy, "plain", "latest", { created: "1970-01-01T00:00:00Z" });
  return { started, digest };
});

const soon = { timeout: 10_000 };
it("repositories › are listed below the paths they share", async () => {
  const { page } = await world().started.open();
  const rows = page.getByRole("navigation", { name: "Repositories" }).getByRole("listitem");
  await rows.nth(4).waitFor();
  expect(await rows.allTextContents()).toEqual(["plain", "docker-internal/p2c/", "shop", "library/", "alpine"]);
  await page.context().close();
});

it("search › narrows the repositories as one types, and Enter opens the only one left", async () => {
  const { page } = await world().started.open();
  await page.getByRole("link", { name: "plain" }).waitFor();
  await page.getByLabel("Search repositories").fill("ALP");
  await page.getByRole("link", { name: "plain" }).waitFor({ state: "detached" });
  expect(await page.getByRole("link", { name: "library/alpine" }).count()).toBe(1);
  await page.keyboard.press("Enter");
  await page.getByRole("link", { name: "edge" }).waitFor();
  await page.waitForURL(/#\/library\/alpine$/);
  await page.getByLabel("Search repositories").fill("none such");
  await page.getByText("No repository matches “none such”").waitFor();
  await page.getByLabel("Search repositories").fill("");
  await page.context().close();
});

it("tags › come highest version first, with size, platforms, age and digest", async () => {
  const { page } = await world().started.open();
  await page.getByRole("link", { name: repository }).click();
  const rows = page.getByRole("table").getByRole("row");
  await rows.getByText(world().digest.slice(7, 19)).waitFor();
  await page.getByText("linux/amd64, linux/arm64").waitFor();
  const [, first = [], second = []] = await Promise.all(
    [0, 1, 2].map((row) => rows.nth(row).locator("td").allInnerTexts()),
  );
  expect(first.slice(0, 3)).toEqual(["v1.10", "28.4 – 31.0 MB", "linux/amd64, linux/arm64"]);
  expect(second.slice(0, 3)).toEqual(["v1.9", "28.4 MB", "linux/arm64/v8"]);
  expect(second[3]).toMatch(/ ago$/);
  await page.context().close();
});

it("tags › turn round at a click on the column's head", async () => {
  const { page } = await world().started.open(`#/${repository}`);
  const names = page.locator("td.tag a");
  await expect.poll(() => names.allTextContents(), soon).toEqual(["v1.10", "v1.9"]);
  await page.getByRole("button", { name: "Tag" }).click();
  await expect.poll(() => names.allTextContents(), soon).toEqual(["v1.9", "v1.10"]);
  await page.context().close();
});

it("an image › shows each platform, its labels and its date", async () => {
  const { page } = await world().started.open(`#/${repository}`);
  await page.getByRole("link", { name: "v1.10" }).click();
  const image = page.getByRole("region", { name: "v1.10" });
  await image.getByText("org.opencontainers.image.authors").waitFor();
  expect(await image.getByText("Team A <team-a@example.org>").count()).toBe(1);
  expect(await image.getByText("2026-03-04 05:06 UTC").count()).toBe(1);
  const rows = image.getByRole("row");
  expect(await rows.nth(1).textContent()).toMatch(/^linux\/amd64228\.4 MB/);
  expect(await rows.nth(2).textContent()).toMatch(/^linux\/arm64131\.0 MB/);
  await page.context().close();
});

it("pull commands › are copied by tag and by digest, from the list and from the image", async () => {
  const { started, digest } = world();
  const { page } = await started.open(`#/${repository}:v1.9`);
  const host = new URL(started.proxy.url).host;
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  const copied = async (button: string) => {
    await page.getByRole("button", { name: `Copy ${button}`, exact: true }).click();
    await page.getByText(`Copied ${button}`, { exact: true }).waitFor({ state: "attached" });
    return page.evaluate("navigator.clipboard.readText()");
  };
  expect(await copied("pull command of v1.10")).toBe(`docker pull ${host}/${repository}:v1.10`);
  expect(await copied("pull command by tag")).toBe(`docker pull ${host}/${repository}:v1.9`);
  expect(await copied("pull command by digest")).toBe(`docker pull ${host}/${repository}@${digest}`);
  expect(await copied("digest")).toBe(digest);
  await page.context().close();
});

it("copying › works where the browser gives no clipboard, as over plain HTTP", async () => {
  const { page } = await world().started.open(`#/${repository}`);
  await page.context().grantPermissions(["clipboard-read"]);
  await page.evaluate("const read = navigator.clipboard; window.clipboard = () => read.readText();");
  await page.evaluate("Object.defineProperty(navigator, 'clipboard', { value: undefined })");
  await page.getByRole("button", { name: "Copy pull command of v1.9" }).click();
  await page.getByText("Copied pull command of v1.9").waitFor({ state: "attached" });
  expect(await page.evaluate("clipboard()")).toMatch(new RegExp(`^docker pull .*/${repository}:v1.9$`));
  await page.context().close();
});

it.each([
  ["a repository", `#/${repository}`, "v1.10"],
  ["a tag", `#/${repository}:v1.9`, "2026-03-04 05:06 UTC"],
  ["a tag whose builder recorded no date", "#/plain:latest", "not recorded"],
  ["no repository there is", "#/nowhere", "There is no repository nowhere"],
  ["no tag there is", `#/${repository}:v7`, "There is no such image"],
  ["no name at all", "#/No/../Name", "is not the name of an image"],
])("a link › opens %s", async (_what, hash, text) => {
  const { page } = await world().started.open(hash);
  await page.getByText(text).first().waitFor();
  await page.context().close();
});

it("a link by digest › opens that image, and going back the one before", async () => {
  const { page } = await world().started.open(`#/${repository}:v1.10`);
  await page.getByRole("region", { name: "v1.10" }).waitFor();
  await page.evaluate(`location.hash = "#/${repository}@${world().digest}"`);
  await page
    .getByRole("region", { name: world().digest.slice(0, 19) })
    .getByText("28.4 MB compressed")
    .waitFor();
  await page.goBack();
  await page.getByRole("region", { name: "v1.10" }).waitFor();
  await page.context().close();
});

it("a link that is followed while the page still loads › opens", async () => {
  const context = await world().started.browser.newContext();
  // What is rendered is not painted yet.
  await context.addInitScript(
    `new MutationObserver((_, observer) => {
       if (document.querySelector("header") === null) return;
       observer.disconnect();
       location.hash = "#/${repository}:v1.9";
     }).observe(document, { childList: true, subtree: true })`,
  );
  const page = await context.newPage();
  await page.goto(`${world().started.proxy.url}/ui/`);
  await page.getByRole("region", { name: "v1.9" }).waitFor();
  await context.close();
});

it("the page › asks nobody but its own origin, and breaks no rule of its headers", async () => {
  const { started } = world();
  const { page, requests, complaints } = await started.open();
  await page.getByRole("link", { name: repository }).click();
  await page.getByText("linux/amd64, linux/arm64").waitFor();
  await page.getByRole("link", { name: "v1.10" }).click();
  await page.getByRole("region", { name: "v1.10" }).getByText("org.opencontainers.image.authors").waitFor();
  await page.evaluate("location.hash = '#/'");
  const origins = requests.filter((url) => !url.startsWith("data:")).map((url) => new URL(url).origin);
  expect([...new Set(origins)]).toEqual([started.proxy.url]);
  expect(complaints).toEqual([]);
  await page.context().close();
});
