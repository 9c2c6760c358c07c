#!/bin/bash
# What a caller does to its own process before it starts the wrapper: descriptors, signals, timers, the working
# directory, and an end of its own at a bad moment.
# shellcheck disable=SC2317     # functions are called by name
set -eu
# shellcheck source=tests/attacks/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/attacks/support/process.sh
. "$(dirname "$0")/support/process.sh"

NO_SIGNAL=0000000000000000

open_descriptors() {
	sed -n 's/^fd \([0-9]*\) .*/\1/p' <<<"$OUT" | tr '\n' ' '
}

# state tells of its own descriptors; where its output is closed, by a file.
descriptors() {
	hostile descriptors state
	case_is 'of files, directories, sockets and pipes none arrives' "$STATUS $(open_descriptors)" '0 0 1 2 '
}

# closed SET HOW: what the command has in their place.
closed() {
	local number wanted='' got

	"$2" "close=${1// / close=}" tell-descriptors
	for number in $1; do
		wanted+="$number /dev/null "
	done
	got=$(sed -n 's/.* \([0-9]*\) -> /\1 /p' "$SANDBOX/seen" | grep "^[${1// /}] " | tr '\n' ' ')
	rm -f "$SANDBOX/seen"
	case_is "$2, closed: $1" "$STATUS $got" "0 $wanted"
}

closed_descriptors() {
	local set

	for set in 0 1 2 '0 1 2'; do
		closed "$set" hostile
	done
	conf_with <<<"audit_file = $SANDBOX/audit-file"
	audit_mark
	hostile 'close=0 close=1 close=2' nonsense
	case_record 'the denial has its record' ': deny .* cmd=nonsense$'
	case_is 'no message went into a file that was opened in their place' \
		"$STATUS $(wc -l <"$SANDBOX/audit-file")$(grep -l Unauthorized \
			"$SANDBOX/audit-file" "$AUDIT_LOG" "$SANDBOX_CONF")" '99 1'
	conf_with <<<'audit_required = True'
	hostile_svc 'close=0 close=1 close=2' canary
	case_is 'through sudo it runs' "$STATUS $(canary)" '0 yes'
}

# Standard input is the command's: the wrapper takes nothing of it, and nothing in it reaches the wrapper.
standard_input() {
	printf 'first\nsecond\n' >"$SANDBOX/input"
	wrap cat - <"$SANDBOX/input"
	case_is 'the command gets all of it' "$STATUS$OUT" $'0first\nsecond'
	audit_mark
	wrap nonsense <"$SANDBOX/input"
	case_is 'a request that is denied is not asked for again' "$STATUS$OUT" 99
	case_record 'one record' ': deny .* cmd=nonsense$'
}

ignored_child_signal() {
	local how

	# Without a SIGCHLD the wrapper would wait for ever.
	capture timeout --kill-after=1 30 /usr/bin/python3 "$SANDBOX/hostile.py" 'ignore' \
		"$WRAPPER" "$SANDBOX_CONF" supervised-false
	case_is 'the status of a command that the wrapper waits for' "$STATUS" 1
	[ "$STATUS" = 1 ] || return 0
	for how in hostile hostile_svc; do
		"$how" 'ignore' false
		case_is "$how: the status of a command that fails" "$STATUS" 1
		"$how" 'ignore' supervised-false
		case_is "$how: the same where the wrapper waits for it" "$STATUS" 1
	done
}

ignored_and_blocked() {
	local how

	for how in hostile hostile_svc; do
		"$how" 'ignore block' state
		case_is "$how: none is ignored, blocked or caught in the command" "$(facts SigBlk SigIgn SigCgt)" \
			"SigBlk=$NO_SIGNAL SigIgn=$NO_SIGNAL SigCgt=$NO_SIGNAL "
	done
}

