import { reloadProgram } from "../render/proxy/reload-program.ts";
import { shellWord, withoutComments } from "./shell.ts";

/** A shell assignment: the variable `reload_program` holds the program that reloads Caddy, for `sh -c` in its container. */
export const proxyReload = `reload_program=${shellWord(withoutComments(reloadProgram))}\n`;
