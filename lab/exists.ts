import { access } from "node:fs/promises";

/** Whether something is at that path. */
export async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
