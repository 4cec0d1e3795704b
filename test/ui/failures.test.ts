import { it } from "vitest";
import { withWorld } from "../with-world.ts";
import { push } from "./support/images.ts";
import { type StartedPage, startPage } from "./support/start-page.ts";

const started = withWorld(startWithImages);

it("offline › is said, and trying again brings what was asked for", async () => {
  const { page } = await started().open();
  await page.getByRole("link", { name: "team-a/app" }).waitFor();
  await page.context().setOffline(true);
  await page.getByRole("link", { name: "team-a/app" }).click();
  await page.getByRole("alert").getByText("The registry cannot be reached").waitFor();
  await page.context().setOffline(false);
  await page.getByRole("button", { name: "Try again" }).click();
  await page.getByRole("link", { name: "v1" }).waitFor();
  await page.getByRole("alert").waitFor({ state: "detached" });
  await page.context().close();
});

it.each([
  [429, "Too many requests, try again in a while (429: slow down)"],
  [500, "The registry has a problem (500: slow down)"],
  [418, "An answer this ui does not know (418: slow down)"],
])("an answer of %i › is told in words, and tried again", async (status, words) => {
  const { page } = await started().open();
  const json = { errors: [{ code: "TOOMANYREQUESTS", message: "slow down" }] };
  await page.route("**/v2/team-a/app/tags/list*", (route) => route.fulfill({ status, json }), { times: 1 });
  await page.getByRole("link", { name: "team-a/app" }).click();
  await page.getByRole("alert").getByText(words).waitFor();
  await page.getByRole("button", { name: "Try again" }).click();
  await page.getByRole("link", { name: "v1" }).waitFor();
  await page.context().close();
});

it("an answer that is no JSON › is told apart", async () => {
  const { page } = await started().open();
  await page.route("**/v2/_catalog*", (route) => route.fulfill({ status: 200, body: "<html>a portal</html>" }));
  await page.reload();
  await page.getByRole("alert").getByText("This ui cannot read the answer").waitFor();
  await page.context().close();
});

it("one image that fails › leaves the rest of the list", async () => {
  const { page } = await started().open();
  await push(started().proxy, "team-a/app", "v2", { created: "2026-01-01T00:00:00Z" });
  await page.route("**/v2/team-a/app/manifests/v1", (route) => route.fulfill({ status: 404, json: {} }));
  await page.getByRole("link", { name: "team-a/app" }).click();
  await page.getByRole("cell").getByText("Not found (404)").waitFor();
  await page.getByRole("cell", { name: "linux/amd64" }).waitFor();
  await page.context().close();
});

it("a proxy whose registry is down › is told in the proxy's words", async () => {
  await using started = await startWithImages();
  const { page } = await started.open();
  await page.getByRole("link", { name: "team-a/other" }).waitFor();
  started.proxy.registry.child.kill("SIGKILL");
  await page.getByRole("link", { name: "team-a/other" }).click();
  await page.getByText(/The registry has a problem \(502: the registry behind this .* not answer/).waitFor();
  await page.context().close();
});

async function startWithImages(): Promise<StartedPage> {
  const started = await startPage();
  await push(started.proxy, "team-a/app", "v1");
  await push(started.proxy, "team-a/other", "v1");
  return started;
}
