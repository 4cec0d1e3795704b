import { regctlVersion } from "../../operations/copy/regctl.ts";
import type { GoBinary } from "../go/go-build.ts";

/** The program with which `registry copy` copies images. */
export const regctl: GoBinary = {
  name: "regctl",
  version: regctlVersion,
  package: "github.com/regclient/regclient/cmd/regctl",
  binary: "regctl",
};
