import { expect, it } from "vitest";
import type { Digest, Manifest, Repository } from "../../../../operations/contents/contents.ts";
import { subjectOfTag } from "../../../../operations/contents/referrer-tag.ts";
import { planRepository, type RepositoryPlan } from "../../../../operations/deletion/plan-repository.ts";
import { keptTags } from "../../../../operations/deletion/retention.ts";
import { selectByRules } from "../../../../operations/deletion/selection.ts";
import fc from "../../../properties.ts";
import { digest, inUse, referrerTag, repositoryOf } from "./contents.ts";

const numbers = 12;
const number = fc.nat(numbers - 1);

/** Repositories whose manifests reference those of lower numbers, as digests make it. */
const repository = fc
  .tuple(
    fc.array(
      fc.record({
        children: fc.array(number, { maxLength: 3 }),
        subject: fc.option(number, { nil: undefined }),
        day: fc.option(fc.integer({ min: 1, max: 28 }), { nil: undefined }),
      }),
      { minLength: numbers, maxLength: numbers },
    ),
    fc.dictionary(fc.constantFrom("v1", "v2", "v3", "v4", "latest"), number),
    fc.array(fc.tuple(number, fc.constantFrom("", ".sig"), number), { maxLength: 4 }),
  )
  .map(([given, tags, referrerTags]) =>
    repositoryOf(
      Object.fromEntries(
        given.map(({ children, subject, day }, of) => [
          of,
          {
            children: children.filter((each) => each < of),
            ...(subject !== undefined && subject < of && { subject }),
            ...(day !== undefined && { created: `2027-01-${String(day).padStart(2, "0")}T00:00:00Z` }),
          },
        ]),
      ),
      { ...tags, ...Object.fromEntries(referrerTags.map(([of, suffix, to]) => [referrerTag(of, suffix), to])) },
    ),
  )
  .map((each) => ({ whole: each, listed: listed(each) }));

const rule = fc.record({
  keepLast: fc.option(fc.integer({ min: 1, max: 4 }), { nil: undefined }),
  keepDays: fc.option(fc.integer({ min: 1, max: 28 }), { nil: undefined }),
  keepTags: fc.subarray(["latest", "v*", "*4"]),
});

const used = fc.tuple(fc.array(number, { maxLength: 2 }), fc.subarray(["team-a/app:v1", "team-a/app:latest"]));

const now = new Date("2027-01-29T00:00:00Z");

/** A retention rule applied, as `registry retain` does. */
const retained = fc.tuple(repository, rule, used).map(([{ listed: repository }, rule, [digests, tags]]) => {
  const retained = keptTags(repository, repository.tags, rule, now);
  const going = repository.tags.filter(({ name }) => subjectOfTag(name) === undefined && !retained.has(name));
  const asked = { tags: new Set(going.map(({ name }) => name)), digests: new Set<Digest>() };
  const running = inUse(digests, tags);
  return { repository, retained, running, plan: planRepository(repository, asked, running) };
});

it("nothing that stays references what goes, however far a deletion got", () => {
  fc.assert(
    fc.property(retained, fc.nat(), ({ repository, plan }, steps) => {
      const done = { ...plan, deletes: plan.deletes.slice(0, steps % (plan.deletes.length + 1)) };
      const after = carriedOut(repository, done);
      for (const manifest of listed(after).manifests.values())
        for (const each of references(manifest)) expect(done.deletes).not.toContain(each);
    }),
  );
});

const daysAgo = fc.array(fc.integer({ min: 0, max: 20 }), { minLength: numbers, maxLength: numbers });

it("nothing that stays references what goes, with a tag or without one, nor is a referrer of what stays deleted", () => {
  fc.assert(
    fc.property(repository, rule, daysAgo, fc.nat(), ({ whole, listed }, rule, days, steps) => {
      const unlisted = [...whole.manifests.keys()].filter((each) => !listed.manifests.has(each));
      const pushed = (each: Digest) =>
        new Date(now.getTime() - (days[Number.parseInt(each.slice(-2), 16)] ?? 0) * 86_400_000);
      const given = { ...whole, untagged: new Map(unlisted.map((each) => [each, pushed(each)])) };
      const rules = [{ repositories: "**", ...rule, untaggedAfter: 10 }];
      const asked = selectByRules({ repositories: [given] }, rules, now).get(given.name);
      const plan = planRepository(given, asked ?? expect.fail(), inUse());
      const done = { ...plan, deletes: plan.deletes.slice(0, steps % (plan.deletes.length + 1)) };
      for (const manifest of carriedOut(given, done).manifests.values())
        for (const each of references(manifest)) expect(done.deletes).not.toContain(each);
      for (const each of plan.deletes) {
        const subject = given.manifests.get(each)?.subject;
        if (subject !== undefined && listed.manifests.has(each)) continue;
        if (subject !== undefined) expect(plan.deletes).toContain(subject);
      }
    }),
  );
});

