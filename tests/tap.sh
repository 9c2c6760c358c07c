# shellcheck shell=bash
#
# Test Anything Protocol for bash scripts.  Call these from the script's own shell: a subshell's count is lost.
#
#	tap_ok NAME COMMAND [ARG...]    COMMAND succeeds
#	tap_is NAME GOT WANTED          equal strings
#	tap_like NAME TEXT ERE          a line of TEXT matches
#	tap_unlike NAME TEXT ERE        no line does
#	tap_pass NAME, tap_fail NAME [DIAGNOSTIC]
#	tap_skip NAME REASON            counts as a test
#	tap_skip_all REASON             ends the script
#	tap_plan N                      optional: first, the number of tests to come
#	tap_done                        last: prints the plan unless tap_plan did; exits 1 if a test failed

TAP_COUNT=0
TAP_FAILED=0
TAP_PLANNED=

tap_plan() {
	TAP_PLANNED=$1
	printf '1..%d\n' "$1"
}

# Every line of the arguments, as comments.
tap_note() {
	printf '%s\n' "$@" | sed 's/^/#   /'
}

tap_pass() {
	TAP_COUNT=$((TAP_COUNT + 1))
	printf 'ok %d - %s\n' "$TAP_COUNT" "$1"
}

tap_fail() {
	TAP_COUNT=$((TAP_COUNT + 1))
	TAP_FAILED=$((TAP_FAILED + 1))
	printf 'not ok %d - %s\n' "$TAP_COUNT" "$1"
	if [ $# -gt 1 ]; then
		tap_note "${@:2}"
	fi
}

tap_ok() {
	local name=$1 output status=0

	shift
	output=$("$@" 2>&1) || status=$?
	if [ "$status" -eq 0 ]; then
		tap_pass "$name"
	else
		tap_fail "$name" "status $status: $*" "$output"
	fi
}

tap_is() {
	if [ "$2" = "$3" ]; then
		tap_pass "$1"
	else
		tap_fail "$1" "got:    $2" "wanted: $3"
	fi
}

# tap_matches TEXT ERE: of most texts without a process, of which the tests would start thousands.
tap_matches() {
	if [[ $1 == *$'\n'* ]]; then
		grep -Eq -e "$2" <<<"$1"
	else
		[[ $1 =~ $2 ]]
	fi
}

tap_like() {
	if tap_matches "$2" "$3"; then
		tap_pass "$1"
	else
		tap_fail "$1" "no line matches $3 in:" "$2"
	fi
}

tap_unlike() {
	if tap_matches "$2" "$3"; then
		tap_fail "$1" "a line matches $3 in:" "$2"
	else
		tap_pass "$1"
	fi
}

tap_skip() {
	TAP_COUNT=$((TAP_COUNT + 1))
	printf 'ok %d - %s # SKIP %s\n' "$TAP_COUNT" "$1" "$2"
}

tap_skip_all() {
	printf '1..0 # SKIP %s\n' "$1"
	exit 0
}

tap_done() {
	[ -n "$TAP_PLANNED" ] || printf '1..%d\n' "$TAP_COUNT"
	[ "$TAP_FAILED" -eq 0 ] || exit 1
	exit 0
}