# These lines make sudo become the command without a process between: then timers get through it.
timers() {
	local set="import os, signal, sys
for timer in (signal.ITIMER_REAL, signal.ITIMER_VIRTUAL, signal.ITIMER_PROF):
    signal.setitimer(timer, 1000)
os.execvp(sys.argv[1], sys.argv[1:])"

	sed -i 's/^Defaults use_pty/Defaults !use_pty, !pam_session, !pam_setcred, !syslog/' /etc/sudoers
	echo "svc ALL=(root) NOPASSWD: $EXEC/timers" >/etc/sudoers.d/neighbour
	capture as_svc /usr/bin/python3 -c "$set" sudo -n "$EXEC/timers"
	case_is 'timers get through sudo' "$STATUS $OUT" '0 3'
	capture as_svc /usr/bin/python3 -c "$set" sudo -n "$WRAPPER" "$SANDBOX_CONF" timers
	case_is 'not through the wrapper' "$STATUS $OUT" '0 0'
	capture /usr/bin/python3 -c "$set" "$WRAPPER" "$SANDBOX_CONF" timers
	case_is 'nor without sudo' "$STATUS $OUT" '0 0'
	sed -i 's/^Defaults !use_pty.*/Defaults use_pty/' /etc/sudoers
	rm /etc/sudoers.d/neighbour
}

denied_silently() {
	sleep 0.1
	as_svc sudo -n "$WRAPPER" "$SANDBOX_CONF" nonsense 2>&1
}

# A pipe that is full and that nobody reads: the message waits for ever, the record is written long before.
full_pipe() {
	local denied

	mkfifo "$SANDBOX/pipe"
	exec 7<>"$SANDBOX/pipe"
	/usr/bin/python3 -c '
import os
os.set_blocking(7, False)
try:
    while True:
        os.write(7, b"x")
except BlockingIOError:
    os.set_blocking(7, True)'
	"$WRAPPER" "$SANDBOX_CONF" nonsense 2>&7 &
	denied=$!
	case_ok 'nobody reads a full pipe: the record does not wait' wait_until grep -aq 'cmd=nonsense$' "$AUDIT_LOG"
	case_is 'only the message does' "$(ps -o comm= -p "$denied")" privsep-wrap
	kill -KILL "$denied"
	wait "$denied" 2>/dev/null || true
	exec 7>&-
	rm "$SANDBOX/pipe"
}

lost_messages() {
	: >"$AUDIT_LOG"
	AUDIT_SEEN=0
	full_pipe
	audit_mark
	STATUS=0
	as_svc sudo -n "$WRAPPER" "$SANDBOX_CONF" nonsense 2>/dev/full || STATUS=$?
	case_is 'no room for the message: denied' "$STATUS" 99
	case_record 'no room for the message: recorded' ': deny .* cmd=nonsense$'
	denied_silently | true
	case_is 'a closed pipe: denied' "${PIPESTATUS[0]}" 99
	case_record 'a closed pipe: recorded' ': deny .* cmd=nonsense$'
}

directories() {
	local deep=$HOME_OF_SVC/deep

	as_svc mkdir "$deep"
	# shellcheck disable=SC2016     # expanded by svc's shell
	capture as_svc sh -c 'cd "$1" && rmdir "$1" && shift && exec sudo -n "$@"' \
		sh "$deep" "$WRAPPER" "$SANDBOX_CONF" canary
	case_is 'it is gone: the canary runs' "$STATUS $(canary)" '0 yes'
	case_record 'it is gone: an unknown' ': allow .* cwd=- '
	as_svc mkdir "$deep"
	# shellcheck disable=SC2016     # expanded by svc's shell
	capture as_svc sh -c 'cd "$1" && chmod 0 "$1" && shift && exec sudo -n "$@"' \
		sh "$deep" "$WRAPPER" "$SANDBOX_CONF" state
	case_is 'nobody may search it: it stays the command'\''s' "$STATUS $(fact cwd)" "0 $deep"
	as_svc chmod 0700 "$deep"
	as_svc mkdir -p "$deep/etc/app"
	impostor canary
	audit_mark
	wrap_from "$HOME_OF_SVC" canary
	case_record 'it has a program of that name: not that one runs' \
		": allow .* exe=$EXEC/canary argc=1 cmd=canary\$"
	wrap_from "$deep" ./canary
	case_is 'nor a policy' "$STATUS" 99
}

