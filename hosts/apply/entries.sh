# Each file with an entry of ours, as it is to be: spliced in private, for whatever is refused is refused untouched.
compare_entries() {
  { cut -d' ' -f1,2 "$stage/entries"; old_entries | cut -d' ' -f1,2; } | LC_ALL=C sort -u >"$stage/targets"
  while read -r format path; do compare_entry; done <"$stage/targets"
}

# FORMAT PATH BASE64: what is in place, or may be after an apply that was cut off.
old_entries() {
  for list in "$home/manifest" "$home/owed"; do [ ! -f "$list" ] || sed -n 's/^entry //p' "$list"; done
}

compare_entry() {
  [ ! -d "$path" ] || fail "$path: a directory is in the way; nothing was touched"
  note seen "$(fingerprint "$path") $path"
  collect_texts
  splice
  must "$stage/tree$path" keep_spliced
  if [ ! -s "$stage/wanted" ] && { [ ! -e "$path" ] || { noted empty && is_made "file $path"; }; }; then
    rm -f "$stage/tree$path"
    ! present "$path" || note removed "$path"
  elif [ ! -e "$path" ]; then
    note making "file $path"
    note changed "$path"
  elif ! cmp -s "$path" "$stage/tree$path" || { [ "$visibility" = secret ] && ! private "$path"; }; then
    note changed "$path"
  fi
  note spliced "$path $visibility"
  sed -n 's/^made //p' "$stage/notes" | while read -r thing; do note making "$thing $path"; done
  sed -n 's/^say //p' "$stage/notes" | while read -r words; do say "${machine:+$machine: }$path: $words"; done
  [ ! -s "$stage/own" ] || note owns "entry $format $path $(base64 <"$stage/own" | tr -d '\n')"
}

# wanted and owned: our texts for this file, now and before. text: the file, with an end that shows a missing newline.
collect_texts() {
  : >"$stage/wanted"
  : >"$stage/owned"
  visibility=open
  while read -r _ of seen number; do
    [ "$of" = "$path" ] || continue
    [ "$seen" = open ] || visibility=secret
    cat "$stage/entry.$number" >>"$stage/wanted"
  done <"$stage/entries"
  old_entries | while read -r _ of text; do
    [ "$of" != "$path" ] || printf '%s' "$text" | base64 -d >>"$stage/owned"
  done
  must "$stage/text" copy_text
  tr -d '\000' <"$stage/text" | cmp -s - "$stage/text" || fail "$path: holds zero bytes, so it is no text; nothing was touched"
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
  stage=$stage bundle=$bundle made=$made_things LC_ALL=C awk "$awk_text$program" >"$stage/refusal" </dev/null ||
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
