# Gives standard input to a program of the host.
send() { timeout 60 "$command"; }
