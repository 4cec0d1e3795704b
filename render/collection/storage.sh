# Reads distribution's storage: which blobs there are, and which of them manifests reference.

say() { printf '%s\n' "$*" >&2; }
fail() {
  printf 'error: %s\n' "$*" >&2
  exit 1
}

count() { wc -l <"$1" | tr -d ' '; }

# Lines that the first file has and the second has not, and lines that both have. If the program is killed, lines are
# missing, never too many. The second file of in_both may be `-`.
without() { awk 'FILENAME == ARGV[1] { other[$0]; next } !($0 in other)' "$2" "$1"; }
in_both() { awk 'FILENAME == ARGV[1] { other[$0]; next } $0 in other' "$1" "$2"; }

# The time from which on files are newer than a stamp. Some programs compare whole seconds, so the stamp is older than
# now. It is taken from the file system's own clock.
stamp() {
  touch "$1"
  touch -d "@$(($(stat -c %Y "$1") - 1))" "$1"
}

# These read digests without their algorithm, one a line.
blob_directories() { sed "s|^\(..\).*|$blobs/\1/&|"; }
bytes_in() { sed "s|^|$1/|" | sizes; }
sizes() { sed 's|$|/data|' | xargs -r stat -c %s | awk '{ sum += $1 } END { printf "%.0f", sum }'; }

# Prints the digests, without their algorithm, that a text contains. JSON may escape any character.
digests_in_text() {
  tr ',' '\n' |
    sed 's/\\u003\([0-9]\)/\1/g; s/\\u003[aA]/:/g; s/\\u0061/a/g; s/\\u0062/b/g; s/\\u0063/c/g; s/\\u0064/d/g; s/\\u0065/e/g; s/\\u0066/f/g; s/\\u0068/h/g; s/\\u0073/s/g' |
    grep -oE 'sha256:[0-9a-f]{64}' | cut -c8- || :
}

# Runs a program that reads the storage. Clients delete files meanwhile, so a missing file is no failure. It runs in
# pipelines, whose other parts would go on with half a list: require_whole_lists ends that.
reading() { "$@" 2>>"$work/errors" || [ $? -lt 124 ] || echo "$1 was killed" >>"$work/errors"; }

require_whole_lists() {
  ! grep -v 'No such file or directory$' "$work/errors" >"$work/unreadable" ||
    fail "the storage is not readable, so nothing is collected: $(head -n 3 "$work/unreadable")"
}

# Prints every blob's digest, or those of the files that pass more tests of find.
stored() { reading find "$blobs" -mindepth 3 -maxdepth 3 -name data "$@" | sed 's|/data$||; s|.*/||' | sort -u; }

# links DIRECTORY [TEST…]: prints the link files below this directory of every repository.
links() {
  below=$1
  shift
  reading find "$repositories" \( -name _uploads -o -name tags \) -prune -o -path "*/$below/*/link" "$@" -print
}

digests_of_links() { sed 's|/link$||; s|.*/||' | sort -u; }

# Reads digests of manifests, and prints every digest that these manifests contain.
references() { blob_directories | sed 's|$|/data|' | cat_all | digests_in_text; }

cat_all() { reading xargs -r cat; }

no_room="the lists do not fit into ${TMPDIR:-/run}; set TMPDIR to a folder of another file system"

# Writes into a file the digests that the storage's manifests contain, and their own. A link of another algorithm than
# sha256 contains the digest under which the blob is stored.
mark() {
  links _manifests/revisions >"$work/revisions"
  {
    sed -n 's|.*/sha256/\([0-9a-f]*\)/link$|\1|p' "$work/revisions"
    sed '/\/sha256\/[0-9a-f]*\/link$/d' "$work/revisions" | cat_all | digests_in_text
  } | sort -u >"$work/manifests" || fail "$no_room"
  {
    cat "$work/manifests"
    references <"$work/manifests"
    links _layers ! -path '*/_layers/sha256/*' | cat_all | digests_in_text
  } | sort -u >"$1" || fail "$no_room"
  require_whole_lists
}

# Lists all link directories of a file's digests in $work/watched, also those whose link was deleted.
watch() {
  reading find "$repositories" \( -name _uploads -o -name tags \) -prune -o -type d -path '*/sha256/*' -print |
    awk -F / 'FILENAME == ARGV[1] { wanted[$0]; next } $NF in wanted' "$1" - >"$work/watched"
}

# Prints what was linked since a stamp: blobs that got a new link, manifests that were pushed, and what these contain. A
# new link shows in its own directory if $work/watched has that, and else in the directory that holds all links.
linked_since() {
  {
    reading find "$repositories" \( -name _uploads -prune \) -o \( \( -name _layers -o -name _manifests \) -prune -print \) |
      sed 's|/_layers$|/_layers/sha256|; s|/_manifests$|/_manifests/revisions/sha256|' | newer "$1" -maxdepth 0 |
      newer "$1" -mindepth 1 -maxdepth 1
    newer "$1" -maxdepth 0 <"$work/watched"
  } | sort -u >"$work/new-links"
  sed 's|.*/||' "$work/new-links"
  sed -n 's|.*/_manifests/revisions/sha256/||p' "$work/new-links" >"$work/new-manifests"
  references <"$work/new-manifests"
  # A manifest that was pushed again may be in the trash already.
  sed "s|^|$trash/|; s|\$|/data|" "$work/new-manifests" | cat_all | digests_in_text
}

# newer STAMP TEST…: reads directories, and prints those, or the entries in them, that changed after the stamp.
newer() {
  stamp=$1
  shift
  reading xargs -r sh -c 'stamp=$1 tests=$2; shift 2; find "$@" $tests -newer "$stamp"' sh "$stamp" "$*"
}
