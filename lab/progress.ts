const heartbeatSeconds = 20;

/**
 * Runs one step of the lab, and reports on stderr when it begins, while it runs, and how long it took.
 *
 * @example await step("caddy 2.11.4: build from Go modules", () => build())
 */
export async function step<T>(title: string, work: () => Promise<T>): Promise<T> {
  const seconds = stopwatch();
  say(`▸ ${title}`);
  const heartbeat = setInterval(() => say(`  … ${title} (${seconds()})`), heartbeatSeconds * 1000);
  try {
    const result = await work();
    say(`✓ ${title} (${seconds()})`);
    return result;
  } catch (error) {
    say(`✗ ${title} (${seconds()})`);
    throw error;
  } finally {
    clearInterval(heartbeat);
  }
}

/** Prints one line to stderr; stdout is for the result of a command. */
export function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

function stopwatch(): () => string {
  const started = performance.now();
  return () => `${((performance.now() - started) / 1000).toFixed(1)} s`;
}
