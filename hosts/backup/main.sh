task=${1:-}
[ $# -eq 0 ] || shift
case "$task" in
backup) back_up ;;
verify) verify "${1:-}" ;;
restore) restore "${1:-}" "${2:-}" "${3:-}" ;;
*) fail "usage: sh $home/program.sh backup, verify [PERCENT], or restore [TIME] [PATTERN] [TAG]" ;;
esac
