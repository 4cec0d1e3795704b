# Prints "reference MANIFEST KIND DIGEST" for what each manifest file needs: KIND is `manifest` or `blob`. Left out are the
# subject, which need not exist, and layers that are kept elsewhere.
FNR == 1 { flush(); n = split(FILENAME, part, "/"); manifest = part[n - 1] }
{ text = text $0 }
END { flush() }
function flush(   count, chunks, i, chunk, at, hex) {
  count = split(text, chunks, "{")
  for (i = 2; i <= count; i++) {
    chunk = chunks[i]
    if (chunks[i - 1] ~ /"subject"[ \t]*:[ \t]*$/ || chunk ~ /foreign|nondistributable/) continue
    at = match(chunk, /"digest"[ \t]*:[ \t]*"sha256:[0-9a-f]+"/)
    if (!at) continue
    hex = substr(chunk, RSTART, RLENGTH)
    sub(/.*sha256:/, "", hex)
    sub(/"$/, "", hex)
    print "reference", manifest, (chunk ~ /image\.manifest|image\.index|manifest\.list|manifest\.v2/ ? "manifest" : "blob"), hex
  }
  text = ""
}
