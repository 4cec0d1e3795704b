task=${1:-}
[ $# -eq 0 ] || shift
case "$task" in
backup) back_up ;;
verify) verify ;;
restore) restore "${1:-}" "${2:-}" ;;
*) fail "usage: sh $home/program.sh backup|verify|restore [TIME] [PATTERN]" ;;
esac
