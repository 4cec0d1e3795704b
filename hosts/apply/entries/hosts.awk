# Edits /etc/hosts: this program's lines come first, since most resolvers use the first match. Other lines stay as they are, and
# where the first of them for a name gives it the same address, no line is added.
BEGIN {
  label = " # container-registry " ENVIRON["entry_label"]
  # Stands for the label on nodes with containerd, as written by version 0.1.
  former_label = " # container-registry # container-registry"
  wanted = read_ours("wanted", W)
  read_ours("owned", OWNED)
  for (i = 1; i <= wanted; i++) {
    split(W[i], word)
    address[tolower(word[2])] = word[1]
  }
  cut_lines(whole("text"))
  adopt()
  in_order = 1
  for (i = 1; i <= n; i++) {
    if (is_ours(L[i])) {
      if (++found > wanted || TEXT != W[found]) in_order = 0
      continue
    }
    F[++foreign] = i
    if (gives_another(L[i]) && found < wanted) in_order = 0
  }
  if (in_order && found == wanted) { put_lines(); exit }
  for (i = 1; i <= foreign; i++) { N[wanted + i] = L[F[i]]; NC[wanted + i] = CR[F[i]] }
  for (i = 1; i <= wanted; i++) N[i] = W[i] label
  if (foreign == 0) ended = 1
  n = wanted + foreign
  for (i = 1; i <= n; i++) { L[i] = N[i]; CR[i] = NC[i] }
  put_lines()
}
# Reads this program's lines from a file and removes their comments. Stores them in `lines` and as keys of OURS.
function read_ours(name, lines,   i, count) {
  count = split(slurp(name), lines, "\n")
  for (i = 1; i <= count; i++) {
    sub(/[ \t]*(#.*)?$/, "", lines[i])
    OURS[lines[i]] = 1
  }
  return count
}
# Removes from W each line whose name has the same address by somebody else's line, unless the file has a line of this program.
function adopt(   i, rest) {
  for (i = 1; i <= n; i++) if (is_ours(L[i])) return
  for (i = 1; i <= wanted; i++) if (!is_given(W[i])) W[++rest] = W[i]
  wanted = rest + 0
}
function is_given(line,   word, i) {
  split(line, word)
  for (i = 1; i <= n; i++) {
    if (!has_name(L[i], tolower(word[2]))) continue
    if (WORD[1] != word[1] || L[i] ~ / # container-registry /) return 0
    note_adopted(line, L[i] "\n")
    delete address[tolower(word[2])]
    note("say line " i ": somebody gave " word[2] " this address by hand; the line stays as it is")
    return 1
  }
  return 0
}
# Whether a line gives a name an address. Stores its words in WORD.
function has_name(line, name,   words, i) {
  sub(/#.*/, "", line)
  words = split(line, WORD)
  for (i = 2; i <= words; i++) if (tolower(WORD[i]) == name) return 1
  return 0
}

# Whether a line has this program's label. Stores the text before the label in TEXT. The former label may also be another
# bundle's, so with that label the text must be one of OURS.
function is_ours(line) { return ends_in(line, label) || (ends_in(line, former_label) && TEXT in OURS) }
function ends_in(line, end) {
  TEXT = substr(line, 1, length(line) - length(end))
  return length(line) >= length(end) && substr(line, length(line) - length(end) + 1) == end
}
# Whether a line gives a name of this program's lines another address. Notes a warning about such a line.
function gives_another(line,   word, words, i, name) {
  sub(/#.*/, "", line)
  words = split(line, word)
  for (i = 2; i <= words; i++) {
    name = tolower(word[i])
    if (!(name in address) || address[name] == word[1]) continue
    note("say another line gives " name " the address " word[1] "; it is left as it is, after ours")
    return 1
  }
  return 0
}
