# Entries of registries.yaml that somebody else wrote for the registry.

# Decides what becomes of the section's foreign entries, which scan has just found. They stay if there is one for each key of
# this program, and each says the same.
function decide(top,   h, same, seen) {
  same = entries > 0 && entries == wanted_keys[top]
  for (h = 1; same && h <= entries; h++) {
    same = !(entry_key[h] in seen) && !(entry_line[h] in came_back) && says_same(top, h)
    seen[entry_key[h]] = 1
  }
  if (same) { adopt(top); return }
  for (h = 1; h <= entries; h++) {
    if (!(entry_line[h] in came_back) && ENVIRON["take_over_entries"] != "true") differ(top, h)
    else replace(top, h)
  }
}

function adopt(top,   h, i, text) {
  adopted[top] = 1
  adoptions++
  for (h = 1; h <= entries; h++) {
    text = ""
    for (i = entry_line[h]; i <= entry_end[h]; i++) text = text L[i] "\n"
    note_adopted(top ":", text)
    note("say line " O[entry_line[h]] ": somebody wrote the entry for " entry_key[h] " by hand; it is equal, and stays as it is")
  }
}

# Has the lines of a foreign entry commented out, and shows it beside this program's.
function replace(top, h,   i, count_, lines) {
  for (i = entry_line[h]; i <= entry_end[h]; i++) replaced_pad[i] = spaces(child_indent) replaced_label
  if (entry_line[h] in came_back) return
  note("say line " O[entry_line[h]] ": commented out the entry for " entry_key[h] " that somebody wrote by hand; it comes back when the node is removed from nodes, or by destroy")
  count_ = split(difference(top, h), lines, "\n") - 1
  for (i = 1; i <= count_; i++) note("say " lines[i])
}

# Whether lines of others have to be commented out, or brought back.
function changes_foreign(   i) {
  for (i = 1; i <= n; i++) if ((i in came_back) != (i in replaced_pad)) return 1
  return 0
}

function comment_out(   i) {
  for (i = 1; i <= n; i++) if (i in replaced_pad) L[i] = i in came_back ? all[O[i]] : replaced_pad[i] L[i]
}

# Adds both entries to the error, without secrets.
function differ(top, h,   words) {
  words = "line " O[entry_line[h]] ": somebody wrote an entry for " entry_key[h] " by hand, and it differs:\n"
  differences = differences words difference(top, h) why_not
  why_not = ""
  way_out = "to have this stack comment it out, give the node takeOver: true; or make it equal, remove it, or leave the node out"
}

# Both entries, without secrets.
function difference(top, h,   theirs) {
  read_their_entry(h)
  theirs = shown("-", top)
  read_our_entry(top, entry_key[h])
  return theirs shown("+", top)
}

# Reads an entry into V[1..count], without the section's indentation. A comment may have less.
function read_their_entry(h,   i, at) {
  count = 0
  for (i = entry_line[h]; i <= entry_end[h]; i++) {
    at = indent(L[i])
    V[++count] = substr(L[i], (at < child_indent ? at : child_indent) + 1)
  }
}
function read_our_entry(top, key,   i) {
  count = 0
  for (i = key_line[top, key]; i == key_line[top, key] || i <= body_lines[top] && indent(body[top, i]) > 0; i++) V[++count] = body[top, i]
}

# Whether a foreign entry has the same values as this program's. A CA file of another path is the same if its text is; the file
# at this program's own path goes with the bundle, so nothing of others may depend on it.
function says_same(top, h,   theirs, their_ca, ours_, our_ca) {
  read_their_entry(h)
  theirs = canonical()
  their_ca = ca_path
  read_our_entry(top, entry_key[h])
  ours_ = canonical()
  our_ca = ca_path
  if (theirs == "" || theirs != ours_) return 0
  why_not = our_ca == "" && their_ca == "" ? "" : difference_of_cas(ENVIRON["stage"] "/tree" our_ca, their_ca)
  if (our_ca != "" && our_ca == their_ca) why_not = our_ca " is deleted when the node is removed from nodes, so it cannot stay as it is\n"
  return why_not == ""
}
function difference_of_cas(ours_, theirs,   text) {
  text = read_path(theirs)
  return text == "" ? "there is no CA in " theirs "\n" : text != read_path(ours_) ? "the CA in " theirs " is another one\n" : ""
}

# The lines V[1..count] for an error, each after a sign, without comments. Below `configs` only values that are no secrets
# are shown.
function shown(sign, top,   i, line, at, hidden, text) {
  hidden = -1
  for (i = 1; i <= count; i++) {
    line = V[i]
    at = indent(line)
    if (line ~ /^[ \t]*(#.*)?$/ || hidden >= 0 && at > hidden) continue
    hidden = -1
    key_of(substr(line, at + 1))
    if (top == "mirrors" || is_open(at)) {
      sub(/[ \t]+#.*$/, "", line)
      gsub(/\/\/[^\/@ ]*@/, "//(not shown)@", line)
    } else {
      hidden = at
      line = spaces(at) KEY (KEY == "" ? "" : ": ") "(not shown)"
    }
    text = text sign " " line "\n"
  }
  return text
}
function is_open(at) {
  if (REST ~ /^[ \t]*$/) return KEY == "tls" || at == 0
  return KEY ~ /^(ca_file|cert_file|key_file|insecure_skip_verify)$/
}
