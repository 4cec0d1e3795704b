# daemon.json of Docker: adds or removes one element of one array. All other bytes stay as they are.
BEGIN {
  owned_count = read_ours(slurp("owned"), OWNED)
  wanted_count = read_ours(slurp("wanted"), WANTED)
  T = whole("text")
  created_object = ENVIRON["created"] ~ /object/
  created_key = ENVIRON["created"] ~ /key/
  if (T ~ /^[ \t\r\n]*$/) blank = 1; else read_file()
  for (o = 1; o <= owned_count; o++) {
    for (w = 1; w <= wanted_count && WANTED[w] != OWNED[o]; w++);
    if (w > wanted_count) { if (!blank) take_out(OWNED[o]) } else retained[OWNED[o]] = 1
  }
  for (w = 1; w <= wanted_count; w++) put_in(WANTED[w])
  if (!blank) drop_empty()
  put(T, T ~ /^[ \t\r\n]*(\{[ \t\r\n]*\}[ \t\r\n]*)?$/)
}

# Reads lines of {"KEY":["ELEMENT"]} into the array `into`, each as KEY, a newline and ELEMENT.
function read_ours(text, into,   lines, i, count) {
  count = split(text, lines, "\n")
  for (i = 1; i <= count; i++) {
    T = lines[i]
    find("")
    KEY = key_name[1]
    find(KEY)
    into[i] = KEY "\n" element_text[1]
  }
  return count
}

function read_file() { find("") }

# Parses the text T. Records where each member of its object is, and each element of the array under this key.
function find(key,   i) {
  P = 1
  members = elements = array = 0
  space()
  if (substr(T, P, 1) != "{") invalid("no object")
  read_object(key, 1)
  space()
  if (P <= length(T)) invalid("more after its end")
}

function read_object(key, top,   name, start, mine) {
  if (top) object_start = P
  P++
  space()
  if (substr(T, P, 1) == "}") { P++; return }
  while (1) {
    space()
    start = P
    if (substr(T, P, 1) != "\"") invalid("no key")
    name = read_string()
    space()
    if (substr(T, P, 1) != ":") invalid("no colon after a key")
    P++
    space()
    mine = top && key != "" && name == key
    if (top) { key_name[++members] = name; key_start[members] = start }
    if (mine) {
      if (array) refuse("has \"" key "\" twice; keep one")
      if (substr(T, P, 1) != "[") refuse("\"" key "\" is not an array; make it one, or remove it")
      array = members
    }
    read_value(mine)
    if (top) key_end[members] = P
    space()
    if (substr(T, P, 1) == "}") { P++; return }
    if (substr(T, P, 1) != ",") invalid("no comma between two members")
    P++
  }
}

function read_array(mine,   start) {
  if (mine) array_start = P
  P++
  space()
  if (substr(T, P, 1) == "]") { P++; return }
  while (1) {
    space()
    start = P
    if (mine) { element_start[++elements] = P; element_text[elements] = substr(T, P, 1) == "\"" ? peek_string() : "\n" }
    read_value(0)
    if (mine) element_end[elements] = P
    space()
    if (substr(T, P, 1) == "]") { P++; return }
    if (substr(T, P, 1) != ",") invalid("no comma between two elements")
    P++
  }
}

function read_value(mine,   c, rest) {
  c = substr(T, P, 1)
  if (c == "{") read_object("", 0)
  else if (c == "[") read_array(mine)
  else if (c == "\"") read_string()
  else {
    rest = substr(T, P, 400)
    if (!match(rest, /^(true|false|null|-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?)/)) invalid("no value")
    P += RLENGTH
  }
}

# Reads a string and returns its text. Only escapes that stand for printable ASCII characters are decoded.
function read_string(   c, code, text) {
  P++
  while ((c = substr(T, P, 1)) != "\"") {
    if (c == "" || c < " ") invalid("a string without its end")
    if (c == "\\") {
      c = substr(T, P + 1, 1)
      if (c == "u") {
        code = substr(T, P + 2, 4)
        if (code !~ /^[0-9a-fA-F][0-9a-fA-F][0-9a-fA-F][0-9a-fA-F]$/) invalid("an unknown escape")
        text = text ascii(tolower(code))
        P += 6
        continue
      }
      if (c !~ /^["\\\/bfnrt]$/) invalid("an unknown escape")
      text = text (c ~ /[bfnrt]/ ? "\\" c : c)
      P += 2
      continue
    }
    text = text c
    P++
  }
  P++
  return text
}
function peek_string(   at, text) { at = P; text = read_string(); P = at; return text }
function ascii(code,   high) {
  high = index("234567", substr(code, 3, 1))
  if (substr(code, 1, 2) != "00" || !high) return "\\u" code
  return sprintf("%c", (high + 1) * 16 + index("0123456789abcdef", substr(code, 4, 1)) - 1)
}

function space() { while (index(" \t\r\n", substr(T, P, 1)) && P <= length(T)) P++ }
function white(from,   at) { P = from; space(); at = P; return substr(T, from, at - from) }
function invalid(what,   lines) {
  lines = split(substr(T, 1, P), lines_, "\n")
  refuse("line " (lines ? lines : 1) ": not valid JSON (" what "); correct it")
}

function put_in(ours,   part, lead, key, element) {
  split(ours, part, "\n")
  key = part[1]; element = part[2]
  if (blank) {
    T = (T == "" ? "{\n  \"" key "\": [\"" element "\"]\n}\n" : "{\"" key "\": [\"" element "\"]}\n") T
    blank = 0
    note("created object")
    note("created key")
    return
  }
  find(key)
  for (i = 1; i <= elements; i++) if (element_text[i] == element) { if (!(ours in retained)) adopt(key, element); return }
  if (!array) {
    lead = members ? white(object_start + 1) : ""
    T = substr(T, 1, object_start) lead "\"" key "\": [\"" element "\"]" (members ? "," : "") substr(T, object_start + 1)
    note("created key")
  } else {
    lead = elements ? white(array_start + 1) : ""
    T = substr(T, 1, array_start) lead "\"" element "\"" (elements ? "," : "") substr(T, array_start + 1)
  }
}
function adopt(key, element,   ours) {
  ours = "{\"" key "\":[\"" element "\"]}"
  note_adopted(ours, ours "\n")
  note("say somebody wrote " element " into \"" key "\" by hand; it stays as it is")
}

function take_out(ours,   part, i) {
  split(ours, part, "\n")
  find(part[1])
  emptied[part[1]] = 1
  for (i = 1; i <= elements; i++) if (element_text[i] == part[2]) {
    cut(array_start, element_start[i], element_end[i], i == 1, i == elements)
    return
  }
}

# Removes the key, then the object, if this program created them and they are empty.
function drop_empty(   key) {
  for (key in emptied) {
    find(key)
    if (created_key && array && !elements) cut(object_start, key_start[array], key_end[array], array == 1, array == members)
  }
  find("")
  if (created_object && !members) {
    space_end = P
    match(T, /\{[ \t\r\n]*\}\n?/)
    T = substr(T, 1, RSTART - 1) substr(T, RSTART + RLENGTH)
  }
}

# Cuts a member or element out. The first one is cut with the white space before it and the comma after it, as put_in
# adds it. Any other is cut with the comma before it.
function cut(open, from, to, first, last,   before) {
  if (first) {
    before = open
    if (!last) { white(to); to = P + 1 }
  } else {
    before = from - 1
    while (substr(T, before, 1) != ",") before--
    before--
  }
  T = substr(T, 1, before) substr(T, to)
}
