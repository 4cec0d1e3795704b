import { createHash } from "node:crypto";
import { z } from "zod";
import type { HttpAnswer } from "../../hosts/http-request.ts";
import type { Digest } from "../contents/contents.ts";
import { OperationError } from "../operation-error.ts";
import type { Access, Logins } from "./access.ts";
import { unexpectedError } from "./errors.ts";
import { jsonIn } from "./json-in.ts";
import { acceptedTypes } from "./media-types.ts";
import { type RegistryAddress, type RequestOptions, Requests } from "./requests.ts";

export type RawManifest = { digest: Digest; mediaType: string; text: string };

/** The most entries of a list that distribution returns at a time. */
const pageSize = 1000;

/** What registries answer that do not have the referrers API. */
const noReferrersApi = [400, 404, 405];

const RepositoryPage = z.object({ repositories: z.array(z.string()).nullish() });
const TagPage = z.object({ tags: z.array(z.string()).nullish() });
const ReferrersPage = z.object({ manifests: z.array(z.object({ digest: z.string() })).nullish() });

/**
 * The distribution API of one registry. What is not there is undefined or an empty list; every other failure is an
 * OperationError.
 * @see https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md
 */
export class RegistryApi implements Disposable {
  readonly url: string;
  readonly #requests: Requests;
  /** Whether the registry has the referrers API; undefined before it is asked. */
  #hasReferrers: Promise<boolean> | undefined;

  constructor(address: RegistryAddress, logins: Logins, options: Partial<RequestOptions> = {}) {
    this.url = address.url;
    this.#requests = new Requests(address, logins, options);
  }

  /** Throws an OperationError where something else than a registry answers, as an Ingress controller without a route. */
  async requireRegistry(): Promise<void> {
    const answer = await this.#requests.plainly("/v2/");
    if (answer.status !== 200 && answer.status !== 401) throw unexpectedError(`${this.url}/v2/`, answer);
  }

  /** The names of all repositories, also of those without tags. */
  async repositories(): Promise<string[]> {
    const pages = await this.#pages("/v2/_catalog", { right: "list" }, RepositoryPage);
    if (pages === undefined)
      throw new OperationError(`${this.url} lists no repositories, as some products do; name a repository`);
    return pages.flatMap(({ repositories }) => repositories ?? []);
  }

  /** A repository's tags; undefined if there is no such repository. */
  async tags(repository: string): Promise<string[] | undefined> {
    const pages = await this.#pages(`/v2/${repository}/tags/list`, { right: "pull", repository }, TagPage);
    return pages?.flatMap(({ tags }) => tags ?? []);
  }

  /** A manifest by digest or tag; undefined if it is not there. */
  async manifest(repository: string, reference: string): Promise<RawManifest | undefined> {
    const path = `/v2/${repository}/manifests/${reference}`;
    const request = { path, access: { right: "pull", repository }, accept: acceptedTypes } as const;
    const answer = await this.#requests.send({ method: "GET", ...request });
    if (!isThere(this.url + path, answer)) return undefined;
    const digest = headerOf(answer, "docker-content-digest") ?? digestOf(answer.body);
    return { digest, mediaType: headerOf(answer, "content-type") ?? "", text: answer.body };
  }

  /**
   * The digest of the manifest that a tag names; undefined if it is not there. Asks by HEAD, which Docker Hub does not
   * count as a pull.
   */
  async digest(repository: string, tag: string): Promise<Digest | undefined> {
    const path = `/v2/${repository}/manifests/${tag}`;
    const request = { path, access: { right: "pull", repository }, accept: acceptedTypes } as const;
    const answer = await this.#requests.send({ method: "HEAD", ...request });
    if (!isThere(this.url + path, answer)) return undefined;
    // The header is optional in the specification.
    return headerOf(answer, "docker-content-digest") ?? (await this.manifest(repository, tag))?.digest;
  }

  /** The text of a small blob, as of a config; undefined if it is not there. */
  async blob(repository: string, digest: Digest): Promise<string | undefined> {
    const path = `/v2/${repository}/blobs/${digest}`;
    const answer = await this.#requests.send({ method: "GET", path, access: { right: "pull", repository } });
    return isThere(this.url + path, answer) ? answer.body : undefined;
  }

  /** The digests of a manifest's referrers, by the referrers API; undefined if the registry does not have that API. */
  async referrers(repository: string, digest: Digest): Promise<Digest[] | undefined> {
    // Thousands of manifests may be read at the same time: all of them wait for the first answer.
    if (this.#hasReferrers !== undefined)
      return (await this.#hasReferrers) ? this.#referrers(repository, digest) : undefined;
    const first = this.#referrers(repository, digest);
    const forget = () => {
      this.#hasReferrers = undefined;
      return true;
    };
    this.#hasReferrers = first.then((found) => found !== undefined, forget);
    return first;
  }

  /**
   * Deletes a manifest by digest, or a tag alone by its name. What is not there counts as deleted.
   * @see https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#deleting-tags
   */
  async deleteManifest(repository: string, reference: string): Promise<void> {
    const path = `/v2/${repository}/manifests/${reference}`;
    const answer = await this.#requests.send({ method: "DELETE", path, access: { right: "delete", repository } });
    if (answer.status !== 202 && answer.status !== 200 && answer.status !== 404)
      throw unexpectedError(this.url + path, answer);
  }

  [Symbol.dispose](): void {
    this.#requests[Symbol.dispose]();
  }

  async #referrers(repository: string, digest: Digest): Promise<Digest[] | undefined> {
    const path = `/v2/${repository}/referrers/${digest}`;
    const pages = await this.#pages(path, { right: "pull", repository }, ReferrersPage, noReferrersApi);
    return pages?.flatMap(({ manifests }) => (manifests ?? []).map(({ digest }) => digest));
  }

  /** Every page of a list; undefined if there is no such list. */
  async #pages<T>(
    path: string,
    access: Access,
    page: z.ZodType<T>,
    missing: readonly number[] = [404],
  ): Promise<T[] | undefined> {
    const pages: T[] = [];
    for (let next: string | undefined = `${path}?n=${pageSize}`; next !== undefined; ) {
      const answer: HttpAnswer = await this.#requests.send({ method: "GET", path: next, access });
      if (!isThere(this.url + path, answer, missing)) return undefined;
      const read = page.safeParse(jsonIn(answer.body));
      if (!read.success) throw new OperationError(`${this.url}${path} is no list as registries give it`);
      pages.push(read.data);
      const following = nextPage(answer.headers.link, this.url + next);
      next = following === next ? undefined : following;
    }
    return pages;
  }
}

function isThere(url: string, answer: HttpAnswer, missing: readonly number[] = [404]): boolean {
  if (answer.status === 200) return true;
  if (missing.includes(answer.status)) return false;
  throw unexpectedError(url, answer);
}

function headerOf({ headers }: HttpAnswer, name: string): string | undefined {
  const [value] = [headers[name] ?? []].flat();
  return value;
}

/** The path of the page that a Link header names. The header's host is ignored: it may be that behind a proxy. */
function nextPage(link: string | string[] | undefined, from: string): string | undefined {
  const [, target] = /<([^>]*)>\s*;\s*rel="?next"?/.exec([link ?? []].flat().join(", ")) ?? [];
  if (target === undefined || !URL.canParse(target, from)) return undefined;
  const { pathname, search } = new URL(target, from);
  return pathname + search;
}

function digestOf(text: string): Digest {
  return `sha256:${createHash("sha256").update(text).digest("hex")}`;
}
