import type { Digest } from "../contents/contents.ts";
import { tagMatches } from "../contents/globs.ts";
import { parseManifest } from "../contents/parse-manifest.ts";
import { fallbackTag, subjectOfTag } from "../contents/referrer-tag.ts";
import { OperationError } from "../operation-error.ts";
import { acceptedTypes } from "../registry-api/media-types.ts";
import type { RegistryApi } from "../registry-api/registry-api.ts";
import type { Pair } from "./selection.ts";

export type Sides = { source: RegistryApi; destination: RegistryApi };

/** A tag that both sides have, with the same digest and all that belongs to it. */
type Agreed = { repository: string; tag: string; digest: Digest };

/** A tag in which the destination differs from the source. */
export type Difference = { pair: Pair; tag: string; problem: string };

export type Comparison = { agreed: Agreed[]; differences: Difference[] };

/**
 * Compares one repository's tags: their digests, and whether the destination has every platform and every referrer of
 * them, and cosign's tags. Of the source it reads no manifest, apart from lists of referrers: registries count those
 * reads as pulls. What the destination has more than the source is no difference.
 */
export async function comparePair(sides: Sides, pair: Pair, onTag: () => void = () => {}): Promise<Comparison> {
  const names = await sides.source.tags(pair.from);
  if (names === undefined) throw new OperationError(`${sides.source.url} has no repository ${pair.from}`);
  const present = (await sides.destination.tags(pair.to)) ?? [];
  const tags = { source: new Set(names), destination: new Set(present) };
  const comparing = new PairComparison(sides, pair, tags, onTag);
  await comparing.compare(names.filter((tag) => isSelected(pair, tag)));
  // What belongs to an image is known once the image is there; signatures may be signed, too.
  for (let left = names; ; ) {
    left = left.filter((tag) => !comparing.compared.has(tag));
    const more = left.filter((tag) => comparing.belongs(tag));
    if (more.length === 0) return comparing.result;
    await comparing.compare(more);
  }
}

/** Whether a tag is selected by its own name. With globs, signatures are selected by their images. */
function isSelected({ tags }: Pair, tag: string): boolean {
  const subject = subjectOfTag(tag);
  if (subject !== undefined && tag === fallbackTag(subject)) return false;
  return tags === undefined || (subject === undefined && tags.some((glob) => tagMatches(glob, tag)));
}

/** What the destination says about one manifest. */
type Facts = { problem?: string; next: readonly Digest[] };

class PairComparison {
  readonly result: Comparison = { agreed: [], differences: [] };
  readonly compared = new Set<string>();
  readonly #sides: Sides;
  readonly #pair: Pair;
  readonly #tags: { source: ReadonlySet<string>; destination: ReadonlySet<string> };
  readonly #onTag: () => void;
  /** Each manifest is read once, also if several tags lead to it. */
  readonly #facts = new Map<Digest, Promise<Facts>>();

  constructor(
    sides: Sides,
    pair: Pair,
    tags: { source: ReadonlySet<string>; destination: ReadonlySet<string> },
    onTag: () => void,
  ) {
    this.#sides = sides;
    this.#pair = pair;
    this.#tags = tags;
    this.#onTag = onTag;
  }

  async compare(tags: readonly string[]): Promise<void> {
    await Promise.all(
      tags.map(async (tag) => {
        this.compared.add(tag);
        const { digest, problem } = await this.#compareTag(tag);
        if (problem === undefined) this.result.agreed.push({ repository: this.#pair.to, tag, digest });
        else this.result.differences.push({ pair: this.#pair, tag, problem });
        this.#onTag();
      }),
    );
  }

  /**
   * Whether a tag that was not selected by its name has to be compared, too: a signature's tag if its image is there; a
   * list of referrers whose manifest no tag leads to, where every tag is copied. Other such lists are not compared as
   * tags, for the destination may list more.
   */
  belongs(tag: string): boolean {
    const subject = subjectOfTag(tag);
    if (subject === undefined) return false;
    if (tag !== fallbackTag(subject)) return this.#facts.has(subject);
    return this.#pair.tags === undefined && this.result.differences.length === 0 && !this.#facts.has(subject);
  }

  async #compareTag(tag: string): Promise<{ digest: Digest; problem?: string }> {
    const { source, destination } = this.#sides;
    const digest = await source.digest(this.#pair.from, tag);
    if (digest === undefined) return { digest: "", problem: "the source lists it, but has no image by that tag" };
    const found = this.#tags.destination.has(tag) ? await destination.digest(this.#pair.to, tag) : undefined;
    if (found === undefined) return { digest, problem: "is missing" };
    if (found !== digest) return { digest, problem: `is ${found} instead of ${digest}` };
    return { digest, ...(await this.#problemBelow(digest)) };
  }

  /** The first problem of a manifest, its children and their referrers. Referrers may lead back to their subjects. */
  async #problemBelow(digest: Digest): Promise<{ problem?: string }> {
    const seen = new Set<Digest>([digest]);
    for (const each of seen) {
      const { problem, next } = await this.#factsOf(each);
      if (problem !== undefined) return { problem };
      for (const found of next) seen.add(found);
    }
    return {};
  }

  #factsOf(digest: Digest): Promise<Facts> {
    const facts = this.#facts.get(digest) ?? this.#readFacts(digest);
    this.#facts.set(digest, facts);
    return facts;
  }

  async #readFacts(digest: Digest): Promise<Facts> {
    const { source, destination } = this.#sides;
    const { from, to } = this.#pair;
    const raw = await destination.manifest(to, digest);
    if (raw === undefined) {
      // Indexes may name platforms that nobody ever copied to the source, and lists referrers that were deleted.
      const isAtSource = (await source.digest(from, digest)) !== undefined;
      return { ...(isAtSource && { problem: `lacks the manifest ${digest}` }), next: [] };
    }
    const { children } = parseManifest(raw, `${destination.url}, repository ${to},`);
    const wanted = await referrersOf(source, from, this.#tags.source, digest);
    const listed = new Set(
      wanted.length === 0 ? [] : await referrersOf(destination, to, this.#tags.destination, digest),
    );
    const unlisted = wanted.find((each) => !listed.has(each));
    const manifests = children.filter(({ mediaType }) => mediaType === "" || acceptedTypes.includes(mediaType));
    return {
      ...(unlisted && { problem: `does not list ${unlisted} as a referrer of ${digest}` }),
      next: [...manifests.map((child) => child.digest), ...wanted],
    };
  }
}

/** The digests of a manifest's referrers, by the referrers API or the tag that lists them. */
async function referrersOf(
  api: RegistryApi,
  repository: string,
  tags: ReadonlySet<string>,
  digest: Digest,
): Promise<Digest[]> {
  const found = await api.referrers(repository, digest);
  if (found !== undefined) return found;
  const tag = fallbackTag(digest);
  const raw = tags.has(tag) ? await api.manifest(repository, tag) : undefined;
  if (raw === undefined) return [];
  return parseManifest(raw, `${api.url}, repository ${repository},`).children.map((child) => child.digest);
}
