import { record, text } from "./fields.ts";

/** The host in image names, as in `registry.example.org:5000`: from config.json beside the ui, or else the ui's own host. */
export async function imageHost(uiUrl: string): Promise<string> {
  const said = await fetch(new URL("config.json", uiUrl), { credentials: "omit" })
    .then((answer) => (answer.ok ? answer.json() : undefined))
    .catch(() => undefined);
  return text(record(said).host) ?? new URL(uiUrl).host;
}
