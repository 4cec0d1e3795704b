# While the registry moves, the old host becomes read-only. Fails if this machine is not the old host: its registry would
# refuse pushes, or serve an empty folder.
require_old_host() {
  [ -n "$moves_to" ] || return 0
  [ -f "$home/manifest" ] ||
    fail "variant.oldHost leads to this machine, which is not this stack's registry host; nothing was touched. Correct its connection, then run pulumi up again"
  ! grep -qxF "$moves_to" "$moved_here_file" 2>/dev/null ||
    fail "variant.oldHost and variant.connection lead to the same machine; nothing was touched here. Use oldHost: { kind: stopped }, which leaves such a machine as it is"
  grep -qF " $storage_path:" "$compose_file" ||
    fail "this machine, the old host, has its images in another folder than $storage_path; nothing was touched here. A move keeps storagePath: change it back, then run pulumi up again"
}
