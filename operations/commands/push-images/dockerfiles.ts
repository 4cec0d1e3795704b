import { access } from "node:fs/promises";
import { join } from "node:path";
import { OperationError } from "../../operation-error.ts";

/** The path of a language's Dockerfile. */
export function dockerfile(folder: string, language: string): string {
  return join(folder, language, "Dockerfile.base");
}

/** Throws if a language has no Dockerfile, before anything is built. */
export async function requireDockerfiles(folder: string, languages: readonly string[]): Promise<void> {
  const files = languages.map((language) => dockerfile(folder, language));
  const found = await Promise.all(
    files.map((file) =>
      access(file).then(
        () => true,
        () => false,
      ),
    ),
  );
  const missing = files.filter((_, index) => !found[index]);
  if (missing.length > 0)
    throw new OperationError(
      `missing: ${missing.join(", ")}; add them, or take the languages out of pipelineConfig.baseImages`,
    );
}
