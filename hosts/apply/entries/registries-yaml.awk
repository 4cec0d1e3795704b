# Edits registries.yaml of k3s and RKE2: writes this program's keys between two comment lines below `mirrors:` or
# `configs:`. Reads the file line by line as block maps. Exits with an error if a line could mean something else.
BEGIN {
  begin_line = "# container-registry " ENVIRON["entry_label"] " begin"
  end_line = "# container-registry " ENVIRON["entry_label"] " end"
  header_label = " # container-registry"
  was_label = header_label ", was:"
  read_ours(slurp("owned"), "")
  read_ours(slurp("wanted"), "wanted")
  cut_lines(whole("text"))
  find_blocks()
  if (as_wanted()) { put_lines(); exit }
  take_out()
  for (s = sections; s >= 1; s--) { scan(section[s]); insert(section[s]) }
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
    if (indent(line) == base && key_of(substr(line, base + 1)) != "") ours[top, KEY] = wanted
    if (wanted) body[top, ++body_lines[top]] = substr(line, base + 1)
  }
}

# Finds the lines between this program's comment lines, and tells its own lines from those that somebody else added there.
function find_blocks(   i, j, line, top, mine, base, inside) {
  for (i = 1; i <= n; i++) {
    line = L[i]
    sub(/^ +/, "", line)
    if (line == begin_line) {
      if (inside) refuse("line " i ": the line \"" end_line "\" is missing before it; put it back below our entry, or take that entry out")
      inside = mine = i
      base = -1
      B[i] = 1
      for (j = i - 1; j > 0 && (L[j] ~ /^ *(#.*)?$/ || indent(L[j]) >= indent(L[i])); j--);
      top = j ? key_of(substr(L[j], indent(L[j]) + 1)) : ""
      block_top[i] = top
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

# Whether each wanted section has exactly one block of this program with the wanted lines, and no other section has one.
function as_wanted(   i, j, top, base, good) {
  good = 0
  for (i = 1; i <= n; i++) {
    if (!(i in block_top)) continue
    top = block_top[i]
    base = indent(L[i])
    if (!(top in body_lines) || top in seen) return 0
    seen[top] = 1
    for (j = 1; j <= body_lines[top]; j++) if (L[i + j] != spaces(base) body[top, j]) return 0
    if (L[i + j] != spaces(base) end_line) return 0
    good++
  }
  return good == sections
}

function take_out(   i, rest) {
  for (i = 1; i <= n; i++) {
    if (B[i]) continue
    L[++rest] = L[i]; CR[rest] = CR[i]; O[rest] = i
  }
  n = rest + 0
  if (n == 0) ended = 1
}

# Parses the file and finds a section in it: the lines header and first_child (0 if there is none), and child_indent.
function scan(top,   i, line, at, scalar, closed, dashed) {
  top_indent = child_indent = -1
  header = first_child = prologue = depth = 0
  quote = ""; scalar = -1
  in_section = 0
  for (i = 1; i <= n; i++) {
    line = L[i]
    at = indent(line)
    if (i == 1 && line ~ /^\357\273\277/) stop(i, "the file starts with a byte order mark; save it without")
    if (scalar >= 0) { if (line ~ /^ *$/ || at > scalar) continue; scalar = -1 }
    if (depth > 0 || quote != "") { read_tokens(line); continue }
    if (line ~ /^[ \t]*(#.*)?$/) continue
    if (line ~ /^(---|\.\.\.)([ \t]|$)/) {
      if (closed || line ~ /^---/ && (top_indent >= 0 || dashed) || line ~ /^--- *[^ #]/)
        stop(i, "several documents, or content beside ---, are not read; keep one document below its ---")
      if (line ~ /^\.\.\./) { closed = 1; in_section = 0 } else prologue = dashed = i
      continue
    }
    if (closed) stop(i, "several documents are not read; keep one")
    if (line ~ /^%/ && top_indent < 0) { prologue = i; continue }
    if (line ~ /^ *\t/) stop(i, "a tab in the indentation; use spaces")
    if (top_indent < 0) top_indent = at
    if (at < top_indent) stop(i, "its indentation fits nothing above")
    line = substr(line, at + 1)
    if (at == top_indent) {
      if (key_of(line) == "") stop(i, "no key of a block map; write the file as block maps, as in `mirrors:` and a line below it for each registry")
      in_section = KEY == top
      if (in_section) {
        if (header) stop(i, "a second `" top ":`; keep one")
        header = i
        check_header(i, top)
      }
    } else if (in_section) {
      if (!first_child) { first_child = i; child_indent = at }
      if (at < child_indent) stop(i, "its indentation fits nothing above")
      if (at == child_indent) {
        if (key_of(line) == "") stop(i, "no key of a block map below `" top ":`; write one line for each registry there")
        if ((top, KEY) in ours && ours[top, KEY])
          stop(i, "has an entry for " KEY " that this program did not write; remove it, or leave the node out")
      }
    }
    if (line ~ /(^|[ \t])[|>][-+0-9]*([ \t]+#.*)?[ \t]*$/) scalar = at
    read_tokens(line)
  }
  if (depth > 0 || quote != "") refuse("ends within a quoted text, or within brackets")
  if (first_child && replaced) stop(first_child, "does not belong below a `" top ":` that has a value")
}

# Checks the text after a section's name: it must be nothing, or an empty value that this program's keys can replace.
function check_header(i, top,   value) {
  replaced = 0
  value = REST
  sub(/^[ \t]+/, "", value)
  if (value !~ /^#/) sub(/[ \t]+#.*$/, "", value); else value = ""
  sub(/[ \t]+$/, "", value)
  if (value == "" || value ~ /^[&!][^ \t]*$/) return
  if (value ~ /^(~|null|Null|NULL|\{[ \t]*\})$/) { replaced = 1; return }
  stop(i, "`" top ":` is not written as a block map; write a line for each registry below it")
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
function drop_headers(   i, j, rest, cut) {
  for (i = 1; i <= n; i++) {
    cut = index(L[i], header_label)
    if (cut && L[i] !~ /^ *#/ && !has_children(i)) {
      if (substr(L[i], cut + length(header_label)) == "") continue
      if (substr(L[i], cut, length(was_label)) == was_label)
        L[i] = substr(L[i], 1, cut - 1) substr(L[i], cut + length(was_label))
    }
    L[++rest] = L[i]; CR[rest] = CR[i]
  }
  n = rest + 0
  if (n == 0) ended = 1
}
function has_children(i,   j) {
  for (j = i + 1; j <= n; j++) if (L[j] !~ /^[ \t]*(#.*)?$/) return indent(L[j]) > indent(L[i])
  return 0
}

# Sets KEY to the key that a line begins with, and REST to the text after the colon. KEY is empty if there is no key.
function key_of(line,   end) {
  KEY = REST = ""
  if (line ~ /^"/) {
    if (!match(line, /^"([^"\\]|\\.)*"[ \t]*:/)) return ""
  } else if (line ~ /^\47/) {
    if (!match(line, /^\47([^\47]|\47\47)*\47[ \t]*:/)) return ""
  } else {
    if (line ~ /^([][{}#&*!|>%@,`]|[-?:]([ \t]|$))/ || !match(line, /:([ \t]|$)/)) return ""
    RLENGTH = RSTART
  }
  end = RLENGTH
  REST = substr(line, end + 1)
  if (REST !~ /^([ \t]|$)/) return ""
  KEY = substr(line, 1, end - 1)
  sub(/[ \t]+$/, "", KEY)
  if (KEY ~ /[ \t]#/ && KEY !~ /^["\47]/) KEY = ""
  if (KEY ~ /^["\47]/) { KEY = substr(KEY, 2, length(KEY) - 2); gsub(/\47\47/, "\47", KEY) }
  return KEY
}

# Follows quotes and brackets through a line. At its end `quote` and `depth` tell which of them are still open.
function read_tokens(line,   i, c, next_, start) {
  start = 1
  for (i = 1; i <= length(line); i++) {
    c = substr(line, i, 1)
    next_ = substr(line, i + 1, 1)
    if (quote != "") {
      if (quote == "\"" && c == "\\") i++
      else if (c == quote && quote == "\47" && next_ == quote) i++
      else if (c == quote) { quote = ""; start = 0 }
    } else if (c == "#" && (i == 1 || substr(line, i - 1, 1) ~ /[ \t]/)) return
    else if (c == " " || c == "\t") continue
    else if (depth > 0 && c ~ /[]}]/) { depth--; start = 0 }
    else if (depth > 0 && c == ",") start = 1
    else if (start && c ~ /[[{]/) depth++
    else if (start && (c == "\"" || c == "\47")) quote = c
    else if (start && c ~ /[&!]/) { while (substr(line, i + 1, 1) ~ /[^ \t]/) i++ }
    else if (c ~ /[-:?]/ && (next_ == "" || next_ ~ /[ \t]/)) start = c == ":" ? 1 : start
    else start = depth > 0 && c == ":" && !start
  }
}

function indent(line) { match(line, /^ */); return RLENGTH }
function spaces(count,   text) { while (length(text) < count) text = text " "; return text }
function stop(i, words) { refuse("line " O[i] ": " words) }
