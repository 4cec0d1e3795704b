# Unpacks the archive that it reads, and writes down which files are now as on the old host.
rm -rf "$incoming"
mkdir "$incoming"
tar --extract --file=- --directory="$incoming" --preserve-permissions
delete_damaged
put_in_place
list_files >"$work/here"
record "$work/here"
[ ! -s "$work/damaged" ] ||
  fail "$(wc -l <"$work/damaged") files of the old host are damaged there, and were not copied: $(head -n 3 "$work/damaged" | tr '\n' ' '). Put them back from a backup, or delete them below $folder of the old host, with what needs them; then run this again. docs/incidents/corrupted-blob.md"
