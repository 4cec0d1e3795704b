import type { Page } from "playwright-core";
import { password } from "../../../lab/proxy/credentials.ts";

/** Logs in as a person does, by the header's button. */
export async function logIn(page: Page, account: string): Promise<void> {
  await page.getByRole("banner").getByRole("button", { name: "Log in" }).click();
  await fillIn(page, account, password(account));
  await page.getByRole("button", { name: "Log out" }).waitFor();
}

/** Fills the form that shows, and sends it. */
export async function fillIn(page: Page, account: string, word: string): Promise<void> {
  await page.getByLabel("Account").fill(account);
  await page.getByLabel("Password").fill(word);
  await page.keyboard.press("Enter");
}
