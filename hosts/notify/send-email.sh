# Sends standard input by the host's msmtp.
send() {
  {
    printf 'To: %s\nSubject: %s\nContent-Type: text/plain; charset=utf-8\n\n' "$to" "$registry_name needs attention"
    cat
  } | msmtp --read-envelope-from -- "$to"
}
