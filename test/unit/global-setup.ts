import { installPrograms } from "../install-programs.ts";

/** The shells and awks that hosts may have, and curl, which the pods of the DaemonSet run. */
export default () =>
  installPrograms({ busybox: ["busybox"], gawk: ["gawk"], mawk: ["mawk"], curl: ["curl", "ca-certificates"] });
