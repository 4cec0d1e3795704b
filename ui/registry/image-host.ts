import { record, text } from "./fields.ts";

/** What images are named by, as in `registry.example.org:5000`: config.json beside the page says it, or the address itself. */
export async function imageHost(page: string): Promise<string> {
  const said = await fetch(new URL("config.json", page), { credentials: "omit" })
    .then((answer) => (answer.ok ? answer.json() : undefined))
    .catch(() => undefined);
  return text(record(said).host) ?? new URL(page).host;
}
