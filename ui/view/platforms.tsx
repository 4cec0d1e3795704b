import type { Variant } from "../registry/image.ts";
import { hashOf } from "../registry/route.ts";
import { sizeText } from "../registry/size.ts";

/** The image's variants by platform. */
export function Platforms({ repository, variants }: { repository: string; variants: Variant[] }) {
  const known = variants.filter(({ platform }) => platform !== undefined);
  if (known.length === 0) return null;
  return (
    <table class="variants">
      <caption>Platforms</caption>
      <thead>
        <tr>
          <th scope="col">Platform</th>
          <th scope="col" class="number">
            Layers
          </th>
          <th scope="col" class="number">
            Size
          </th>
          <th scope="col">Digest</th>
        </tr>
      </thead>
      <tbody>
        {known.map(({ platform, layers, size, digest }) => (
          <tr key={digest}>
            <th scope="row">{platform}</th>
            <td class="number">{layers}</td>
            <td class="number">{size === undefined ? "not here" : sizeText(size)}</td>
            <td>
              <a href={hashOf(repository, digest)} title={digest}>
                <code>{digest.replace(/^sha\d+:/, "").slice(0, 12)}</code>
              </a>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
