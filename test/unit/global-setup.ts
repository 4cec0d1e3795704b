import { installPrograms } from "../install-programs.ts";

/** The shells and awks that hosts may have, curl, which the pods of the DaemonSet run, and restic, for backups. */
export default () =>
  installPrograms({
    busybox: ["busybox"],
    gawk: ["gawk"],
    mawk: ["mawk"],
    curl: ["curl", "ca-certificates"],
    restic: ["restic"],
  });
