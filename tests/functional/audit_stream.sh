#!/bin/bash
# A syslog daemon that listens on a stream socket: messages end with a NUL, and one that does not read stops
# nothing for ever.
# shellcheck disable=SC2317     # functions are called by name
set -eu
# shellcheck source=tests/functional/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/functional/support/programs.sh
. "$(dirname "$0")/support/programs.sh"
# shellcheck source=tests/functional/support/trail.sh
. "$(dirname "$0")/support/trail.sh"
# shellcheck source=tests/functional/support/dev_log.sh
. "$(dirname "$0")/support/dev_log.sh"

export LC_ALL=C                         # bytes are bytes

is_received() {
	[ "$(grep -c '' "$SANDBOX/received")" -ge "$1" ]
}

# reads_back_from_stream FORM COMMAND PROGRAM STATUS KINDS
reads_back_from_stream() {
	local words count

	: >"$SANDBOX/received"
	/usr/bin/python3 "$SUPPORT/commands.py" "$2" "$3" >"$SANDBOX/wanted"
	mapfile -d '' -t words <"$SANDBOX/wanted"
	rm -f "$TRAIL_FILE"
	run_with required "${words[@]}"
	tap_is "$1, $5, $2: the status" "$STATUS" "$4"
	count=$(wc -l <"$TRAIL_FILE")
	tap_ok "$1, $5, $2: all records come" wait_until is_received "$count"
	reads_back "$1, $5, $2: read back" "$1" raw "$5" <"$SANDBOX/received"
}

test_bytes() {
	local form name

	daemon stream
	for form in text json; do
		confs "audit_file=$TRAIL_FILE" "audit_format=$form"
		for name in every-byte lines imitation padding-before not-utf8 empty-only whole-controls; do
			reads_back_from_stream "$form" "$name" nonsense 99 deny
		done
		reads_back_from_stream "$form" whole allowed 0 allow
		reads_back_from_stream "$form" lines ghost 97 error
		reads_back_from_stream "$form" lines end 0 allow,exit
	done
	daemon_end
	confs ''
}

# By the kernel's buffer alone a short record is on its way.
test_not_read() {
	local words

	mapfile -t words < <(long_command)
	daemon deaf
	run_with required canary short
	tap_is 'nobody reads: the kernel holds a short record' "$RESULT" '0 yes '
	daemon_end
	daemon deaf
	run_with required "${words[@]}"
	tap_is 'nobody reads, required: nothing runs' "$RESULT" "97 no $NOT_RUN$NOT_TAKEN"
	daemon_end
	daemon deaf
	run_with silent "${words[@]}"
	tap_is 'nobody reads: it runs, and the loss is told' "$RESULT" "0 yes $LOST$NOT_TAKEN"
	daemon_end
	daemon full
	tap_ok 'nobody accepts: no more connections' wait_until is_received 1
	run_with required canary
	tap_is 'nobody accepts, required: nothing runs' "$RESULT" "97 no $NOT_RUN$NOT_TAKEN"
	run_with wanted canary
	tap_is 'nobody accepts: it runs, and the loss is told' "$RESULT" "0 yes $LOST$NOT_TAKEN"
	run_with required nonsense
	tap_is 'nobody accepts: a denial stays one' "$STATUS $(wc -l <<<"$ERR") ${ERR##*$'\n'}" \
		"99 2 $LOST$NOT_TAKEN"
	daemon_end
}

# Bytes that were taken before the end are lost; the death of the stream must not be the wrapper's.
test_closed() {
	local words

	mapfile -t words < <(long_command)
	daemon closing 5000
	run_with required "${words[@]}"
	tap_like 'it closes each connection, required: nothing runs, or all of it was sent' "$RESULT" \
		"^(97 no ${NOT_RUN}(Broken pipe|Connection reset by peer)|0 yes )\$"
	daemon_end
	daemon stream
	daemon_end_leaving_name
	refused_log 'a stream socket without a listener' 'Connection refused'
	rm -f /dev/log
}

daemon_end_leaving_name() {
	kill "$DAEMON"
	wait "$DAEMON" 2>/dev/null || true
}

audit_stop
confs ''
trail_policy
filters canary <<<$'[Filters]\ncanary: CommandFilter, canary, root'
test_bytes
test_not_read
test_closed
tap_done
