# Reads the values of one key of a block map, to compare two ways to write the same. What it does not read for certain is
# equal to nothing.

# Prints the value of V[1..count], which are a key and the lines below it, in one form for all ways to write it. Returns an
# empty text if it cannot be read. The path of a `ca_file` is not part of it: ca_path has it.
function canonical(   i, lines, text) {
  ca_path = ""
  for (i = 1; i <= count; i++) if (V[i] !~ /^[ \t]*(#.*)?$/) V[++lines] = V[i]
  count = lines
  unread = 0
  p = 1
  key_of(substr(V[1], indent(V[1]) + 1))
  text = value_after(indent(V[1]), REST)
  return unread || p <= count ? "" : text
}

# The value of a key at this indentation, on line p, whose line ends in `rest`. Moves p behind the value.
function value_after(at, rest,   below) {
  sub(/^[ \t]+/, "", rest)
  p++
  if (rest != "" && rest !~ /^#/) return inline_value(rest)
  if (p > count) return "null"
  below = indent(V[p])
  if (V[p] ~ /^ *-([ \t]|$)/ && below >= at) return sequence(below)
  return below > at ? map(below) : "null"
}

function map(at,   key, members) {
  members[0] = 0
  while (p <= count && indent(V[p]) == at && !unread) {
    key = key_of(substr(V[p], at + 1))
    add_member(members, key, value_after(at, REST))
  }
  if (p <= count && indent(V[p]) > at) unread = 1
  return joined(members)
}

# Adds a member to a sorted list: members[0] is its length.
function add_member(members, key, value,   i, text) {
  if (key == "" || key == "<<") unread = 1
  if (key == "ca_file") { ca_path = substr(value, index(value, ":") + 1); value = "path" }
  text = length(key) ":" key "="
  for (i = members[0]; i > 0 && members[i] > text; i--) members[i + 1] = members[i]
  if (i > 0 && index(members[i], text) == 1) unread = 1
  members[i + 1] = text value ";"
  members[0]++
}
function joined(members,   i, text) {
  for (i = 1; i <= members[0]; i++) text = text members[i]
  return "{" text "}"
}

function sequence(at,   rest, text) {
  while (p <= count && indent(V[p]) == at && V[p] ~ /^ *-([ \t]|$)/ && !unread) {
    rest = substr(V[p++], at + 2)
    sub(/^[ \t]+/, "", rest)
    if (rest == "" || rest ~ /^#/ || key_of(rest) != "") unread = 1
    text = text inline_value(rest) ";"
  }
  if (p <= count && indent(V[p]) > at) unread = 1
  return "[" text "]"
}

# A value on one line, or in brackets over several: F is its text, and q the position in it.
function inline_value(rest,   text) {
  F = rest
  q = 1
  if (rest ~ /^[[{]/) text = flow_value()
  else text = scalar_value(0)
  skip_space()
  if (q <= length(F)) unread = 1
  return text
}

function flow_value(   close_, text, key, members) {
  skip_space()
  close_ = substr(F, q, 1) == "[" ? "]" : substr(F, q, 1) == "{" ? "}" : ""
  if (close_ == "") return scalar_value(1)
  members[0] = 0
  for (q++; !unread; ) {
    next_token()
    if (substr(F, q, 1) == close_) { q++; break }
    if (close_ == "}") {
      key = scalar_value(1)
      sub(/^[^:]*:/, "", key)
      next_token()
      if (substr(F, q, 1) != ":") unread = 1
      q++
      next_token()
      add_member(members, key, flow_value())
    } else text = text flow_value() ";"
    next_token()
    if (substr(F, q, 1) == ",") q++
    else if (substr(F, q, 1) != close_) unread = 1
  }
  return close_ == "]" ? "[" text "]" : joined(members)
}

# Skips space and comments; in brackets also line breaks.
function skip_space() {
  while (substr(F, q, 1) ~ /^[ \t]$/) q++
  if (substr(F, q, 1) == "#" && (q == 1 || substr(F, q - 1, 1) ~ /[ \t]/)) q = length(F) + 1
}
function next_token(   line) {
  skip_space()
  while (q > length(F) && p <= count) {
    line = V[p++]
    sub(/^[ \t]+/, "", line)
    F = F " " line
    skip_space()
  }
  if (q > length(F)) unread = 1
}

# A text in quotes or without, as LENGTH:TEXT. A text that could be a number, a boolean or a null is not read, nor is an escape.
function scalar_value(in_brackets,   rest, text) {
  rest = substr(F, q)
  if (rest ~ /^"/ ? match(rest, /^"([^"\\]|\\["\\])*"/) : rest ~ /^\47/ && match(rest, /^\47([^\47]|\47\47)*\47/)) {
    text = substr(rest, 2, RLENGTH - 2)
    if (rest ~ /^"/) text = unescaped(text)
    else gsub(/\47\47/, "\47", text)
  } else {
    if (rest ~ /^([][{}#&*!|>%@`"\47,]|[-?:]([ \t]|$))/) { unread = 1; return "" }
    if (in_brackets ? !match(rest, /:([ \t]|$)|[ \t]+#|[ \t]*[],[{}]/) : !match(rest, /[ \t]+#/)) RSTART = length(rest) + 1
    text = substr(rest, 1, RSTART - 1)
    sub(/[ \t]+$/, "", text)
    RLENGTH = RSTART - 1
    if (text == "" || text ~ /^[-+.0-9=~<]/ || text ~ /:([ \t]|$)/ || tolower(text) ~ /^(y|n|yes|no|on|off|true|false|null)$/) unread = 1
  }
  q += RLENGTH
  return length(text) ":" text
}
function unescaped(text,   i, plain) {
  for (i = 1; i <= length(text); i++) {
    if (substr(text, i, 1) == "\\") i++
    plain = plain substr(text, i, 1)
  }
  return plain
}

function read_path(path,   line, text) {
  if (path !~ /^\//) return ""
  while ((getline line < path) > 0) text = text line "\n"
  close(path)
  return text
}
