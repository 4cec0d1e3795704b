# Reads the old host's list of files, deletes what was copied and is no longer there, and prints `SIZE PATH` of each file
# that is to be sent.
touch "$lists/$part.copied" "$lists/$part.sent"
cat >"$work/list"
[ "$(tail -n 1 "$work/list")" = "$list_end" ] || fail "the list of files of $old_host ended early; nothing was changed here"
sed '$d' "$work/list" | sort >"$work/now"

# Of files that were coming when a run was interrupted, whole blobs need not come again.
if [ -d "$incoming" ]; then
  find "$incoming" -type f ! -path '*/blobs/sha256/*/data' -exec rm -f {} +
  delete_damaged
  put_in_place
fi
[ -s "$work/now" ] || [ ! -s "$lists/$part.copied" ] ||
  fail "$old_host no longer has any of the files that were copied from $folder; nothing was deleted here. Is its disk mounted?"
list_files >"$work/here"
comm -23 "$work/now" "$work/here" >"$work/wanted"
comm -13 "$work/now" "$work/here" >"$work/other"
awk 'FILENAME == ARGV[1] { wanted[$3]; next } !($3 in wanted)' "$work/wanted" "$work/other" >"$work/extra"

# A registry that serves here may have got pushes and deletions of its own: they stay. Whatever it changed is newer than the
# old host's file; what it deleted was copied before.
if serves_here; then
  comm -23 "$work/wanted" "$lists/$part.copied" >"$work/new"
  awk 'FILENAME == ARGV[1] { time[$3] = $2; next } !($3 in time) || (time[$3] "") < ($2 "")' "$work/other" "$work/new" >"$work/wanted"
  comm -12 "$work/extra" "$lists/$part.copied" | grep -v '/blobs/' >"$work/deleted" || :
else
  awk '{ print $3 }' "$lists/$part.copied" | cat - "$lists/$part.sent" >"$work/known"
  awk 'FILENAME == ARGV[1] { known[$1]; next } !($3 in known)' "$work/known" "$work/extra" >"$work/foreign"
  [ ! -s "$work/foreign" ] ||
    fail "$folder has $(wc -l <"$work/foreign") files that $old_host does not have, as $(head -n 1 "$work/foreign" | cut -d' ' -f3); nothing was copied. Is this the right machine? Then move them away, and run this again"
  mv "$work/extra" "$work/deleted"
fi
[ ! -s "$work/deleted" ] || (cd "$folder" && cut -d' ' -f3 "$work/deleted" | xargs rm -f)

cut -d' ' -f3 "$work/wanted" | sort -u - "$lists/$part.sent" >"$work/sent"
mv "$work/sent" "$lists/$part.sent"
mv "$work/now" "$lists/$part.now"
record "$work/here"
# Blobs are sent before the links that name them.
sort -k 3 "$work/wanted" | cut -d' ' -f1,3
