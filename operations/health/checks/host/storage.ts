import { shellWord } from "../../../../hosts/shell.ts";
import { sizeText } from "../../../size-text.ts";
import type { Check, Problem } from "../../check.ts";
import type { HostFacts } from "../../host-facts.ts";
import type { CheckedHost } from "./checked-host.ts";

type Disk = NonNullable<HostFacts["disk"]>;

/** From here on, in percent, a disk is reported, and from there on it counts as full. */
const nearlyFull = 95;
const full = 99;

export const storage: readonly Check<CheckedHost>[] = [
  diskCheck("disk-full", "the disk of the images has room for pushes", (disk, host) =>
    usedPercent(disk) < full
      ? undefined
      : {
          ...room(disk, host),
          problem: `the disk of ${disk.path} is full: ${sizeText(disk.free)} free of ${sizeText(disk.size)}`,
          affects: "everybody who pushes",
        },
  ),
  diskCheck("disk-nearly-full", `the disk of the images is below ${nearlyFull} %`, (disk, host) =>
    usedPercent(disk) < nearlyFull || usedPercent(disk) >= full
      ? undefined
      : {
          ...room(disk, host),
          problem: `the disk of ${disk.path} is ${usedPercent(disk)} % full: ${sizeText(disk.free)} free of ${sizeText(disk.size)}`,
          affects: "everybody who pushes, once it is full",
        },
  ),
  diskCheck("inodes-full", "the disk of the images has room for more files", (disk, host) => {
    const { inodes, freeInodes, path } = disk;
    if (inodes === undefined || freeInodes === undefined || freeInodes > inodes / 100) return undefined;
    return {
      ...room(disk, host),
      problem: `the disk of ${path} has ${freeInodes} of ${inodes} inodes left, so that it takes no more files`,
      affects: "everybody who pushes",
    };
  }),
  diskCheck("storage-read-only", "the storage of the images is writable", ({ path, readOnly }, { where, command }) => {
    if (!readOnly) return undefined;
    const remount = `mount -o remount,rw "$(findmnt -n -o TARGET -T ${path})"`;
    return {
      problem: `the file system of ${path} is mounted read-only`,
      ...{ where, affects: "everybody who pushes", fixable: false },
      cause: "the kernel mounts a file system read-only after errors of its disk; see dmesg first",
      mend: command(`sh -c ${shellWord(remount)}`),
    };
  }),
];

function diskCheck(
  id: string,
  title: string,
  problemOf: (disk: Disk, host: CheckedHost) => Problem | undefined,
): Check<CheckedHost> {
  return {
    ...{ id, title },
    run: (host) => {
      const problem = host.health.disk && problemOf(host.health.disk, host);
      return problem ? [problem] : [];
    },
  };
}

/** As df counts: of what is not reserved for root. */
function usedPercent({ used, free }: Disk): number {
  return Math.floor((used / Math.max(1, used + Math.max(0, free))) * 100);
}

function room({ path }: Disk, { where, mends }: CheckedHost): Pick<Problem, "where" | "mend" | "fixable"> {
  return {
    ...{ where, fixable: false },
    mend: `enlarge the file system of ${path}; or delete images and collect garbage: what takes the room says npm run -s registry -- usage ${mends.options}`,
  };
}
