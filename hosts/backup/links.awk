# Sorts links into layers, revisions and tags. Reads "path ./REPOSITORY/…/link" and "text ./REPOSITORY/…/link:CONTENT".
$1 == "path" { paths[++count] = $2 }
$1 == "text" { colon = index($2, ":"); content[substr($2, 1, colon - 1)] = substr($2, colon + 1) }
END {
  for (i = 1; i <= count; i++) {
    path = paths[i]
    n = split(path, part, "/")
    named = content[path]
    hex = substr(named, 8)
    whole = length(named) == 71 && substr(named, 1, 7) == "sha256:" && hex !~ /[^0-9a-f]/
    if (part[n - 1] == "current") {
      print "tag", before(path, "/_manifests/"), (whole ? hex : "-"), (whole ? "whole" : "broken"), part[n - 2]
    } else if (part[n - 3] == "revisions" || part[n - 3] == "_layers") {
      kind = part[n - 3] == "_layers" ? "layer" : "revision"
      print kind, before(path, kind == "layer" ? "/_layers/" : "/_manifests/"), part[n - 1], (whole && hex == part[n - 1] ? "whole" : "broken")
    }
  }
}
function before(path, mark) { return substr(path, 3, index(path, mark) - 3) }
