# A file that somebody else had where one of ours must be. It is kept, and put back when ours goes.

keep_displaced() {
  [ -e "$root$1" ] || [ -L "$root$1" ] || return 0
  kept=$root$state/displaced$1
  try "$state/displaced" mkdir -p "$(dirname "$kept")" && try "$state/displaced$1" copy "$root$1" "$kept" || return 1
  say "keeping somebody else's $1 in $state/displaced"
}

put_back_displaced() {
  kept=$root$state/displaced$1
  [ -e "$kept" ] || [ -L "$kept" ] || return 0
  try "$1" copy "$kept" "$root$1" && rm -f "$kept" || return 1
  say "put back somebody else's $1"
}

# A link stays one, and times and modes stay.
copy() { rm -f "$2.new" && cp -pP "$1" "$2.new" && mv -f "$2.new" "$2"; }
