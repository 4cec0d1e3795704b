[ -d "$folder" ] || fail "$folder is missing"
list_files
