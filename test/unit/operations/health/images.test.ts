import { describe, expect, it } from "vitest";
import { problemsIn } from "../../../../operations/backup/problems.ts";
import { found } from "../../../../operations/health/check.ts";
import { type CheckedImages, images } from "../../../../operations/health/checks/images/images.ts";
import { storageTarget } from "../../../../operations/health/images/storage-target.ts";
import {
  changed,
  clusterStack,
  existingStack,
  hostStack,
  hybridStack,
  parsed,
  type Stack,
} from "../../settings/stacks.ts";
import { mends } from "./healthy.ts";

const hex = "ab".padEnd(64, "0");
const file = `/srv/data/registry/docker/registry/v2/blobs/sha256/ab/${hex}/data`;
const tagLink = "app/_manifests/tags/1.0/current/link";

const target = (stack: Stack) =>
  storageTarget({ name: "dev", options: [], kubernetes: { context: "kind-dev" }, ...parsed(stack) });

/** What is found where the check of a storage prints this line. */
function findings(line: string, changes: Partial<CheckedImages> = {}) {
  const { problems } = problemsIn(`live\t${line}\n{}`);
  const facts = { mends, registryHost: "registry.example.org", isBackedUp: false, ...target(hostStack), problems };
  return found(images, { ...facts, ...changes }).map(({ finding }) => finding);
}

const here = "   # from where the image was built or still is";

describe("images that were read whole", () => {
  it.each([
    [
      `damaged blob\tsha256:${hex}\tapp:1.0`,
      "blob-damaged",
      `ssh ubuntu@203.0.113.5 'sudo rm ${file}' && docker push registry.example.org/app:1.0${here}`,
    ],
    [
      `missing blob\tsha256:${hex}\tapp@sha256:1,app:1.0`,
      "blob-missing",
      `docker push registry.example.org/app:1.0${here}`,
    ],
    [`collected blob\tsha256:${hex}\tapp:1.0`, "blob-collected", "npm run -s registry -- collect --undo --stack dev"],
    [
      `broken link\t${tagLink}\tapp:1.0`,
      "link-broken",
      `ssh ubuntu@203.0.113.5 'sudo rm /srv/data/registry/docker/registry/v2/repositories/${tagLink}' && docker push registry.example.org/app:1.0${here}`,
    ],
    [
      `missing link\tapp/_layers/sha256/${hex}/link\tapp:1.0`,
      "link-missing",
      `docker push registry.example.org/app:1.0${here}`,
    ],
    [`damaged blob\tsha256:${hex}\t`, "blob-damaged", `ssh ubuntu@203.0.113.5 'sudo rm ${file}'`],
    [
      `missing blob\tsha256:${hex}\tapp@sha256:12`,
      "blob-missing",
      "push the image app@sha256:12 again, or delete it: npm run -s registry -- delete app@sha256:12",
    ],
  ])("%s is %s, and is mended without a backup by: %s", (line, check, mend) => {
    expect(findings(line)).toMatchObject([{ check, mend, fixable: false }]);
  });

  it.each(["damaged blob", "missing blob", "broken link", "missing link"])(
    "with a backup, a %s is mended by a restore",
    (what) => {
      const [finding] = findings(`${what}\tsha256:${hex}\tapp:1.0`, { isBackedUp: true });
      expect(finding?.mend).toBe("npm run -s registry -- restore --stack dev");
    },
  );

  it("name whom it hurts, all of them in lines of their own where there are many", () => {
    const names = ["a:1", "b:1", "c:1", "d:1", "e:1"];
    expect(findings(`missing blob\tsha256:${hex}\t${names.slice(0, 2)}`)).toMatchObject([
      { affects: "whoever pulls a:1, b:1" },
    ]);
    expect(findings(`missing blob\tsha256:${hex}\t${names}`)).toMatchObject([
      { affects: "whoever pulls a:1, b:1, c:1 and 2 more", lines: names },
    ]);
    expect(findings(`damaged blob\tsha256:${hex}\t`)[0]?.affects).toContain("nobody now");
  });
});

describe("where the images are", () => {
  it.each([
    ["host", hostStack, "ssh ubuntu@203.0.113.5 'sudo ls /srv/data/registry'"],
    ["hybrid", hybridStack, "docker exec hostk8s-registry-storage ls /var/lib/registry"],
    [
      "cluster",
      clusterStack,
      "kubectl --context kind-dev --namespace dso exec deployment/registry --container registry -- ls /var/lib/registry",
    ],
  ])("on a %s they are read by: %s", (_kind, stack, command) => {
    const { storagePath, command: there } = target(stack);
    expect(there(`ls ${storagePath}`)).toBe(command);
  });

  it.each([
    ["an existing registry", existingStack, "runs no registry"],
    [
      "object storage",
      changed(clusterStack, {
        "variant.storage": { kind: "s3", endpoint: "https://s3.example.org", bucket: "images", region: "eu" },
        s3AccessKey: "key",
        s3SecretKey: "correct horse",
      }),
      "has its images in object storage",
    ],
  ])("of %s cannot be hashed there, and the error names another way", (_what, stack, reason) => {
    expect(() => target(stack)).toThrow(reason);
    expect(() => target(stack)).toThrow("crane validate --remote registry.example.org/REPOSITORY:TAG");
  });
});