# killed FILTER: whoever started the wrapper is killed while the command runs.
killed() {
	local parent

	rm -f "$SANDBOX/began" "$SANDBOX/gate" "$SANDBOX/finished"
	mkfifo "$SANDBOX/gate"
	"$BASH" -c '"$@"; exit 0' bash "$WRAPPER" "$SANDBOX_CONF" "$1" >/dev/null 2>&1 &
	parent=$!
	wait_until test -e "$SANDBOX/began"
	kill -KILL "$parent"
	wait "$parent" 2>/dev/null || true
	echo >"$SANDBOX/gate"
	case_ok "$1: the command finishes what it began" wait_until test -e "$SANDBOX/finished"
}

killed_parent() {
	audit_mark
	killed slow
	case_record 'the start was recorded' ': allow .* cmd=slow$'
	killed supervised-slow
	case_ok 'supervised: its end is recorded' wait_until grep -q ': exit .* status=0 signal=- ' "$AUDIT_LOG"
	kinds_of_records
	case_is 'supervised: one record of the start, one of the end' "$KINDS" '1 allow 1 exit'
	hostile deathsig death-signal
	case_is 'no signal for the parent'\''s end is left to the command' "$STATUS $OUT" '0 0'
}

helpers() {
	process_helpers
	program tell-descriptors <<-END
		#!/bin/sh
		(ls -l /proc/\$\$/fd >$SANDBOX/seen)
		exit
	END
	program timers <<-'END'
		#!/usr/bin/python3
		import signal
		timers = (signal.ITIMER_REAL, signal.ITIMER_VIRTUAL, signal.ITIMER_PROF)
		print(sum(signal.getitimer(timer)[0] > 0 for timer in timers))
	END
	program slow <<-END
		#!/bin/sh
		echo >$SANDBOX/began
		read -r line <$SANDBOX/gate
		echo >$SANDBOX/finished
	END
	program death-signal <<-'END'
		#!/usr/bin/python3
		import ctypes
		number = ctypes.c_int()
		ctypes.CDLL(None).prctl(2, ctypes.byref(number))
		print(number.value)
	END
	cp "$EXEC/slow" "$EXEC/supervised-slow"
	cp /usr/bin/false "$EXEC/supervised-false"
}

# shellcheck source=tests/attacks/support/caller.sh
. "$(dirname "$0")/support/caller.sh"
helpers
policy <<-'END'
	state: CommandFilter, state, root
	canary: CommandFilter, canary, root
	tell-descriptors: CommandFilter, tell-descriptors, root
	cat: CommandFilter, cat, root
	false: CommandFilter, false, root
	supervised-false: CommandFilter, supervised-false, root
	timers: CommandFilter, timers, root
	slow: CommandFilter, slow, root
	supervised-slow: CommandFilter, supervised-slow, root
	death-signal: CommandFilter, death-signal, root
	[Context supervised]
	filters = supervised-false, supervised-slow
	log_exit = True
END
attack PROC-01 'descriptors left open for the command' descriptors
attack PROC-03 'standard descriptors closed, so that files take their place' closed_descriptors
attack PROC-04 'standard input for a command, or for the wrapper' standard_input
attack PROC-05 'SIGCHLD ignored, so that no failure is seen' ignored_child_signal
attack PROC-06 'signals ignored and blocked' ignored_and_blocked
attack PROC-09 'a timer that goes off in the command' timers
attack PROC-21 'messages that cannot be written' lost_messages
attack PROC-22 'a working directory that is gone, closed, or full of impostors' directories
attack PROC-23 'the caller is killed while the command runs' killed_parent
tap_done
# Left out: PROC-22, FUSE: not a device of the sandbox; the kernel answers getcwd(2) itself.
