import { useRef } from "preact/hooks";
import { useFocusIfLost } from "../hooks/use-focus-if-lost.ts";
import { useLoaded } from "../hooks/use-loaded.ts";
import { timeText } from "../registry/created.ts";
import { type Image, loadImage } from "../registry/image.ts";
import type { Registry } from "../registry/registry.ts";
import { hashOf, imageName, isDigest } from "../registry/route.ts";
import { sizeRange } from "../registry/size.ts";
import { CopyButton } from "./copy-button.tsx";
import { Icon } from "./icon.tsx";
import { ImageName } from "./image-name.tsx";
import { Labels } from "./labels.tsx";
import { Empty, FailureNotice } from "./notice.tsx";
import { Platforms } from "./platforms.tsx";

type ImagePaneArgs = {
  registry: Registry;
  host: string;
  repository: string;
  /** A tag or a digest. */
  reference: string;
  /** @default no Delete button */
  onDelete?(digest: string): void;
};

/** Everything the registry stores about one image. */
export function ImagePane({ registry, host, repository, reference, onDelete }: ImagePaneArgs) {
  const loaded = useLoaded(
    (signal) => loadImage(registry, repository, reference, { signal, urgent: true }),
    [registry, repository, reference],
  );
  const { value: image, failure, retry } = loaded;
  const title = useRef<HTMLHeadingElement>(null);
  useFocusIfLost(() => title.current, []);

  return (
    <section class="pane image" aria-labelledby="image-title" aria-busy={image === undefined && !failure}>
      <div class="pane-head">
        <div class="title-line">
          <h3 id="image-title" ref={title} tabIndex={-1}>
            {isDigest(reference) ? `${reference.slice(0, 19)}…` : reference}
          </h3>
          <a class="close" href={hashOf(repository)} aria-label="Close the image">
            <Icon name="close" />
          </a>
        </div>
      </div>
      <div class="scroller facts">
        {image && <Facts {...{ image, host, repository, reference }} />}
        {image && onDelete && (
          <p class="actions">
            <button type="button" class="danger" onClick={() => onDelete(image.digest)}>
              Delete…
            </button>
          </p>
        )}
        {failure?.kind === "missing" && <Empty title="There is no such image" />}
        {failure && failure.kind !== "missing" && <FailureNotice failure={failure} retry={retry} />}
      </div>
    </section>
  );
}

function Facts({
  image,
  host,
  repository,
  reference,
}: { image: Image } & Omit<ImagePaneArgs, "registry" | "onDelete">) {
  const references = isDigest(reference) ? [image.digest] : [reference, image.digest];
  return (
    <>
      {references.map((one) => (
        <p key={one} class="command">
          <code>
            docker pull <ImageName name={`${host}/${imageName(repository, one)}`} />
          </code>
          <CopyButton
            text={`docker pull ${host}/${imageName(repository, one)}`}
            what={isDigest(one) ? "pull command by digest" : "pull command by tag"}
          />
        </p>
      ))}
      <dl>
        <dt>Size</dt>
        <dd>{sizeRange(image.variants.map(({ size }) => size))} compressed</dd>
        <dt>Created</dt>
        <dd>{image.created ? timeText(image.created) : "not recorded"}</dd>
        <dt>Digest</dt>
        <dd class="with-copy">
          <code>{image.digest}</code>
          <CopyButton text={image.digest} what="digest" />
        </dd>
        <dt>Type</dt>
        <dd>{image.artifact ?? image.mediaType}</dd>
      </dl>
      <Platforms repository={repository} variants={image.variants} />
      <Labels labels={image.labels} />
    </>
  );
}
