# Edits registries.yaml of k3s and RKE2: writes this program's keys between two comment lines below `mirrors:` or
# `configs:`. An entry that somebody else wrote for the same registry stays if it says the same; otherwise it is an error, or,
# with takeOver, is commented out until this program's entry is removed.
BEGIN {
  name = "# container-registry " ENVIRON["entry_label"]
  begin_line = name " begin"
  end_line = name " end"
  replaced_label = name " replaced:"
  header_label = " # container-registry"
  was_label = header_label ", was:"
  read_ours(slurp("owned"), "")
  read_ours(slurp("wanted"), "wanted")
  cut_lines(whole("text"))
  remember_lines()
  find_blocks()
  if (as_wanted()) { put_lines(); exit }
  take_out()
  for (s = 1; s <= sections; s++) { scan(section[s]); decide(section[s]) }
  if (differences != "") refuse(differences way_out)
  if (!changes_foreign() && as_wanted()) { restore_lines(); put_lines(); exit }
  comment_out()
  for (s = sections; s >= 1; s--) if (!(section[s] in adopted)) { scan(section[s]); insert(section[s]) }
  drop_headers()
  put_lines()
}

# Reads this program's texts: the sections in order, the keys of each, and their lines without the common indentation.
function read_ours(text, wanted,   line, lines, i, count, top, base) {
  count = split(text, lines, "\n")
  for (i = 1; i <= count; i++) {
    line = lines[i]
    if (line ~ /^[^ #]/) {
      top = key_of(line)
      base = -1
      if (wanted && !(top in body_lines)) { section[++sections] = top; body_lines[top] = 0 }
      continue
    }
    if (line ~ /^ *$/) continue
    if (base < 0) base = indent(line)
    if (indent(line) == base && key_of(substr(line, base + 1)) != "") {
      ours[top, KEY] = wanted
      if (wanted) { wanted_keys[top]++; key_line[top, KEY] = body_lines[top] + 1 }
    }
    if (wanted) body[top, ++body_lines[top]] = substr(line, base + 1)
  }
}

# Finds the lines between this program's comment lines, and tells its own lines from those that somebody else added there.
# Also finds the lines of others that are commented out.
function find_blocks(   i, line, top, mine, base, inside) {
  for (i = 1; i <= n; i++) {
    line = L[i]
    sub(/^ +/, "", line)
    if (index(line, replaced_label) == 1) { replaced_line[i] = 1; replaced_in[section_of(i)] = 1; continue }
    if (line == begin_line) {
      if (inside) refuse("line " i ": the line \"" end_line "\" is missing before it; put it back below our entry, or take that entry out")
      inside = mine = i
      base = -1
      B[i] = 1
      block_top[i] = top = section_of(i)
      continue
    }
    if (!inside) continue
    B[i] = mine
    if (line == end_line) { B[i] = 1; inside = 0; continue }
    if (line == "" || line ~ /^#/) continue
    if (base < 0) base = indent(L[i])
    if (indent(L[i]) <= base) { key_of(line); B[i] = mine = (top, KEY) in ours || !any_ours() ? 1 : 0 }
  }
  if (inside) refuse("line " inside ": the line \"" end_line "\" is missing below it; put it back below our entry, or take that entry out")
}
function any_ours(   k) { for (k in ours) return 1; return 0 }

# The key above line i with less indentation.
function section_of(i,   j) {
  for (j = i - 1; j > 0 && (L[j] ~ /^ *(#.*)?$/ || indent(L[j]) >= indent(L[i])); j--);
  return j ? key_of(substr(L[j], indent(L[j]) + 1)) : ""
}

# Whether each wanted section has exactly one block of this program with the wanted lines, and no other section has one.
# A section whose entry is somebody else's needs no block.
function as_wanted(   i, j, top, base, good, seen) {
  for (top in replaced_in) if (!(top in body_lines) || top in adopted) return 0
  for (i = 1; i <= all_lines; i++) {
    if (!(i in block_top)) continue
    top = block_top[i]
    base = indent(all[i])
    if (!(top in body_lines) || top in adopted || top in seen) return 0
    seen[top] = 1
    for (j = 1; j <= body_lines[top]; j++) if (all[i + j] != spaces(base) body[top, j]) return 0
    if (all[i + j] != spaces(base) end_line) return 0
    good++
  }
  return good + 0 == sections - adoptions
}

function remember_lines(   i) {
  all_lines = n
  all_ended = ended
  for (i = 1; i <= n; i++) { all[i] = L[i]; all_CR[i] = CR[i] }
}
function restore_lines(   i) {
  n = all_lines
  ended = all_ended
  for (i = 1; i <= n; i++) { L[i] = all[i]; CR[i] = all_CR[i] }
}

# Removes this program's lines, and brings back the lines of others that are commented out.
function take_out(   i, rest) {
  for (i = 1; i <= n; i++) {
    if (B[i]) continue
    L[++rest] = L[i]; CR[rest] = CR[i]; O[rest] = i
    if (!(i in replaced_line)) continue
    L[rest] = substr(L[i], index(L[i], replaced_label) + length(replaced_label))
    came_back[rest] = 1
  }
  n = rest + 0
  if (n == 0) ended = 1
}

function insert(top,   j, at, pad, break_, add) {
  if (!body_lines[top]) return
  break_ = n ? CR[header ? header : 1] : ""
  if (!header) {
    pad = top_indent > 0 ? top_indent : 0
    at = prologue
    make_room(at, 1)
    L[++at] = spaces(pad) top ":" header_label
    CR[at] = break_
    O[at] = 0
  } else {
    at = header
    pad = top_indent
    if (replaced) {
      key_of(substr(L[at], pad + 1))
      L[at] = substr(L[at], 1, length(L[at]) - length(REST)) was_label REST
    }
  }
  pad = spaces(first_child ? child_indent : pad + 2)
  make_room(at, body_lines[top] + 2)
  add = at
  L[++add] = pad begin_line
  for (j = 1; j <= body_lines[top]; j++) L[++add] = pad body[top, j]
  L[++add] = pad end_line
  for (j = at + 1; j <= add; j++) { CR[j] = break_; O[j] = 0 }
}

function make_room(after, count,   i) {
  if (n == 0) ended = 1
  for (i = n; i > after; i--) { L[i + count] = L[i]; CR[i + count] = CR[i]; O[i + count] = O[i] }
  n += count
}

# Once nothing is below a section's header: removes a header that this program wrote, or restores its former value.
function drop_headers(   i, rest, cut) {
  for (i = 1; i <= n; i++) {
    cut = is_header(L[i]) && !has_children(i) ? length(L[i]) - length(REST) : 0
    if (cut && REST == header_label) continue
    if (cut && index(REST, was_label) == 1) L[i] = substr(L[i], 1, cut) substr(L[i], cut + length(was_label) + 1)
    L[++rest] = L[i]; CR[rest] = CR[i]
  }
  n = rest + 0
  if (n == 0) ended = 1
}
function is_header(line) { return key_of(substr(line, indent(line) + 1)) ~ /^(mirrors|configs)$/ && index(REST, header_label) == 1 }
function has_children(i,   j) {
  for (j = i + 1; j <= n; j++) if (L[j] !~ /^[ \t]*(#.*)?$/) return indent(L[j]) > indent(L[i])
  return 0
}

function indent(line) { match(line, /^ */); return RLENGTH }
function spaces(count,   text) { while (length(text) < count) text = text " "; return text }
function stop(i, words) { refuse("line " O[i] ": " words) }
