# Walks from every tag, and from every manifest without one, through all that it needs, and collects what is wrong on the way.
$1 == "blob" { blob[$2] = $3 }
$1 == "reference" { needs[$2] = needs[$2] " " $3 " " $4 }
$1 == "layer" { layer[$2, $3] = $4 }
$1 == "revision" { revision[$2, $3] = $4; repositories[++revisions] = $2; digests[revisions] = $3 }
$1 == "tag" { tag_repositories[++tags] = $2; tag_digests[tags] = $3; states[tags] = $4; names[tags] = $5 }
END {
  for (t = 1; t <= tags; t++) {
    name = tag_repositories[t] ":" names[t]
    if (states[t] == "broken") hurt("broken link", tag_repositories[t] "/_manifests/tags/" names[t] "/current/link", name)
    else walk(tag_repositories[t], tag_digests[t], name)
  }
  for (r = 1; r <= revisions; r++)
    if (!reached[repositories[r], digests[r]]) walk(repositories[r], digests[r], repositories[r] "@sha256:" digests[r])
  for (hex in blob) if (blob[hex] == "damaged") hurt("damaged blob", "sha256:" hex, "")
  for (problem in problems) print problem "\t" problems[problem]
}
function walk(repository, hex, name,   count, list, i) {
  reached[repository, hex] = 1
  need_link(revision[repository, hex], repository "/_manifests/revisions/sha256/" hex "/link", name)
  if (!need_blob(hex, name)) return
  count = split(needs[hex], list, " ")
  for (i = 1; i < count; i += 2)
    if (list[i] == "manifest") walk(repository, list[i + 1], name)
    else {
      need_link(layer[repository, list[i + 1]], repository "/_layers/sha256/" list[i + 1] "/link", name)
      need_blob(list[i + 1], name)
    }
}
function need_link(state, path, name) {
  if (state != "whole") hurt(state == "" ? "missing link" : "broken link", path, name)
}
function need_blob(hex, name) {
  if (blob[hex] == "whole") return 1
  hurt(blob[hex] == "" ? "missing blob" : "damaged blob", "sha256:" hex, name)
  return 0
}
function hurt(what, which, name,   problem) {
  problem = what "\t" which
  if (seen[problem, name]++) return
  if (name == "") { if (!(problem in problems)) problems[problem] = "" }
  else problems[problem] = problems[problem] (problems[problem] == "" ? "" : ",") name
}
