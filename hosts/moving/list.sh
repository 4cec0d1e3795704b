[ -d "$folder" ] || fail "$folder is missing"
list_files >"$work/list"
cat "$work/list"
printf '%s\n' "$list_end"
