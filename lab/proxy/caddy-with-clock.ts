import type { GoBinary } from "../go/go-build.ts";
import { caddy } from "../images/registry-images.ts";

/**
 * Environment variable with the path of a file. The file has the time (in seconds since 1970) that Caddy uses. Without the
 * variable Caddy uses the real time.
 */
export const clockVariable = "LAB_CLOCK";

/** Caddy whose time placeholders use a time set by a test, through the internal variable that Caddy's own tests replace. */
export const caddyWithClock: GoBinary = {
  name: "caddy-with-clock",
  version: caddy.version,
  package: ".",
  binary: "caddy",
  goMod: `module lab/caddy-with-clock\n\ngo 1.25\n\nrequire github.com/caddyserver/caddy/v2 v${caddy.version}\n`,
  sources: {
    "main.go": `package main

import (
	"os"
	"strconv"
	"time"
	_ "unsafe"

	caddycmd "github.com/caddyserver/caddy/v2/cmd"
	_ "github.com/caddyserver/caddy/v2/modules/standard"
)

//go:linkname nowFunc github.com/caddyserver/caddy/v2.nowFunc
var nowFunc func() time.Time

func main() {
	if file := os.Getenv("${clockVariable}"); file != "" {
		nowFunc = func() time.Time {
			text, err := os.ReadFile(file)
			if err != nil {
				panic(err)
			}
			seconds, err := strconv.ParseInt(string(text), 10, 64)
			if err != nil {
				panic(err)
			}
			return time.Unix(seconds, 0)
		}
	}
	caddycmd.Main()
}
`,
  },
};
