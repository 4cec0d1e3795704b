import { useLoaded } from "../hooks/use-loaded.ts";
import { ageText, timeText } from "../registry/created.ts";
import { type Image, loadImage } from "../registry/image.ts";
import type { Registry } from "../registry/registry.ts";
import { hashOf, imageName } from "../registry/route.ts";
import { sizeRange } from "../registry/size.ts";
import { CopyButton } from "./copy-button.tsx";

type TagRowArgs = {
  registry: Registry;
  host: string;
  repository: string;
  tag: string;
  /** Its index in the whole list. */
  at: number;
  tabIndex: number;
  isOpen: boolean;
};

/** One tag; its image is loaded when the row is rendered. */
export function TagRow({ registry, host, repository, tag, at, tabIndex, isOpen }: TagRowArgs) {
  const { value: image, failure } = useLoaded(
    (signal) => loadImage(registry, repository, tag, { signal }),
    [registry, repository, tag],
  );
  const size = image && sizeRange(image.variants.map((variant) => variant.size));
  const age = image?.created && ageText(image.created, new Date());

  return (
    <tr aria-rowindex={at + 2} class={isOpen ? "open" : undefined} aria-busy={image === undefined && !failure}>
      <td class="tag">
        <a href={hashOf(repository, tag)} data-row={at} tabIndex={tabIndex} aria-current={isOpen ? "true" : undefined}>
          {tag}
        </a>
        <small class={failure && "failed"} title={failure?.message}>
          {failure ? failure.message : [size, age].filter(Boolean).join(" · ")}
        </small>
      </td>
      <Details image={image} failed={failure !== undefined} size={size} age={age} />
      <td class="copies">
        <CopyButton
          text={`docker pull ${host}/${imageName(repository, tag)}`}
          what={`pull command of ${tag}`}
          tabIndex={tabIndex}
        />
      </td>
    </tr>
  );
}

type DetailsArgs = { image: Image | undefined; failed: boolean; size: string | undefined; age: string | undefined };

function Details({ image, failed, size, age }: DetailsArgs) {
  if (image === undefined)
    return ["size", "platforms", "created", "digest"].map((cell) => (
      <td key={cell} class={`${cell} pending`}>
        {!failed && <i />}
      </td>
    ));
  const { artifact, created, digest, variants } = image;
  const platforms = variants.flatMap(({ platform }) => platform ?? []).join(", ") || artifact || "";
  return (
    <>
      <td class="size">{size}</td>
      <td class="platforms" title={platforms}>
        {platforms}
      </td>
      <td class="created" title={created && timeText(created)}>
        {age ?? "not recorded"}
      </td>
      <td class="digest" title={digest}>
        <code>{digest.replace(/^sha\d+:/, "").slice(0, 12)}</code>
      </td>
    </>
  );
}
