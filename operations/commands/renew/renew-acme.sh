# Has Caddy order a certificate now. The old one is served until the new one is there.

# The rest is also done where the operator's connection breaks.
trap '' HUP PIPE
take_lock
stage=$(mktemp -d)
trap 'rm -rf "$stage"' EXIT
compose ps --status running --quiet proxy | grep -q . || fail "Caddy does not run, and so cannot order a certificate; first: registry restart"
say "ordering a certificate for $registry_name; the old one is served until the new one is there"
order
say "there is one; Caddy takes it up"
take_up
