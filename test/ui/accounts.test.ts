import { expect, it } from "vitest";
import { withWorld } from "../with-world.ts";
import { push } from "./support/images.ts";
import { fillIn, logIn } from "./support/log-in.ts";
import { startPage } from "./support/start-page.ts";

const started = withWorld(() => startPage());

it("an empty registry › says so, and how to fill it", async () => {
  const { page } = await started().open();
  await page.getByText("No repositories yet").waitFor();
  await page.getByText(`docker push ${new URL(started().proxy.url).host}/NAME:TAG`).waitFor();
  await page.context().close();
  await push(started().proxy, "team-a/app", "v1");
});

it("a closed list › is told apart from an empty one, and a known name still opens", async () => {
  await started().proxy.reload({ catalogue: "closed" });
  const { page } = await started().open();
  await page.getByText("The list is closed").waitFor();
  await page.getByLabel("Search repositories").fill("team-a/app");
  await page.keyboard.press("Enter");
  await page.getByRole("link", { name: "v1" }).waitFor();
  await page.context().close();
});

it("a list for accounts › asks for a login, and leaves what is open open", async () => {
  await started().proxy.reload({ catalogue: "accounts" });
  const { page } = await started().open("#/team-a/app");
  await page.getByRole("link", { name: "v1" }).waitFor();
  await page.getByText("Log in to list the repositories").waitFor();
  await page.getByRole("navigation").getByRole("button", { name: "Log in" }).click();
  await fillIn(page, "team-a", "team-a-password");
  await page.getByRole("navigation").getByRole("link", { name: "team-a/app" }).waitFor();
  await page.context().close();
});

it("closed reads › show a form, and nothing of what is behind it", async () => {
  await started().proxy.reload({ requiresAuthForPull: true });
  const { page } = await started().open();
  await page.getByRole("heading", { name: "Log in to see the repositories" }).waitFor();
  expect(await page.getByText("team-a").count()).toBe(0);
  await expect.poll(() => page.evaluate("document.activeElement.name"), { timeout: 10_000 }).toBe("account");
  await page.context().close();
});

it("a wrong password › is told in the page, and the browser's own prompt stays away", async () => {
  const { page, complaints } = await started().open();
  await fillIn(page, "jenkins", "wrong");
  await page.getByText("The account or the password is wrong.").waitFor();
  await fillIn(page, "jenkins", "jenkins-password");
  await page.getByRole("link", { name: "team-a/app" }).waitFor();
  expect(complaints).toEqual([]);
  await page.context().close();
});

it("a link into closed reads › opens after the login", async () => {
  const { page } = await started().open("#/team-a/app:v1");
  await page.getByRole("heading", { name: "Log in to see team-a/app" }).waitFor();
  await fillIn(page, "jenkins", "jenkins-password");
  await page.getByRole("region", { name: "v1" }).getByText("linux/amd64").waitFor();
  await page.context().close();
});

it("the password › is sent once, and neither it nor the token outlives the page", async () => {
  const { page } = await started().open();
  const sent: string[] = [];
  page.on("request", async (request) => {
    const { authorization } = await request.allHeaders();
    if (authorization) sent.push(authorization);
  });
  await fillIn(page, "jenkins", "jenkins-password");
  await page.getByRole("link", { name: "team-a/app" }).click();
  await page.getByText("linux/amd64").waitFor();
  // Headers come on a way of their own, which may be a longer one.
  await expect.poll(() => sent.filter((header) => header.startsWith("Basic ")), { timeout: 10_000 }).toHaveLength(1);
  expect(sent.filter((header) => header !== "Bearer jenkins-token")).toHaveLength(1);
  expect(await page.evaluate("[document.cookie, localStorage.length, sessionStorage.length].join()")).toBe(",0,0");
  await page.reload();
  await page.getByRole("heading", { name: "Log in to see team-a/app" }).waitFor();
  await page.context().close();
});

it("logging out › takes away what only the account may see", async () => {
  const { page } = await started().open();
  await fillIn(page, "jenkins", "jenkins-password");
  await page.getByRole("link", { name: "team-a/app" }).click();
  await page.getByRole("link", { name: "v1" }).waitFor();
  await page.getByRole("button", { name: "Log out" }).click();
  await page.getByRole("heading", { name: "Log in to see team-a/app" }).waitFor();
  expect(await page.getByRole("link", { name: "v1" }).count()).toBe(0);
  await page.context().close();
});

it("an account whose token is taken away › is asked to log in again", async () => {
  const { page } = await started().open();
  await fillIn(page, "jenkins", "jenkins-password");
  await page.getByRole("link", { name: "team-a/app" }).waitFor();
  await started().proxy.reload({ requiresAuthForPull: true, accounts: [] });
  await page.getByRole("link", { name: "team-a/app" }).click();
  await page.getByRole("heading", { name: "Log in to see team-a/app" }).waitFor();
  await page.context().close();
});

it("a password outside ASCII › is sent as UTF-8, as the registry reads it", async () => {
  await started().proxy.reload({});
  const { page } = await started().open();
  const header = page.waitForRequest((request) => request.url().includes("/token"));
  await page.getByRole("button", { name: "Log in" }).click();
  await fillIn(page, "jenkins", "pässwörd:€");
  expect((await (await header).allHeaders()).authorization).toBe(
    `Basic ${Buffer.from("jenkins:pässwörd:€", "utf8").toString("base64")}`,
  );
  await page.context().close();
});

it("a login › is asked for by the button in the head, too", async () => {
  const { page } = await started().open();
  await logIn(page, "team-a");
  await page.getByText("team-a", { exact: true }).waitFor();
  await page.context().close();
});