it("whatever a rule keeps, and whatever a pod runs, stays with its tag", () => {
  fc.assert(
    fc.property(retained, ({ repository, retained, running, plan }) => {
      const after = carriedOut(repository, plan);
      const tags = after.tags.map(({ name }) => name);
      expect(tags).toEqual(expect.arrayContaining([...retained.keys()]));
      for (const each of running.digests.keys()) expect(plan.deletes).not.toContain(each);
      const runs = repository.tags.filter(({ name }) => running.tags.has(`team-a/app:${name}`));
      expect(tags).toEqual(expect.arrayContaining(runs.map(({ name }) => name)));
    }),
  );
});

it("every manifest that stays is still listed by a tag or as a referrer, so that it can be deleted later", () => {
  fc.assert(
    fc.property(retained, ({ repository, running, plan }) => {
      fc.pre(running.digests.size === 0);
      const after = carriedOut(repository, plan);
      const before = [...listed(repository, childrenOf).manifests.keys()];
      const staying = before.filter((each) => !plan.deletes.includes(each));
      expect([...listed(after, childrenOf).manifests.keys()].toSorted()).toEqual(staying.toSorted());
    }),
  );
});

it("no tag or referrer of what goes stays, unless something else needs it", () => {
  fc.assert(
    fc.property(retained, ({ repository, plan }) => {
      const after = carriedOut(repository, plan);
      for (const { name } of after.tags.filter(({ name }) => !plan.stays.has(name)))
        expect(plan.deletes).not.toContain(subjectOfTag(name));
      for (const { subject } of after.manifests.values()) expect(plan.deletes).not.toContain(subject);
    }),
  );
});

it("a second run finds nothing more to delete", () => {
  fc.assert(
    fc.property(retained, ({ repository, running, plan }) => {
      const again = planRepository(carriedOut(repository, plan), plan.asked, running);
      expect([again.deletes, again.untags]).toEqual([[], []]);
    }),
  );
});

/** What a registry holds after a deletion: a manifest's tags go with it. */
function carriedOut(
  repository: Repository,
  { deletes, untags }: Pick<RepositoryPlan, "deletes" | "untags">,
): Repository {
  const deleted = new Set(deletes);
  const untagged = new Set(untags.map(({ name }) => name));
  return {
    ...repository,
    tags: repository.tags.filter(({ name, digest: of }) => !deleted.has(of) && !untagged.has(name)),
    manifests: new Map([...repository.manifests].filter(([of]) => !deleted.has(of))),
  };
}

/** What tags lead to, and its referrers. `next` says what one manifest leads to. */
function listed(repository: Repository, next = references): Repository {
  const found = new Set<Digest>();
  const open = repository.tags.map((tag) => tag.digest);
  for (let each = open.pop(); each !== undefined; each = open.pop()) {
    const manifest = repository.manifests.get(each);
    if (manifest === undefined || found.has(each)) continue;
    found.add(each);
    const referrers = [...repository.manifests.values()].filter(({ subject }) => subject === each);
    open.push(...next(manifest), ...referrers.map((referrer) => referrer.digest));
  }
  return { ...repository, manifests: new Map([...repository.manifests].filter(([of]) => found.has(of))) };
}

function references(manifest: Manifest): Digest[] {
  return [...childrenOf(manifest), ...(manifest.subject === undefined ? [] : [manifest.subject])];
}

function childrenOf({ children }: Manifest): Digest[] {
  return children.map((child) => child.digest);
}

it("digests of these tests are of the right form", () => {
  expect(subjectOfTag(referrerTag(5, ".sig"))).toBe(digest(5));
});
