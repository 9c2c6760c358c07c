#!/bin/bash
# Attacks on KillFilter in time: the process is another one, or another program, when the signal is sent.
# shellcheck disable=SC2317     # functions are called by name
set -eu
# shellcheck source=tests/attacks/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/functional/support/targets.sh
. "$(dirname "$0")/../functional/support/targets.sh"
# shellcheck source=tests/attacks/support/stopped.sh
. "$(dirname "$0")/support/stopped.sh"

daemon=$EXEC/daemon
AS_SVC=(setpriv --reuid=svc --regid=svc --init-groups)  # unlike as_svc no process more than the command
STRANGER=                               # process that must not be signalled

# The wrapper's calls: it opens the process, looks at it (pidfd_send_signal 1), records the decision, looks again (2),
# and sends the signal (3).
MOMENTS='the opening:pidfd_open:1
the first look:pidfd_send_signal:1
the last look:pidfd_send_signal:2'

# reuse: the target is gone, and its number is a process of root's that runs another program.
reuse() {
	reuse_for "$EXEC/other"
}

# reuse_by_same: or even the same one.
reuse_by_same() {
	reuse_for "$daemon"
}

# The next process gets the number behind the last, if it is free.
reuse_for() {
	local tries

	finish
	for ((tries = 0; tries < 100; tries++)); do
		echo $((PID - 1)) >/proc/sys/kernel/ns_last_pid
		"$1" 600 &
		STRANGER=$!
		[ "$STRANGER" -ne "$PID" ] || break
		kill "$STRANGER"
	done
	wait_until runs "$STRANGER" "$1"
}

# lives PID: whether it has got no signal.
lives() {
	sed -n 's/^State:\t\(.\).*/\1/p;s/^ShdPnd:\t0*/pending:/p' "/proc/$1/status" | paste -sd ' '
}

# records: kinds and reasons since the last mark.
records() {
	audit_records | sed -E 's/.*\]: ([a-z]+) .* reason=([a-z-]+) .*/\1-\2/;s/.*\]: ([a-z]+) .*/\1/' | paste -sd ' '
}

# reused ASPECT ATTACK CALL NUMBER WANTED
reused() {
	start "$daemon"
	STRANGER=
	stopped_at "$3" "$4" "$2" "$WRAPPER" "$SANDBOX_CONF" kill -9 "$PID"
	case_is "$1: the number is another's" "$STRANGER" "$PID"
	case_is "$1: it lives" "$(lives "$STRANGER")" 'S pending:'
	case_is "$1: status and records" "$STATUS $(records)" "$5"
	audit_mark
	kill -KILL "$STRANGER"
	wait "$STRANGER" 2>/dev/null || true
}

attack_reuse() {
	local moment call number wanted

	while IFS=: read -r moment call number; do
		wanted='1 allow error-kill-failed'
		[ "$call" != pidfd_open ] || wanted='99 deny-no-match'
		reused "after $moment" reuse "$call" "$number" "$wanted"
		reused "after $moment, by the same program" reuse_by_same "$call" "$number" "$wanted"
	done <<<"$MOMENTS"
	start "$daemon"
	stopped_at pidfd_send_signal 2 true "$WRAPPER" "$SANDBOX_CONF" kill -9 "$PID"
	case_is 'without the attack: the target is ended' "$STATUS $(target_end) $(records)" '0 137 allow'
	audit_mark
}

# A process of svc's that runs the program, and becomes what the filter does not mean when svc says so.
start_changing() {
	rm -f "$TMPDIR/change"
	as_svc mkfifo "$TMPDIR/change"
	start_as "$EXEC/script" "${AS_SVC[@]}" "$EXEC/script" -c "read line <'$TMPDIR/change'; exec '$1' 600"
}

change() {
	echo >"$TMPDIR/change"
	wait_until runs "$PID" "$BECOMES"
}

# changed ASPECT PROGRAM
changed() {
	BECOMES=$2
	start_changing "$2"
	stopped_at pidfd_send_signal 1 change "$WRAPPER" "$SANDBOX_CONF" kill -TERM "$PID"
	case_is "$1: it lives" "$(lives "$PID")" 'S pending:'
	case_is "$1: status and records" "$STATUS $(records)" '1 allow error-kill-failed'
	audit_mark
	finish
}

attack_changed() {
	changed 'a set-user-ID program' "$SANDBOX/risen"
	changed 'another program' "$EXEC/other"
	start_as "$SANDBOX/risen" "${AS_SVC[@]}" "$SANDBOX/risen" 600
	refused_with 99 no-match 'a set-user-ID program that the filter names' kill -HUP "$PID"
	case_is 'a set-user-ID program that the filter names: it lives' "$(lives "$PID")" 'S pending:'
	finish
	start_changing "$EXEC/other"
	permitted 'a process that does not change' kill -TERM "$PID"
	case_is 'a process that does not change: it is ended' "$(target_end)" 143
}

for name in daemon other; do
	cp /usr/bin/sleep "$EXEC/$name"
done
cp "$(readlink -f /bin/sh)" "$EXEC/script"
cp /usr/bin/sleep "$SANDBOX/risen"
chmod 4755 "$SANDBOX/risen"
policy <<-END
	kill: KillFilter, root, $daemon, -9
	script: KillFilter, root, $EXEC/script, -TERM
	risen: KillFilter, root, $SANDBOX/risen, -HUP
END
attack KILL-03 'a process ID that is given to another process' attack_reuse
attack KILL-04 'a process that becomes another program' attack_changed
tap_done

# Left out:
# KILL-04: a process that becomes another program behind the last look, before the next call sends the signal: it is
# svc's own process, with its user ID, to which it can send any signal itself.
