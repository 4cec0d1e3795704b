import { basename } from "node:path";
import { OperationError } from "../operation-error.ts";
import { projectFolder } from "../pulumi.ts";
import { newSettings } from "./new-settings.ts";
import { questions } from "./questions.ts";
import { answeredStackFiles, type StackFile, writeSettings } from "./stack-file.ts";

/**
 * Turns the answers to `pulumi new` into settings, in every stack file of the project. Pulumi can only write each answer as a text under a key of its own. It
 * then runs `npm install`, and npm this. A problem is said and does not fail, as it would end npm's own work.
 */
export async function finishNewProject(folder = projectFolder): Promise<void> {
  for (const file of await answeredStackFiles(folder)) {
    const name = basename(file.path);
    console.error(
      await finish(file).then(
        () => `${name} has your answers as settings`,
        (error: unknown) => {
          if (!(error instanceof OperationError)) throw error;
          return `${name} is not done: ${error.message}\nAnswer again: npm run -s registry -- init`;
        },
      ),
    );
  }
}

async function finish(file: StackFile): Promise<void> {
  const defaults = Object.fromEntries(
    questions.map((question) => [question.path, "default" in question ? question.default : ""]),
  );
  const { keys } = newSettings({ ...defaults, ...file.answers });
  await writeSettings(file, keys);
}
