# Each file with an entry of ours, as it is to be: spliced in private, for whatever is refused is refused untouched.
compare_entries() {
  claim_entries
  { cut -d' ' -f1,2 "$stage/entries"; old_entries | cut -d' ' -f1,2; } | LC_ALL=C sort -u >"$stage/targets"
  while read -r format path; do compare_entry; done <"$stage/targets"
}

# FORMAT PATH BASE64 MARK: what is in place, or may be after an apply that was cut off, or was another owner's until now.
# Earlier versions of the program wrote no mark.
old_entries() {
  for list in "$home/manifest" "$home/owed"; do [ ! -f "$list" ] || sed -n 's/^entry //p' "$list"; done |
    awk -v mark="$mark" '{ print $1, $2, $3, (NF > 3 ? $4 : mark) }'
  awk '{ print $3, $4, $5, (NF > 5 ? $6 : $1) }' "$stage/taken_entries"
}

compare_entry() {
  [ ! -d "$path" ] || fail "$path: a directory is in the way; nothing was touched"
  note seen "$(fingerprint "$path") $path"
  visibility=open
  ! { grep -q "^$format $path secret " "$stage/entries" || others_keep_passwords; } || visibility=secret
  must "$stage/text" copy_text
  # shellcheck disable=SC2094 # both only read it
  tr -d '\000' <"$stage/text" | cmp -s - "$stage/text" || fail "$path: holds zero bytes, so it is no text; nothing was touched"
  : >"$stage/all-notes"
  any_wanted=no
  # Old marks first: what they leave makes room for the entries of the current one.
  for entry_mark in $(marks); do splice_mark; done
  must "$stage/tree$path" keep_spliced
  if [ $any_wanted = no ] && { [ ! -e "$path" ] || { noted empty && is_made "file $path"; }; }; then
    rm -f "$stage/tree$path"
    ! present "$path" || note removed "$path"
  elif [ ! -e "$path" ]; then
    note making "file $path"
    note changed "$path"
  elif ! cmp -s "$path" "$stage/tree$path" || { [ "$visibility" = secret ] && ! private "$path"; }; then
    note changed "$path"
  fi
  note spliced "$path $visibility"
  sed -n 's/^made //p' "$stage/all-notes" | while read -r thing; do note making "$thing $path"; done
  sed -n 's/^say //p' "$stage/all-notes" | while read -r words; do say "${machine:+$machine: }$path: $words"; done
}

# Whoever writes the file anew also writes what others have in it. Read to its end: a writer must not lose its reader.
others_keep_passwords() {
  others_entries | awk -v path="$path" '$2 == path { print $3 }' | decode | grep 'auth:' >/dev/null
}

# The marks of what is ours in this file, the current one last.
marks() {
  old_entries | awk -v path="$path" -v mark="$mark" '$2 == path && $4 != mark { print $4 }' | LC_ALL=C sort -u
  ! { cut -d' ' -f2 "$stage/entries"; old_entries | awk -v mark="$mark" '$4 == mark { print $2 }'; } | grep -qxF "$path" || printf '%s\n' "$mark"
}

# What this file is to have under one mark, in what the marks before it left.
splice_mark() {
  wanted_texts | LC_ALL=C awk '!seen[$1]++' | decode | must "$stage/wanted" fill "$stage/wanted"
  { old_entries; others_entries; } | under_mark | awk '!seen[$1]++' | decode | must "$stage/owned" fill "$stage/owned"
  splice
  [ ! -s "$stage/wanted" ] || any_wanted=yes
  must "$stage/all-notes" append "$stage/all-notes" <"$stage/notes"
  note_own
  { cat "$stage/result" && printf x; } | must "$stage/text" fill "$stage/text"
}

# Ours of now, and those that others go on having.
wanted_texts() {
  [ "$entry_mark" != "$mark" ] || awk -v path="$path" '$2 == path { print $4 }' "$stage/entries"
  others_entries | under_mark
}

under_mark() { awk -v path="$path" -v mark="$entry_mark" '$2 == path && $4 == mark { print $3 }'; }

decode() {
  while read -r text; do printf '%s' "$text" | base64 -d; done
}

# What goes into our manifest: not what somebody wrote by hand before us, nor what only others have.
note_own() {
  [ "$entry_mark" = "$mark" ] || return 0
  awk -v path="$path" '$2 == path { print $4 }' "$stage/entries" | while read -r text; do
    [ "$format" != daemon-json ] || grep -qxF "$(printf '%s' "$text" | base64 -d)" "$stage/own" || continue
    note owns "entry $format $path $text $mark"
  done
}

copy_text() {
  [ ! -e "$path" ] || cat "$path" >"$stage/text" || return 1
  [ -e "$path" ] || : >"$stage/text"
  printf x >>"$stage/text"
}

# Leaves the new text in `result`, what is ours of it in `own`, and in `notes` a line each: `say WORDS`, `made THING`, `empty`.
splice() {
  cp "$stage/wanted" "$stage/own"
  case "$format" in
  hosts) program=$awk_hosts ;;
  registries-yaml) program=$awk_registries_yaml ;;
  daemon-json) program=$awk_daemon_json ;;
  esac
  made_things=$(for thing in key object; do ! is_made "$thing $path" || printf '%s ' "$thing"; done)
  stage=$stage mark=$entry_mark made=$made_things LC_ALL=C awk "$awk_text$program" >"$stage/refusal" </dev/null ||
    fail "$path: $(cat "$stage/refusal"); nothing was touched"
  # Not every awk tells of a full disk.
  noted "bytes $(wc -c <"$stage/result" | tr -d ' ')" || fail "$stage/result: No space left on device; nothing was touched"
}

noted() { grep -qx "$1" "$stage/notes"; }

keep_spliced() {
  mkdir -p "$stage/tree$(dirname "$path")"
  cp "$stage/result" "$stage/tree$path"
}

private() {
  case "$(stat -c %a "$1")" in *00) ;; *) return 1 ;; esac
}
