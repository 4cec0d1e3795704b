import { installPrograms } from "../install-programs.ts";

/** The parsers that are Debian packages; the others are built from Go modules. */
export default () =>
  installPrograms({
    "/usr/bin/containerd": ["containerd"],
    skopeo: ["skopeo"],
    "systemd-analyze": ["systemd"],
  });
