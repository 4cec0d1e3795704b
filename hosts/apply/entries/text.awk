# What the awk programs of all formats share. Where one cannot edit a file, it prints why and exits with status 1.
# A whole file, its last byte (ours) aside.
function slurp(name,   line, text, lines) {
  name = ENVIRON["stage"] "/" name
  while ((getline line < name) > 0) text = text (lines++ ? "\n" : "") line
  close(name)
  return text
}
function whole(name,   text) { text = slurp(name); return substr(text, 1, length(text) - 1) }
# Lines into L[1..n]; ended tells whether the last one has a newline.
function cut_lines(text,   i) {
  n = split(text, L, "\n")
  ended = n == 0 || L[n] == ""
  if (n > 0 && L[n] == "") n--
  for (i = 1; i <= n; i++) { O[i] = i; CR[i] = sub(/\r$/, "", L[i]) ? "\r" : "" }
}
function put_lines(   i, text) {
  for (i = 1; i <= n; i++) text = text L[i] CR[i] (i < n || ended ? "\n" : "")
  put(text, text == "")
}
function put(text, empty,   name) {
  name = ENVIRON["stage"] "/result"
  ORS = ""
  print text > name
  close(name)
  ORS = "\n"
  note("bytes " length(text))
  if (empty) note("empty")
}
function note(words) { print words > (ENVIRON["stage"] "/notes") }
function refuse(words) { print words; refused = 1; exit 1 }
