import { readFileSync, realpathSync } from "node:fs";
import { SourceMap } from "node:module";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

/**
 * Makes stack traces name the source files instead of the bundle. It replaces the handler that Pulumi's SDK installs, which
 * reads the source map of every file in a trace, the SDK's own included.
 * @param {string} folder the bundle's
 */
export function mapStackTraces(folder) {
  // Node names a module by its real path.
  const prefix = `${pathToFileURL(realpathSync(folder)).href}/`;
  /** @type {Map<string, SourceMap>} */
  const maps = new Map();

  Error.prepareStackTrace = (error, sites) => {
    // The SDK takes a trace of each promise and resource, by an error without a message, and shows hardly any.
    const mapped = error.message !== "";
    const frames = sites.map((site) => `\n    at ${mapped ? sourceFrame(site) : site}`);
    return `${header(error)}${frames.join("")}`;
  };

  /** @param {NodeJS.CallSite} site */
  function sourceFrame(site) {
    const file = site.getFileName() ?? "";
    const frame = String(site);
    if (!file.startsWith(prefix)) return frame;
    const [line, column] = [site.getLineNumber() ?? 1, site.getColumnNumber() ?? 1];
    const source = sourcePosition(file.slice(prefix.length), line - 1, column - 1);
    return source === undefined ? frame : frame.replace(`${file}:${line}:${column}`, source);
  }

  /**
   * @param {string} name
   * @param {number} line from 0, as is the column
   * @param {number} column
   * @returns {string | undefined} undefined where the map knows no source, or cannot be read
   */
  function sourcePosition(name, line, column) {
    try {
      const entry = mapOf(name).findEntry(line, column);
      if (!("originalSource" in entry)) return undefined;
      return `${resolve(folder, entry.originalSource)}:${entry.originalLine + 1}:${entry.originalColumn + 1}`;
    } catch {
      // An exception here would hide the error whose trace this is.
      return undefined;
    }
  }

  /** @param {string} name */
  function mapOf(name) {
    const map = maps.get(name) ?? new SourceMap(JSON.parse(readFileSync(join(folder, `${name}.map`), "utf8")));
    maps.set(name, map);
    return map;
  }
}

/** @param {Error} error */
function header(error) {
  try {
    return Error.prototype.toString.call(error);
  } catch {
    return "Error";
  }
}
