import { shellWord } from "../../../../hosts/shell.ts";
import { roomForFiles, roomOn } from "../../../../settings/warnings/limits.ts";
import { sizeText } from "../../../size-text.ts";
import type { Check, Problem } from "../../check.ts";
import type { HostFacts } from "../../host-facts.ts";
import type { CheckedHost } from "./checked-host.ts";

type Disk = NonNullable<HostFacts["disk"]>;

/** Whoever stores the images: a machine, or a pod in a cluster. */
export type CheckedDisk = Pick<CheckedHost, "where" | "mends"> & { health: Pick<HostFacts, "disk"> };

/** Whether images have room. */
export const room: readonly Check<CheckedDisk>[] = [
  diskCheck("disk-full", "the disk of the images has room for pushes", (disk, host) =>
    roomOn(disk).room === "full"
      ? {
          ...makeRoom(disk, host),
          problem: `the disk of ${disk.path} is full: ${sizeText(disk.free)} free of ${sizeText(disk.size)}`,
          affects: "everybody who pushes",
        }
      : undefined,
  ),
  diskCheck("disk-nearly-full", "the disk of the images has room for pushes of the next days", (disk, host) =>
    roomOn(disk).room === "low"
      ? {
          ...makeRoom(disk, host),
          problem: `the disk of ${disk.path} has ${roomOn(disk).freePercent} % free: ${sizeText(disk.free)} of ${sizeText(disk.size)}`,
          affects: "everybody who pushes, once it is full",
        }
      : undefined,
  ),
  diskCheck("inodes-full", "the disk of the images has room for more files", (disk, host) =>
    roomForFiles(disk) === "full"
      ? {
          ...makeRoom(disk, host),
          problem: `the disk of ${disk.path} has ${disk.freeInodes} of ${disk.inodes} inodes left, so that it takes hardly any more files`,
          affects: "everybody who pushes",
        }
      : undefined,
  ),
  diskCheck("inodes-nearly-full", "the disk of the images has room for the files of the next days", (disk, host) =>
    roomForFiles(disk) === "low"
      ? {
          ...makeRoom(disk, host),
          problem: `the disk of ${disk.path} has ${disk.freeInodes} of ${disk.inodes} inodes left`,
          affects: "everybody who pushes, once there are none",
        }
      : undefined,
  ),
];

export const storage: readonly Check<CheckedHost>[] = [
  ...room,
  diskCheck<CheckedHost>(
    "storage-read-only",
    "the storage of the images is writable",
    ({ path, readOnly }, { where, command }) => {
      if (!readOnly) return undefined;
      const remount = `mount -o remount,rw "$(findmnt -n -o TARGET -T ${path})"`;
      return {
        problem: `the file system of ${path} is mounted read-only`,
        ...{ where, affects: "everybody who pushes", fixable: false },
        cause: "the kernel mounts a file system read-only after errors of its disk; see dmesg first",
        mend: command(`sh -c ${shellWord(remount)}`),
      };
    },
  ),
];

function diskCheck<Checked extends CheckedDisk>(
  id: string,
  title: string,
  problemOf: (disk: Disk, checked: Checked) => Problem | undefined,
): Check<Checked> {
  return {
    ...{ id, title },
    run: (checked) => {
      const problem = checked.health.disk && problemOf(checked.health.disk, checked);
      return problem ? [problem] : [];
    },
  };
}

function makeRoom({ path }: Disk, { where, mends }: CheckedDisk): Pick<Problem, "where" | "mend" | "fixable"> {
  return {
    ...{ where, fixable: false },
    mend: `what takes the room, images or other files, says npm run -s registry -- usage ${mends.options}; delete it and collect garbage, or enlarge the file system of ${path}`,
  };
}
