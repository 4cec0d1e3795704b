import { list, record } from "./fields.ts";
import { nextPage } from "./link.ts";
import type { Answer, Registry } from "./registry.ts";
import { isRepository, isTag } from "./route.ts";

/** The maximum that distribution returns (`catalog.maxentries`, `tag.maxtags`). */
const pageSize = 1000;

/** The last segment of the empty repositories that `registry doctor` leaves behind: the registry cannot delete them. */
const doctorsName = "container-registry-doctor";

/** The names of all repositories but the doctor's, page by page. */
export function repositoryPages(registry: Registry, signal: AbortSignal): AsyncGenerator<string[]> {
  return pages(registry, "/v2/_catalog", "repositories", isListed, signal);
}

/** A repository's tags, page by page. */
export function tagPages(registry: Registry, repository: string, signal: AbortSignal): AsyncGenerator<string[]> {
  return pages(registry, `/v2/${repository}/tags/list`, "tags", isTag, signal);
}

const byNumbers = new Intl.Collator("en", { numeric: true });

/** Sorts numbers in names by value: v1.10 comes after v1.9. */
export function inOrder(names: readonly string[]): string[] {
  return [...names].sort(byNumbers.compare);
}

/** The names that contain every typed word, ignoring case. */
export function matching(names: readonly string[], typed: string): string[] {
  const words = typed.toLowerCase().split(/\s+/);
  return names.filter((name) => words.every((word) => name.toLowerCase().includes(word)));
}

/** `1 tag`, `2,000 tags`. */
export function counted(count: number, one: string, many: string): string {
  return `${count.toLocaleString("en")} ${count === 1 ? one : many}`;
}

function isListed(name: string): boolean {
  return isRepository(name) && name.split("/").at(-1) !== doctorsName;
}

// Names become part of URLs: invalid ones are left out.
async function* pages(
  registry: Registry,
  path: string,
  key: string,
  isName: (text: string) => boolean,
  signal: AbortSignal,
): AsyncGenerator<string[]> {
  let page: string | undefined = `${path}?n=${pageSize}`;
  while (page !== undefined) {
    const answer: Answer = await registry.ask(page, { signal });
    yield list(record(answer.body)[key]).filter((name): name is string => typeof name === "string" && isName(name));
    page = nextPage(answer.headers.get("link"));
  }
}
