import type { BaseImages } from "../../../render/base-images.ts";
import type { EnvLine, EnvProblem } from "../../../render/env-file-parse.ts";
import { imagePrefix } from "../../../settings/formats/image-reference.ts";

const variable = /^([A-Z][A-Z0-9]*)_BASE_IMAGE_([A-Z][A-Z0-9]*)$/;

/** Whether an environment variable's name is that of a base image, as in WHANOS_BASE_IMAGE_JAVA. */
export function namesBaseImage(name: string): boolean {
  return variable.test(name);
}

/**
 * The `baseImages` setting that yields these variables. It has one prefix and one tag, and its images are in the
 * registry itself; a variable that does not fit is a problem.
 */
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
