# Writes the files whose paths it reads as a tar archive. A file may be deleted meanwhile; any other problem is an error. This format has the times in full, by which the comparison tells a changed link from an unchanged one.
cd "$folder" || exit
tar --create --file=- --format=posix --pax-option=delete=atime,delete=ctime --no-recursion --ignore-failed-read \
  --warning=no-file-changed --verbatim-files-from --files-from=- 2>"$work/problems" || [ $? -le 2 ]
! grep -vE 'No such file or directory$|File removed before we read it$|Exiting with failure status' "$work/problems" >"$work/problem" ||
  fail "not all files can be read: $(head -n 1 "$work/problem")"
