# Edits a staging copy of each file that gets or had an entry of this bundle, so that a failed edit leaves the original
# as it was.
compare_entries() {
  claim_entries
  {
    cut -d' ' -f1,2 "$stage/entries"
    old_entries | cut -d' ' -f1,2
  } | LC_ALL=C sort -u >"$stage/targets"
  while read -r format path; do compare_entry; done <"$stage/targets"
}

# Prints FORMAT PATH BASE64 LABEL of the entries that may be in place: of the last apply, of an interrupted one, or of
# another owner until now. Versions before 0.1 wrote no label, and version 0.1 wrote a wrong one for containerd.
old_entries() {
  for list in "$home/manifest" "$home/$pending_entries"; do [ ! -f "$list" ] || sed -n 's/^entry //p' "$list"; done |
    awk -v entry_label="$entry_label" '{ print $1, $2, $3, (NF > 3 && $4 != "#" ? $4 : entry_label) }'
  awk -v entry_label="$entry_label" '$2 == "entry" { print $3, $4, $5, (NF > 5 && $6 != "#" ? $6 : entry_label) }' "$stage/taken_entries"
}

compare_entry() {
  [ ! -d "$path" ] || fail "$path: a directory is in the way; nothing was touched"
  note seen "$(fingerprint "$path") $path"
  must "$stage/text" copy_text
  # shellcheck disable=SC2094 # both only read it
  tr -d '\000' <"$stage/text" | cmp -s - "$stage/text" || fail "$path: it contains zero bytes, so it is not a text file; nothing was touched"
  : >"$stage/all-notes"
  any_wanted=no
  # Entries with former labels are removed before those with the current label are written.
  for label in $(labels); do splice_label; done
  visibility=open
  ! { is_listed_secret || others_have_passwords; } || visibility=secret
  must "$stage/tree$path" stage_result
  if [ $any_wanted = no ] && { [ ! -e "$path" ] || { noted empty && is_created "file $path"; }; }; then
    rm -f "$stage/tree$path"
    ! present "$path" || note removed "$path"
  elif [ ! -e "$path" ]; then
    note creating "file $path"
    note changed "$path"
  elif ! cmp -s "$path" "$stage/tree$path" || { [ "$visibility" = secret ] && ! private "$path"; }; then
    note changed "$path"
  fi
  note spliced "$path $visibility"
  sed -n 's/^created //p' "$stage/all-notes" | while read -r thing; do note creating "$thing $path"; done
  sed -n 's/^say //p' "$stage/all-notes" | while read -r words; do say "${machine:+$machine: }$path: $words"; done
}

# Whether this bundle writes a secret entry to this file. A file where somebody else's entry says the same keeps its mode.
is_listed_secret() { grep -qxF "$path" "$stage/secret-paths"; }

# Whether another bundle's entry in this file holds a password. `grep -q` would end before its input does, and so make the
# writing side of the pipe fail.
others_have_passwords() {
  others_entries | awk -v path="$path" '$2 == path { print $3 }' | decode | grep 'auth:' >/dev/null
}

# Prints the labels of this bundle's entries in the file, the current label last.
labels() {
  old_entries | awk -v path="$path" -v entry_label="$entry_label" '$2 == path && $4 != entry_label { print $4 }' | LC_ALL=C sort -u
  ! {
    cut -d' ' -f2 "$stage/entries"
    old_entries | awk -v entry_label="$entry_label" '$4 == entry_label { print $2 }'
  } | grep -qxF "$path" || printf '%s\n' "$entry_label"
}

# Writes the entries with $label into the text that the labels before it left.
splice_label() {
  wanted_texts | LC_ALL=C awk '!seen[$1]++' | decode | must "$stage/wanted" fill "$stage/wanted"
  {
    old_entries
    others_entries
  } | under_label | awk '!seen[$1]++' | decode | must "$stage/owned" fill "$stage/owned"
  splice
  [ ! -s "$stage/wanted" ] || any_wanted=yes
  must "$stage/all-notes" append "$stage/all-notes" <"$stage/notes"
  note_own
  { cat "$stage/result" && printf x; } | must "$stage/text" fill "$stage/text"
}

# Prints the entries with $label that the file should have: those of this bundle and of other bundles.
wanted_texts() {
  [ "$label" != "$entry_label" ] || awk -v path="$path" '$2 == path { print $4 }' "$stage/entries"
  others_entries | under_label
}

under_label() { awk -v path="$path" -v entry_label="$label" '$2 == path && $4 == entry_label { print $3 }'; }

decode() {
  while read -r text; do printf '%s' "$text" | base64 -d; done
}

# Writes the entries that this bundle owns into the manifest, but not those that only other bundles have. An entry that somebody
# else wrote, and that says the same, is listed as `adopted`, with their text.
note_own() {
  [ "$label" = "$entry_label" ] || return 0
  awk -v path="$path" '$2 == path { print $3, $4 }' "$stage/entries" | while read -r secrecy text; do
    number=$(sed -n 's/^adopted //p' "$stage/notes" | number_of "$(printf '%s' "$text" | base64 -d | head -n 1)")
    if [ -n "$number" ]; then
      for one in $number; do note owns "adopted $format $path $text $entry_label $(base64 <"$stage/theirs.$one" | tr -d '\n')"; done
    else
      note owns "entry $format $path $text $entry_label"
      [ "$secrecy" = open ] || note secret-paths "$path"
    fi
  done
}

# number_of LINE: reads lines of NUMBER LINE, and prints the numbers of those with this line.
number_of() {
  while read -r each first; do [ "$first" != "$1" ] || printf '%s ' "$each"; done
}

copy_text() {
  [ ! -e "$path" ] || cat "$path" >"$stage/text" || return 1
  [ -e "$path" ] || : >"$stage/text"
  printf x >>"$stage/text"
}

# Writes the file's new text to `result`, and to `notes` lines of `say WORDS`, `created THING`, `empty`, and `adopted NUMBER LINE`
# for an entry of somebody else that says the same as the wanted one with this first line: `theirs.NUMBER` has its text.
splice() {
  case "$format" in
  hosts) program=$awk_hosts ;;
  registries-yaml) program=$awk_registries_yaml$awk_registries_yaml_read$awk_registries_yaml_foreign$awk_yaml_values ;;
  daemon-json) program=$awk_daemon_json ;;
  esac
  created_things=$(for thing in key object; do ! is_created "$thing $path" || printf '%s ' "$thing"; done)
  stage=$stage entry_label=$label created=$created_things take_over_entries=${take_over_entries:-false} LC_ALL=C awk "$awk_text$program" >"$stage/error" </dev/null ||
    fail "$path: $(cat "$stage/error"); nothing was touched"
  # Not every awk reports a full disk.
  noted "bytes $(wc -c <"$stage/result" | tr -d ' ')" || fail "$stage/result: No space left on device; nothing was touched"
}

noted() { grep -qx "$1" "$stage/notes"; }

stage_result() {
  mkdir -p "$stage/tree$(dirname "$path")"
  cp "$stage/result" "$stage/tree$path"
}

private() {
  case "$(stat -c %a "$1")" in *00) ;; *) return 1 ;; esac
}
