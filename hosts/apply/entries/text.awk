# Functions that the awk programs of all formats share. A program that cannot edit a file prints the reason and exits with
# status 1. slurp reads a file of the staging folder; whole leaves out the last byte, an x that the shell script added.
function slurp(name,   line, text, lines) {
  name = ENVIRON["stage"] "/" name
  while ((getline line < name) > 0) text = text (lines++ ? "\n" : "") line
  close(name)
  return text
}
function whole(name,   text) { text = slurp(name); return substr(text, 1, length(text) - 1) }
# Splits a text into the lines L[1..n]. `ended` tells whether the last line has a newline.
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
# Notes that an entry of somebody else, with this text, says the same as the wanted one with this first line.
function note_adopted(first, text,   name) {
  name = ENVIRON["stage"] "/theirs." ++adopted_entries
  printf "%s", text > name
  close(name)
  note("adopted " adopted_entries " " first)
}
function note(words) { print words > (ENVIRON["stage"] "/notes") }
function refuse(words) { print words; refused = 1; exit 1 }
