# Files and entries that several bundles on one machine share: each is removed with the last bundle that lists it.

# Writes $stage/others: each line of every other bundle's manifest, after the name of that bundle's folder.
read_others() {
  for other in "$state"/*/; do
    other=${other%/}
    [ "$other" != "$home" ] || continue
    cat "$other/manifest" "$other/$pending_entries" 2>/dev/null | awk -v folder="${other##*/}" 'NF { print folder, $0 }' |
      must "$stage/others" append "$stage/others"
  done
}

# Restores the files of other bundles' interrupted applies first, since their present text was never committed.
undo_others() {
  for other in "$state"/*/; do
    other=${other%/}
    [ "$other" = "$home" ] || [ ! -d "$other/previous" ] || (home=$other && undo_interrupted tidy) || exit 1
  done
}

# holders PATH: prints the folders whose manifest lists this file, except those from which this apply takes the file over.
holders() {
  awk -v path="$1" '$2 ~ /^0[0-7]*$/ && $3 == path { print $1 }' "$stage/others" | while read -r folder; do
    grep -qxF "$folder $1" "$stage/taken" || printf '%s\n' "$folder"
  done
}

has_holder() { [ -n "$(holders "$1")" ]; }

# Checks the file at $path against other bundles: the same content is shared; other content is taken over, or an error.
claim_file() {
  ! awk -v path="$path" '$2 == path && NF == 2 { found = 1 } END { exit !found }' "$stage/others" ||
    fail "$path: the DaemonSet of a nodeDaemonSet manages this file; nothing was touched. Take the machine out of nodes, or the nodeDaemonSet out of its stack"
  holders "$path" | while read -r folder; do
    if takes_from "$state/$folder" || { ! is_others "$state/$folder" && ! same_sum; }; then
      note taken "$folder $path"
    else
      same_sum || fail_by_other_content
    fi
  done
}

same_sum() { grep -qxF "$folder sum $(fingerprint "$stage/tree$path") $path" "$stage/others"; }

fail_by_other_content() {
  fail "$path: $(owner_of "$state/$folder") has other content there for the same registry; nothing was touched. Give both stacks the same settings for it, take the machine out of one of them, or list that owner in takeOverFrom in the stack file"
}

# The same check for each entry. Versions before 0.1 wrote no label to the manifest: it was the folder's name.
claim_entries() {
  while read -r format path _ text; do
    awk -v format="$format" -v path="$path" '($2 == "entry" || $2 == "adopted") && $3 == format && $4 == path' "$stage/others" |
      while read -r folder kind _ _ theirs its_label by_hand; do
        if [ "$theirs ${its_label:-$folder}" = "$text $entry_label" ]; then
          ! takes_from "$state/$folder" || take_entry
        elif [ "$theirs" != "$text" ] && [ "$(slot "$theirs" "${its_label:-$folder}")" = "$(slot "$text" "$entry_label")" ]; then
          ! is_others "$state/$folder" || takes_from "$state/$folder" || fail_by_other_content
          take_entry
        fi
      done
  done <"$stage/entries"
}

take_entry() { note taken_entries "$folder $kind $format $path $theirs${its_label:+ $its_label}${by_hand:+ $by_hand}"; }

# slot BASE64 LABEL: prints the part of an entry that only one entry of a file may have: the name in /etc/hosts, the label
# and section in registries.yaml.
slot() {
  case "$format" in
  hosts) printf '%s' "$1" | base64 -d | awk '{ print tolower($2); exit }' ;;
  registries-yaml) printf '%s %s' "$2" "$(printf '%s' "$1" | base64 -d | head -n 1)" ;;
  *) printf '%s' "$1" ;;
  esac
}

# Prints FORMAT PATH BASE64 LABEL of the entries that other bundles have, except those that this apply takes over.
others_entries() {
  awk -v list="$stage/taken_entries" '
    BEGIN { while ((getline line < list) > 0) taken[line] = 1 }
    $2 == "entry" && !($0 in taken) { print $3, $4, $5, (NF > 5 ? $6 : $1) }
  ' "$stage/others"
}

# Part of the commit: strikes what was taken over from its former owner's manifest. The backup of a replaced file moves to
# the bundle that still has a file at its path.
hand_over() {
  while read -r path; do
    folder=$(holders "$path" | head -n 1)
    hand_backup "$home" "$state/$folder"
  done <"$stage/left"
  while read -r folder path; do
    hand_backup "$state/$folder" "$home"
    strike "$path" ''
  done <"$stage/taken"
  while read -r folder line; do strike '' "$line"; done <"$stage/taken_entries"
}

hand_backup() {
  present "$1/$backup_folder$path" && ! present "$2/$backup_folder$path" || return 0
  must "$2/$backup_folder" mkdir -p "$2/$backup_folder$(dirname "$path")"
  must "$2/$backup_folder$path" mv "$1/$backup_folder$path" "$2/$backup_folder$path"
}

# strike PATH LINE: removes all lines about a file, or one line, from the lists of $folder.
strike() {
  # The line travels in a file: it may hold a password, and other users can read a process's arguments.
  printf '%s\n' "$2" | must "$stage/struck" fill "$stage/struck"
  for list in "$state/$folder/manifest" "$state/$folder/$pending_entries"; do
    [ -f "$list" ] || continue
    path=$1 awk -v struck="$stage/struck" 'BEGIN { getline line <struck } line != "" && $0 == line { next } $NF == ENVIRON["path"] && $1 ~ /^(0[0-7]*|sum|action)$/ { next } { print }' "$list" |
      must "$list.new" fill "$list.new"
    must "$list" mv "$list.new" "$list"
  done
}
