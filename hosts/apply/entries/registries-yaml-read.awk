# Reads registries.yaml line by line as block maps. Exits with an error if a line could mean something else.

# Parses the file and finds a section in it: the lines header and first_child (0 if there is none), and child_indent. Lists the
# section's foreign entries with wanted keys: entry h has the key entry_key[h] and the lines entry_line[h] to entry_end[h].
function scan(top,   i, line, at, scalar, closed, dashed, label, inside) {
  top_indent = child_indent = -1
  header = first_child = prologue = depth = 0
  quote = ""; scalar = -1
  in_section = entries = 0
  for (i = 1; i <= n; i++) {
    line = L[i]
    at = indent(line)
    if (i == 1 && line ~ /^\357\273\277/) stop(i, "the file starts with a byte order mark; save it without")
    if (scalar >= 0) {
      if (line ~ /^ *$/) continue
      if (at > scalar) { if (inside) entry_end[entries] = i; continue }
      scalar = -1
    }
    if (depth > 0 || quote != "") { read_tokens(line); if (inside) note_line(i); continue }
    if (line ~ /^[ \t]*(#.*)?$/) {
      if (line ~ /^ *# container-registry [^ ]+ begin$/) label = line
      else if (line ~ /^ *# container-registry [^ ]+ end$/) label = ""
      continue
    }
    if (at <= child_indent) inside = 0
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
        if ((top, KEY) in ours && ours[top, KEY]) {
          if (label != "") stop(i, "has an entry for " KEY " that is another registry's; leave the node out")
          inside = entry_line[++entries] = i
          entry_key[entries] = KEY
        }
      }
    }
    if (line ~ /(^|[ \t])[|>][-+0-9]*([ \t]+#.*)?[ \t]*$/) scalar = at
    referring = 0
    read_tokens(line)
    if (inside) note_line(i)
  }
  if (depth > 0 || quote != "") refuse("ends within a quoted text, or within brackets")
  if (first_child && replaced) stop(first_child, "does not belong below a `" top ":` that has a value")
}

# Counts line i, which was just read, to the foreign entry. Such an entry cannot be moved if other lines may need it.
function note_line(i) {
  entry_end[entries] = i
  if (referring) stop(i, "is part of an entry for " entry_key[entries] " that this program did not write, with a YAML anchor or alias (&, *); write it out, or remove it")
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
    else if (start && c == "*") { referring = 1; start = 0 }
    else if (start && c ~ /[&!]/) {
      if (c == "&") referring = 1
      while (substr(line, i + 1, 1) ~ /[^ \t]/) i++
    }
    else if (c ~ /[-:?]/ && (next_ == "" || next_ ~ /[ \t]/)) start = c == ":" ? 1 : start
    else start = depth > 0 && c == ":" && !start
  }
}
