serves_here() { [ -f "$home/manifest" ]; }

# record HERE: writes down which of the old host's files are the same here. A file that a registry here has deleted since it
# was copied stays written down, so that it is not copied again.
record() {
  comm -12 "$lists/$part.now" "$1" >"$work/same"
  ! serves_here || sort -u "$work/same" "$lists/$part.copied" | comm -12 - "$lists/$part.now" >"$work/copied"
  ! serves_here || mv "$work/copied" "$work/same"
  mv "$work/same" "$lists/$part.copied"
}
