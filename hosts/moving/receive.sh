# Unpacks the archive that it reads, and writes down which files are now as on the old host.
(umask 022 && mkdir -p "$(dirname "$folder")")
mkdir -p "$folder"
newer=
! serves_here || newer=--keep-newer-files
# shellcheck disable=SC2086 # one option or none
tar --extract --file=- --directory="$folder" --preserve-permissions $newer
list_files >"$work/here"
record "$work/here"
