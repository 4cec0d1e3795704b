# Says whether everything is there that an apply left on this node so that its runtime trusts the registry: prints `trusts`, or
# what is missing. $bundle is the apply's name; each stack that applied one of this name has a folder.
set -u
export LC_ALL=C

missing_files() {
  sed -n 's/^sum //p' "$1" | while read -r sum path; do
    if [ ! -f "$path" ]; then
      printf '%s is gone; ' "$path"
    elif [ "$sum" != "$(sha256sum <"$path" | cut -d ' ' -f 1)" ]; then
      printf '%s was changed; ' "$path"
    fi
  done
}

# An entry in Docker's JSON has no label, so its value is looked for.
missing_entries() {
  sed -n 's/^entry //p' "$1" | while read -r format path text label; do
    [ "$format" != daemon-json ] || label=$(printf '%s' "$text" | base64 -d | sed 's/.*\[\(".*"\)\].*/\1/')
    grep -qF -e "$label" "$path" 2>/dev/null || printf '%s lacks the entry for the registry; ' "$path"
  done
}

found=no missing=
for manifest in /var/lib/container-registry/"$bundle"/manifest /var/lib/container-registry/"$bundle".*/manifest; do
  [ -f "$manifest" ] || continue
  found=yes
  missing="$missing$(missing_files "$manifest")$(missing_entries "$manifest")"
done
[ "$found" = yes ] || missing="no up has set it up; "
printf '%s\n' "${missing:-trusts}"
