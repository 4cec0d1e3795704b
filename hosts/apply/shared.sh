# What several bundles have in common on one machine: a file or an entry goes with the last of its owners.

# The manifests of all other folders, a line each, behind the folder's name.
read_others() {
  for other in "$state"/*/; do
    other=${other%/}
    [ "$other" != "$home" ] || continue
    cat "$other/manifest" "$other/owed" 2>/dev/null | awk -v folder="${other##*/}" 'NF { print folder, $0 }' |
      must "$stage/others" append "$stage/others"
  done
}

# An apply of another bundle that was cut off: its files go back first, for what they show now was never settled.
undo_others() {
  for other in "$state"/*/; do
    other=${other%/}
    [ "$other" = "$home" ] || [ ! -d "$other/previous" ] || (home=$other && undo_interrupted tidy) || exit 1
  done
}

# The folders that list a file, those that this apply takes it from left out.
holders() {
  awk -v path="$1" '$2 ~ /^0[0-7]*$/ && $3 == path { print $1 }' "$stage/others" | while read -r folder; do
    grep -qxF "$folder $1" "$stage/taken" || printf '%s\n' "$folder"
  done
}

has_holder() { [ -n "$(holders "$1")" ]; }

# The file at $path: shared where the content is the same; taken over, or refused, where it is another.
claim_file() {
  ! awk -v path="$path" '$2 == path && NF == 2 { found = 1 } END { exit !found }' "$stage/others" ||
    fail "$path: a DaemonSet of a nodeDaemonSet keeps this file; nothing was touched. Take the machine out of nodes, or the nodeDaemonSet out of its stack"
  holders "$path" | while read -r folder; do
    if takes_from "$state/$folder" || { ! is_others "$state/$folder" && ! same_sum; }; then
      note taken "$folder $path"
    else
      same_sum || refuse_other_content
    fi
  done
}

same_sum() { grep -qxF "$folder sum $(fingerprint "$stage/tree$path") $path" "$stage/others"; }

refuse_other_content() {
  fail "$path: $(owner_of "$state/$folder") keeps something else there for the same registry; nothing was touched. Give both stacks the same settings for it, take the machine out of one of them, or list that owner in takeOverFrom in the stack file"
}

# The same for each entry. Earlier versions of the program wrote no mark, for it was the folder's name.
claim_entries() {
  while read -r format path _ text; do
    awk -v format="$format" -v path="$path" '$2 == "entry" && $3 == format && $4 == path' "$stage/others" |
      while read -r folder _ _ _ theirs its_mark; do
        if [ "$theirs ${its_mark:-$folder}" = "$text $mark" ]; then
          ! takes_from "$state/$folder" || take_entry
        elif [ "$theirs" != "$text" ] && [ "$(slot "$theirs" "${its_mark:-$folder}")" = "$(slot "$text" "$mark")" ]; then
          ! is_others "$state/$folder" || takes_from "$state/$folder" || refuse_other_content
          take_entry
        fi
      done
  done <"$stage/entries"
}

take_entry() { note taken_entries "$folder entry $format $path $theirs${its_mark:+ $its_mark}"; }

# slot BASE64 MARK: what two entries of one file cannot both have: a name in /etc/hosts, a section's keys in registries.yaml.
slot() {
  case "$format" in
  hosts) printf '%s' "$1" | base64 -d | awk '{ print tolower($2); exit }' ;;
  registries-yaml) printf '%s %s' "$2" "$(printf '%s' "$1" | base64 -d | head -n 1)" ;;
  *) printf '%s' "$1" ;;
  esac
}

# FORMAT PATH BASE64 MARK of what others go on having in files of ours.
others_entries() {
  awk -v list="$stage/taken_entries" '
    BEGIN { while ((getline line < list) > 0) taken[line] = 1 }
    $2 == "entry" && !($0 in taken) { print $3, $4, $5, (NF > 5 ? $6 : $1) }
  ' "$stage/others"
}

# Once all is settled: what was taken over is on its former owner's list no more, and whoever keeps a file also keeps what it
# displaced.
hand_over() {
  while read -r path; do
    folder=$(holders "$path" | head -n 1)
    hand_displaced "$home" "$state/$folder"
  done <"$stage/left"
  while read -r folder path; do
    hand_displaced "$state/$folder" "$home"
    strike "$path" ''
  done <"$stage/taken"
  while read -r folder line; do strike '' "$line"; done <"$stage/taken_entries"
}

hand_displaced() {
  present "$1/displaced$path" && ! present "$2/displaced$path" || return 0
  must "$2/displaced" mkdir -p "$2/displaced$(dirname "$path")"
  must "$2/displaced$path" mv "$1/displaced$path" "$2/displaced$path"
}

# strike PATH LINE: a file with all that is said of it, or one line, out of a folder's lists.
strike() {
  # In a file, since an entry may hold a password, and others may read a process's environment.
  printf '%s\n' "$2" | must "$stage/struck" fill "$stage/struck"
  for list in "$state/$folder/manifest" "$state/$folder/owed"; do
    [ -f "$list" ] || continue
    path=$1 awk -v struck="$stage/struck" 'BEGIN { getline line <struck } line != "" && $0 == line { next } $NF == ENVIRON["path"] && $1 ~ /^(0[0-7]*|sum|action)$/ { next } { print }' "$list" |
      must "$list.new" fill "$list.new"
    must "$list" mv "$list.new" "$list"
  done
}
