# Writes the files whose paths it reads as a tar archive. A file may be deleted meanwhile: the next comparison shows whether
# any other is missing. This format has the times in full, by which the comparison tells a changed link from an unchanged one.
cd "$folder" || exit
tar --create --file=- --format=posix --pax-option=delete=atime,delete=ctime --no-recursion --ignore-failed-read \
  --warning=no-file-changed --verbatim-files-from --files-from=- || [ $? -le 2 ]
