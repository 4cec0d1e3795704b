import type { BaseImages } from "../../../render/base-images.ts";
import type { EnvLine, EnvProblem } from "../../../render/env-file-parse.ts";
import { imagePrefix } from "../../../settings/formats/image-reference.ts";

const variable = /^([A-Z][A-Z0-9]*)_BASE_IMAGE_([A-Z][A-Z0-9]*)$/;

/** Whether a variable names an image that builds start from. */
export function namesBaseImage(name: string): boolean {
  return variable.test(name);
}

/** The setting that such variables come from: one prefix and one tag, in the registry itself. */
export function baseImagesOf(
  lines: readonly EnvLine[],
  address: Parameters<typeof imagePrefix>[0],
): { images?: BaseImages; problems: EnvProblem[] } {
  const read = lines.map((line) => ({ ...line, ...parts(line) }));
  const [first] = read;
  if (first === undefined) return { problems: [] };
  const problems = read.flatMap(({ line, name, value, prefix, language, tag }) => {
    const is = `${imagePrefix(address)}/${prefix}-${language}:${tag || "TAG"}`;
    if (value !== is) return [{ line, message: `${name} is not ${is}, where such an image is pushed to` }];
    if (prefix === first.prefix && tag === first.tag) return [];
    return [{ line, message: `${name} differs in prefix or tag from ${first.name} on line ${first.line}` }];
  });
  return {
    images: { prefix: first.prefix, tag: first.tag, languages: read.map(({ language }) => language) },
    problems,
  };
}

function parts({ name, value }: EnvLine): { prefix: string; language: string; tag: string } {
  const [, prefix = "", language = ""] = variable.exec(name) ?? [];
  const tag = /:([A-Za-z0-9_][A-Za-z0-9._-]{0,127})$/.exec(value)?.[1] ?? "";
  return { prefix: prefix.toLowerCase(), language: language.toLowerCase(), tag };
}
