#!/bin/bash
# What happens when /dev/log is not a syslog daemon's, or the daemon ends or goes slow in the middle of a record:
# with audit_required nothing runs, without it one line tells what was lost, and nothing ever hangs.
# shellcheck disable=SC2317     # functions are called by name
set -eu
# shellcheck source=tests/functional/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/functional/support/programs.sh
. "$(dirname "$0")/support/programs.sh"
# shellcheck source=tests/functional/support/dev_log.sh
. "$(dirname "$0")/support/dev_log.sh"

test_what_is_there() {
	local refused='Connection refused'

	: >/dev/log
	refused_log 'a regular file' "$refused"
	tap_is 'a regular file: nothing was written' "$(cat /dev/log)" ''
	rm /dev/log
	mkdir /dev/log
	refused_log 'a directory' "$refused"
	rmdir /dev/log
	mkfifo /dev/log
	refused_log 'a FIFO' "$refused"
	rm /dev/log
	ln -s log /dev/log
	refused_log 'a link to itself' 'Too many levels of symbolic links'
	rm /dev/log
	daemon queued
	refused_log 'a socket of packets' 'Protocol wrong type for socket'
	daemon_end
}

# As in a container: not different from no /dev/log.
test_dangling_link() {
	local absent='No such file or directory'

	ln -s /run/systemd/journal/dev-log /dev/log
	run_with required canary
	tap_is 'a dangling link, required: nothing runs' "$RESULT" "97 no $NOT_RUN$absent"
	run_with wanted canary
	tap_is 'a dangling link, use_syslog on: it runs, and the loss is told' "$RESULT" "0 yes $LOST$absent"
	run_with silent canary
	tap_is 'a dangling link, nothing written: it runs in silence' "$RESULT" '0 yes '
	denied_log 'a dangling link' ''
	rm /dev/log
}

# parts_received: the numbers, in order.
parts_received() {
	sed -E 's/.* part=([0-9]+)\/.*/\1/' "$SANDBOX/received" | tr '\n' ' '
}

test_killed_in_the_middle() {
	local words conf

	mapfile -t words < <(long_command)
	for conf in required wanted silent; do
		daemon datagrams 3
		run_with "$conf" "${words[@]}"
		case $conf in
		required) tap_is 'it ends in the middle, required: nothing runs' "$RESULT" \
			"97 no ${NOT_RUN}Connection refused" ;;
		*) tap_is "it ends in the middle, $conf: it runs, and the loss is told" "$RESULT" \
			"0 yes ${LOST}Connection refused" ;;
		esac
		tap_is "it ends in the middle, $conf: what it had got" "$(parts_received)" '1 2 3 '
		daemon_end
	done
	daemon datagrams 3
	run_with required "${words[@]/canary/nonsense}"
	tap_is 'it ends in the middle: a denial stays one, and the loss is told' \
		"$STATUS $(wc -l <<<"$ERR") ${ERR##*$'\n'}" "99 2 ${LOST}Connection refused"
	daemon_end
}

last_part_is_received() {
	grep -q " part=\([0-9]*\)/\1 " "$SANDBOX/received"
}

# What the kernel held for the old one is lost; the numbers of the parts show that.
test_restarted_in_the_middle() {
	local words

	mapfile -t words < <(long_command)
	daemon replaced 3
	run_with required "${words[@]}"
	tap_is 'it is restarted in the middle: the command runs' "$RESULT" '0 yes '
	tap_ok 'it is restarted in the middle: the rest has come' wait_until last_part_is_received
	tap_like 'it is restarted in the middle: in order' "$(parts_received)" '^1 2 3 .* '
	tap_ok 'it is restarted in the middle: in order, none twice' sort -n -u -c \
		<(sed -E 's/.* part=([0-9]+)\/.*/\1/' "$SANDBOX/received")
	daemon_end
}

# By its own, each part would be waited for in time: there are over a hundred.
test_one_deadline() {
	local words

	mapfile -t words < <(long_command)
	daemon slow
	run_with required "${words[@]}"
	tap_is 'a slow one, required: one deadline for all parts' "$RESULT" "97 no $NOT_RUN$NOT_TAKEN"
	run_with wanted "${words[@]}"
	tap_is 'a slow one: it runs after one deadline' "$RESULT" "0 yes $LOST$NOT_TAKEN"
	daemon_end
	daemon slow
	run_with required canary short
	tap_is 'a slow one: a short record is waited for' "$RESULT" '0 yes '
	daemon_end
}

# is_waiting PID: in poll(2), which the kernel names differently from one machine to the next.
is_waiting() {
	grep -q poll "/proc/$1/wchan" 2>/dev/null
}

test_rsyslogd_killed() {
	local rsyslogd wrapper words

	mapfile -t words < <(long_command)
	audit_start
	rsyslogd=$(cat "$SANDBOX/rsyslogd.pid")
	kill -STOP "$rsyslogd"
	timeout "$PATIENT" "$WRAPPER" /etc/app/required.conf "${words[@]}" 2>"$SANDBOX/killed.err" &
	wrapper=$!
	tap_ok 'rsyslogd is killed: the wrapper waits for it' wait_until wrapper_waits
	kill -KILL "$rsyslogd"
	wait "$rsyslogd" 2>/dev/null || true
	STATUS=0
	wait "$wrapper" || STATUS=$?
	tap_like 'rsyslogd is killed while it is waited for: nothing runs' \
		"$STATUS $(canary) $(cat "$SANDBOX/killed.err")" "^97 no $NOT_RUN(Connection refused|$NOT_TAKEN)\$"
	rm -f /dev/log "$SANDBOX/rsyslogd.pid"
	audit_start
	audit_mark
	run_with required "${words[@]}"
	audit_records >"$SANDBOX/received"
	tap_is 'rsyslogd is started anew: it runs, and all parts are there' \
		"$RESULT$(grep -c ' part=' "$SANDBOX/received")" \
		"0 yes $(sed -n '1s/.* part=1\/\([0-9]*\) .*/\1/p' "$SANDBOX/received")"
	audit_stop
}

wrapper_waits() {
	is_waiting "$(pgrep -x -o privsep-wrap)"
}

confs ''
policy <<-'END'
	canary: CommandFilter, canary, root
	ghost: CommandFilter, ghost, nobody-knows
END
cp "$EXEC/canary" "$EXEC/ghost"
audit_stop
test_what_is_there
test_dangling_link
test_killed_in_the_middle
test_restarted_in_the_middle
test_one_deadline
test_rsyslogd_killed
tap_done
