# The backup program of a registry host, and of a pod beside a cluster's registry. Standard output is for results; messages go
# to standard error.
set -u
export LC_ALL=C TZ=UTC
home=/etc/container-registry/backup
settings=$home/settings
# Where the images are, what must stay between two runs, and where restores are prepared: on the storage's disk, so that what
# was restored moves into its place in one step.
storage='' remembered='' cache='' scratch=''
# shellcheck source=/dev/null
. "$settings"
export RESTIC_REPOSITORY="$repository" RESTIC_PASSWORD_FILE="$home/password" RESTIC_CACHE_DIR="$cache" RESTIC_PROGRESS_FPS=0.2
case "$repository" in
s3:*) export AWS_DEFAULT_REGION="$region" AWS_SHARED_CREDENTIALS_FILE="$home/s3-keys" ;;
esac
tree=docker/registry/v2
lists=
collection_waits=false

say() { printf '%s\n' "$*" >&2; }

fail() {
  say "error: $*"
  exit 1
}

# Runs restic on the stack's repository. What only reads writes no lock there, so that it works on a full disk, too: the lock
# on this host lets nothing else run.
restic() {
  case "$1" in
  cat | check | ls | restore | snapshots | stats) set -- --no-lock "$@" ;;
  esac
  case "$repository" in
  sftp:*) command restic -o "sftp.command=$sftp_command" "$@" ;;
  *) command restic "$@" ;;
  esac
}

# Prints the end of what restic said, or what helps where the disk of the backups is full.
last_words() {
  if grep -qi 'no space left on device' "$lists/said"; then
    echo "no space left there; the backups that are there stay whole; make room, then: registry backup (docs/storage.md)"
  else
    sed -n 's/.*"message":"\([^"]*\)".*/\1/p; /^[^{]/p' "$lists/said" | tail -n 3
  fi
}

# One backup, verification or restore at a time; and never while blobs are being collected, which waits for us in turn.
take_locks() {
  [ -d "$remembered" ] || install -d -m 0700 "$remembered" || fail "cannot create $remembered"
  { exec 9>>"$remembered/lock"; } 2>/dev/null || fail "cannot write in $remembered"
  flock -n 9 || fail "another backup, verification or restore of this registry runs; try again when it has ended"
  lists=$(mktemp -d "${TMPDIR:-/run}/container-registry-backup.XXXXXX") || fail "cannot write in ${TMPDIR:-/run}"
  trap clean_up EXIT
  trap 'exit 1' HUP INT TERM
  keep_collection_waiting
  rm -rf "$scratch"
}

# Shares the lock of the garbage collection. A storage that is mounted read-only, and was never collected, has none yet.
keep_collection_waiting() {
  collection=$storage/collection/lock
  (mkdir -p "${collection%/lock}" && : >>"$collection") 2>/dev/null
  [ -e "$collection" ] || return 0
  exec 8<"$collection"
  collection_waits=true
  flock -s -n 8 && return 0
  say "waiting for the garbage collection to end"
  waited=0
  until flock -s -n 8; do
    [ $((waited += 1)) -le 7200 ] || fail "gave up: a garbage collection has held the lock $collection for two hours; see whether it is stuck"
    sleep 1
  done
}

# What follows does not read the live storage any more.
let_collection_begin() {
  [ "$collection_waits" = true ] || [ ! -e "$collection" ] ||
    fail "the first garbage collection of this storage began meanwhile; try again"
  exec 8<&-
}

clean_up() {
  status=$?
  stop_scratch_registry
  rm -rf "$lists" "$scratch"
  exit "$status"
}

# Creates the restic repository once. One that was there and is not there any more is no reason to begin a new one.
require_repository() {
  [ "$1" != may_create ] || require_folder
  if restic cat config >/dev/null 2>"$lists/said"; then
    restic unlock >/dev/null 2>&1
    printf '%s\n' "$repository" >"$remembered/repository"
  elif ! grep -qiE 'repository at the following location|does not exist|unable to open config' "$lists/said"; then
    fail "restic cannot open $repository: $(last_words)"
  elif [ "$1" != may_create ]; then
    fail "there is no backup at $repository; make one first: registry backup"
  elif [ "$repository" = "$(cat "$remembered/repository" 2>/dev/null)" ]; then
    fail "the backups at $repository are missing; is its disk mounted? To begin anew, delete the file $remembered/repository"
  else
    say "creating the restic repository $repository"
    restic init >/dev/null 2>"$lists/said" || fail "restic cannot create $repository: $(last_words)"
    printf '%s\n' "$repository" >"$remembered/repository"
  fi
}

require_folder() {
  case "$repository" in
  /*) mkdir -p "$repository" 2>"$lists/said" || fail "cannot create the folder $repository: $(cat "$lists/said")" ;;
  esac
}
