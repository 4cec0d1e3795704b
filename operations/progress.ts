/** Shows on standard error how far a command is. */
export interface Progress extends Disposable {
  show(text: string): void;
}

/** What takes less shows nothing. */
const silentMs = 1000;

/** One line that changes, on a terminal; elsewhere, as in a pipeline's log, a line now and then. */
export function startProgress(): Progress {
  const { isTTY } = process.stderr;
  const everyMs = isTTY ? 200 : 10_000;
  let next = Date.now() + silentMs;
  let shown = false;
  return {
    show: (text) => {
      if (Date.now() < next) return;
      next = Date.now() + everyMs;
      shown = true;
      if (isTTY) process.stderr.write(`\r\u001b[2K${text}`);
      else console.error(text);
    },
    [Symbol.dispose]: () => {
      if (isTTY && shown) process.stderr.write("\r\u001b[2K");
    },
  };
}
