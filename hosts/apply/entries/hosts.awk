# The file /etc/hosts: our lines come first, since most resolvers take the first match. All other lines stay as they are.
BEGIN {
  mark = "# container-registry " ENVIRON["mark"]
  wanted = split(slurp("wanted"), W, "\n")
  for (i = 1; i <= wanted; i++) {
    sub(/[ \t]*(#.*)?$/, "", W[i])
    split(W[i], word)
    address[tolower(word[2])] = word[1]
    W[i] = W[i] " " mark
  }
  cut_lines(whole("text"))
  in_order = 1
  for (i = 1; i <= n; i++) {
    if (length(L[i]) > length(mark) && substr(L[i], length(L[i]) - length(mark)) == " " mark) {
      if (++found > wanted || L[i] != W[found]) in_order = 0
      continue
    }
    F[++foreign] = i
    if (gives_another(L[i]) && found < wanted) in_order = 0
  }
  if (in_order && found == wanted) { put_lines(); exit }
  for (i = 1; i <= foreign; i++) { N[wanted + i] = L[F[i]]; NC[wanted + i] = CR[F[i]] }
  for (i = 1; i <= wanted; i++) N[i] = W[i]
  if (foreign == 0) ended = 1
  n = wanted + foreign
  for (i = 1; i <= n; i++) { L[i] = N[i]; CR[i] = NC[i] }
  put_lines()
}
# Tells of a line that leads the same name elsewhere.
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
