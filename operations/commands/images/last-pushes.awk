# Reads lines of Caddy's access log, and prints of each tag the last push that was accepted: time, account and URI, with tabs
# between them. A quote inside a string is escaped in the log, so what a client sends never looks like a key.
/"method":"PUT"/ && /"status":201[,}]/ {
  uri = value("uri", "\"/v2/[^\"?]+/manifests/[^\"?:/]+[\"?]")
  account = value("user_id", "\"[^\"\\\\]+\"")
  at = value("ts", "[0-9.]+")
  if (uri == "" || account == "" || at == "" || at + 0 < time[uri] + 0) next
  time[uri] = at
  by[uri] = account
}
END { for (uri in time) print time[uri] "\t" by[uri] "\t" uri }
# The value of a key, without quotes and without the query of a URI; empty if it does not match.
function value(key, pattern,   text) {
  if (!match($0, "\"" key "\":" pattern)) return ""
  text = substr($0, RSTART + length(key) + 3, RLENGTH - length(key) - 3)
  gsub(/["?]/, "", text)
  return text
}
