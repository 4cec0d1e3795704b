import type { Page } from "playwright-core";
import { expect, it } from "vitest";
import { withWorld } from "../with-world.ts";
import { push } from "./support/images.ts";
import { startPage } from "./support/start-page.ts";
import type { OpenedPage } from "./support/watched.ts";

const image = "<img src=x onerror='window.ran = true'>";
const script = "</script><script>window.ran = true</script>";
const started = withWorld(async ({ use }) => {
  const started = use(await startPage());
  const labels = { [`${image}name`]: image, "org.opencontainers.image.authors": script, link: "javascript:ran=true" };
  await push(started.proxy, "team-a/app", "v1", { labels, platform: `${image}/${script}`, created: image });
  return started;
});

/** Nothing ran, and nothing was tried that the page's rules had to stop. */
async function expectHarmless({ page, complaints }: OpenedPage) {
  expect(await page.evaluate("[window.ran, document.querySelectorAll('img, a[href^=javascript]').length].join()")).toBe(
    ",0",
  );
  expect(complaints).toEqual([]);
}

it("hostile labels and platforms › are shown as the text they are", async () => {
  const opened = await started().open("#/team-a/app:v1");
  const region = opened.page.getByRole("region", { name: "v1" });
  await region.getByText(image, { exact: true }).waitFor();
  await region.getByText(script, { exact: true }).waitFor();
  await region.getByText("not recorded").waitFor();
  await expectHarmless(opened);
  await opened.page.context().close();
});

// No registry has such names; a fake answer brings them.
it("hostile names in a list › are left out, and never asked for", async () => {
  const opened = await started().open();
  const names = [image, script, "javascript:ran=true", "../../token", "team-a/app", "//evil.example.org/x", 7, null];
  await answerWith(opened.page, "/v2/_catalog", 200, { repositories: names });
  await answerWith(opened.page, "/v2/team-a/app/tags/list", 200, { tags: [...names, "v1"] });
  await opened.page.reload();
  await opened.page.getByRole("link", { name: "team-a/app" }).click();
  await opened.page
    .getByText("linux")
    .or(opened.page.getByRole("link", { name: "v1" }))
    .first()
    .waitFor();
  expect(await opened.page.getByRole("navigation").getByRole("link").count()).toBe(1);
  expect(await opened.page.locator("td.tag a").allTextContents()).toEqual(["v1"]);
  expect(opened.requests.filter((url) => url.includes("token") || !url.startsWith(started().proxy.url))).toEqual([]);
  await expectHarmless(opened);
  await opened.page.context().close();
});

it("a hostile error and a hostile host › are text as well", async () => {
  const opened = await started().open();
  await answerWith(opened.page, "/ui/config.json", 200, { host: image });
  await answerWith(opened.page, "/v2/_catalog", 500, { errors: [{ code: "X", message: image }] });
  await opened.page.reload();
  await opened.page.getByText(`(500: ${image})`).waitFor();
  await opened.page.getByRole("banner").getByText(image).waitFor();
  await expectHarmless(opened);
  await opened.page.context().close();
});

it("a hostile address › is no way in", async () => {
  const opened = await started().open(`#/${encodeURIComponent(image)}`);
  await opened.page.getByText(`“${image}” is not the name of an image`).waitFor();
  await expectHarmless(opened);
  await opened.page.context().close();
});

it("a manifest that leads elsewhere › is refused", async () => {
  const opened = await started().open();
  const config = { mediaType: "application/vnd.oci.image.config.v1+json", digest: "../../../../token", size: 2 };
  await answerWith(opened.page, "/v2/team-a/app/manifests/v1", 200, { schemaVersion: 2, config, layers: [] });
  await opened.page.evaluate("location.hash = '#/team-a/app:v1'");
  await opened.page.getByRole("region", { name: "v1" }).getByText("which is not a digest").waitFor();
  expect(opened.requests.filter((url) => url.includes("token"))).toEqual([]);
  await opened.page.context().close();
});

async function answerWith(page: Page, path: string, status: number, body: unknown) {
  await page.route(
    (url) => url.pathname === path,
    (route) => route.fulfill({ status, json: body }),
  );
}
