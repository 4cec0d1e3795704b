# Backups of files that somebody else wrote, from before ours took their paths. They are restored when ours are removed.
backups=/displaced # written by version 0.1

# back_up PATH: copies the file at PATH, if there is one, below the state directory.
back_up() {
  [ -e "$root$1" ] || [ -L "$root$1" ] || return 0
  backup=$root$state$backups$1
  try "$state$backups" mkdir -p "$(dirname "$backup")" && try "$state$backups$1" copy "$root$1" "$backup" || return 1
  say "keeping somebody else's $1 in $state$backups"
}

# restore_backup PATH: puts the file that was at PATH back, if there was one.
restore_backup() {
  backup=$root$state$backups$1
  [ -e "$backup" ] || [ -L "$backup" ] || return 0
  try "$1" copy "$backup" "$root$1" && rm -f "$backup" || return 1
  say "put back somebody else's $1"
}

# Copies links as links, and preserves times and modes.
copy() { rm -f "$2.new" && cp -pP "$1" "$2.new" && mv -f "$2.new" "$2"; }
