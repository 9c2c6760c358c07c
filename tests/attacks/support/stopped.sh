# shellcheck shell=bash disable=SC2034    # the attacks read the variables
#
# Sourced after lib.sh: an attack that comes at one exact system call.

TRACE=$SANDBOX/trace

# stopped_at CALL NUMBER ATTACK COMMAND [ARG...]: stops the command behind its so-manyth call of that name, calls
# ATTACK, and lets it go on.  As capture.
stopped_at() {
	local call=$1 number=$2 attack=$3 tracer

	rm -f "$TRACE"
	strace -o "$TRACE" -e trace="$call" -e inject="$call:signal=STOP:when=$number" "${@:4}" \
		>"$SANDBOX/out" 2>"$SANDBOX/err" &
	tracer=$!
	wait_until grep -qs 'stopped by SIGSTOP' "$TRACE" ||
		tap_fail "$CASE: it stops in $call $number" "$(cat "$TRACE")"
	"$attack"
	kill -CONT "$(cat "/proc/$tracer/task/$tracer/children")"
	STATUS=0
	wait "$tracer" || STATUS=$?
	OUT=$(cat "$SANDBOX/out")
	ERR=$(cat "$SANDBOX/err")
}
