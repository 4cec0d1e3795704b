/** Runs one step of a test. Where it fails, the error begins with the step's name. */
export async function step(name: string, action: () => unknown): Promise<void> {
  try {
    await action();
  } catch (error) {
    if (error instanceof Error) error.message = `${name} › ${error.message}`;
    throw error;
  }
}
