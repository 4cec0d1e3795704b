# Reads how a registry's machine is, and prints that as one JSON object. It changes nothing, and ends within seconds, also where
# a program hangs: what cannot be read is named in `problems`.
set -u
export LC_ALL=C TZ=UTC
problems=

# Prints standard input as a JSON string.
json_text() {
  awk 'BEGIN { printf "\"" }
    { gsub(/\\/, "&&"); gsub(/"/, "\\\\&"); gsub(/\t/, " "); gsub(/[\001-\037]/, ""); printf "%s%s", (NR > 1 ? "\\n" : ""), $0 }
    END { printf "\"" }'
}

# problem PART WORDS: notes why a part is missing. The last line of the words counts. `Killed` is the shell's word for a
# program that took too long.
problem() {
  words=$(printf '%s\n' "$2" | grep . | grep -v Killed | tail -n 1 | cut -c1-300)
  problems="$problems${problems:+,}{\"part\":\"$1\",\"problem\":$(printf '%s\n' "${words:-no answer within $seconds s}" | json_text)}"
}

# The first word of standard input that is a version, as in 3.1.1.
version_word() {
  awk '{ for (i = 1; i <= NF; i++) { word = $i; sub(/^v/, "", word); if (word ~ /^[0-9]+\.[0-9]/) { print word; exit } } }'
}

# Prints when a file was written, in seconds since 1970, and its text; `null` if it is not there.
stamped_file() {
  if [ -f "$1" ]; then
    printf '{"at":%s,"text":%s}' "$(stat -c %Y "$1")" "$(head -c 4096 "$1" | json_text)"
  else
    printf null
  fi
}

# The lines of standard input, with commas between them.
listed() { paste -s -d , -; }
