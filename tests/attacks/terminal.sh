#!/bin/bash
# Keys of the terminal that should stop or kill the wrapper at a bad moment, and a command that types for its caller.
# shellcheck disable=SC2317     # functions are called by name
set -eu
# shellcheck source=tests/attacks/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/attacks/support/stopped.sh
. "$(dirname "$0")/support/stopped.sh"

# killed_at SIGNAL CALL NUMBER RECORDS: kills the wrapper behind its so-manyth call; so many records are there then.
killed_at() {
	audit_mark
	capture strace -o "$TRACE" -e trace="$2" -e inject="$2:signal=$1:when=$3" "$WRAPPER" "$SANDBOX_CONF" canary
	kinds_of_records
	case_is "$1 behind $2 $3" "$(canary) ${KINDS:-none} $(tail -n 1 "$TRACE")" "no $4 +++ killed by SIG$1 +++"
}

killed_by_keys() {
	local signal

	for signal in INT QUIT HUP; do
		killed_at "$signal" openat 2 none
		killed_at "$signal" getdents64 1 '1 allow'
		killed_at "$signal" sendto 1 '1 allow'
		killed_at "$signal" setresuid 1 '1 allow'
	done
}

# Typed on a terminal as soon as the command says something; and interrupts at any time.
keys() {
	local key runs records
	local -A keys=([interrupt]=130 [quit]=131 [hangup]=129)

	audit_mark
	for key in interrupt quit hangup; do
		capture as_svc /usr/bin/python3 "$SANDBOX/terminal.py" "$key" -- \
			sudo -n "$WRAPPER" "$SANDBOX_CONF" stay
		case_like "$key, while the command runs: it ends by that" "$OUT" "^status ${keys[$key]}\$"
	done
	kinds_of_records
	case_is 'each has its record' "$KINDS" '3 allow'
	: >"$SANDBOX/tmp/effects"
	chmod 0666 "$SANDBOX/tmp/effects"
	for _ in 1 2 3 4 5 6 7 8; do
		as_svc timeout -s INT "0.$((RANDOM % 9 + 1))" sudo -n "$WRAPPER" "$SANDBOX_CONF" effect \
			>/dev/null 2>&1 || true
	done
	runs=$(wc -l <"$SANDBOX/tmp/effects")
	records=$(audit_records | grep -c ': allow .* cmd=effect$' || true)
	case_ok "at any time: $runs effects, $records records" test "$runs" -le "$records"
}

# never_stopped SIGNAL: it comes with each of these calls, which the wrapper makes and the command does not.
never_stopped() {
	local tracer calls=getdents64,connect,sendto,setgroups,setresgid,setresuid,capset,getgroups

	rm -f "$TRACE"
	set -m                          # a process group with a parent outside of it: else the kernel stops nobody
	strace -o "$TRACE" -e trace="$calls" -e inject="$calls:signal=$1" \
		"$WRAPPER" "$SANDBOX_CONF" canary >/dev/null 2>&1 &
	tracer=$!
	set +m
	wait_until eval "grep -qs -e 'stopped by' -e '+++ exited' $TRACE"
	case_ok "$1 comes" grep -q "^--- SIG$1 " "$TRACE"
	case_is "$1: never stopped" \
		"$(grep -c 'stopped by' "$TRACE" || true) $(tail -n 1 "$TRACE")" '0 +++ exited with 0 +++'
	pkill -KILL -P "$tracer" || true
	wait "$tracer" || true
	case_is "$1: the command runs" "$(canary)" yes
}

stop_keys() {
	local signal

	for signal in TSTP TTIN TTOU; do
		never_stopped "$signal"
	done
	capture /usr/bin/python3 "$SANDBOX/terminal.py" suspend -- "$WRAPPER" "$SANDBOX_CONF" speak
	case_like 'a command that is stopped goes on when its caller wants it to' "$OUT" '^status 0$'
}

typing_by_nobody() {
	capture as_svc /usr/bin/python3 "$SANDBOX/terminal.py" -- "$EXEC/type"
	if [ "$(cat /proc/sys/dev/tty/legacy_tiocsti 2>/dev/null || echo 1)" = 1 ]; then
		case_like 'a command of the caller'\''s own can' "$OUT" "^typed b'reboot"
	fi
	typed_by type-nobody
}

typing_by_root() {
	typed_by type
	typed_by type-all
	case_like 'the manual says on what that rests' "$(tr '\n' ' ' <"$(dirname "$0")/../../man/privsep-wrap.8")" \
		'can be reached through it: leave .Cm use_pty on'
}

# typed_by COMMAND: it puts a line into the terminal that it has got, by each descriptor and by /dev/tty.
typed_by() {
	capture as_svc /usr/bin/python3 "$SANDBOX/terminal.py" -- sudo -n "$WRAPPER" "$SANDBOX_CONF" "$1"
	case_like "$1: it tried" "$OUT" '^tried'
	case_like "$1: the caller's terminal has got nothing of it" "$OUT" "^typed b''$"
}

command -v strace >/dev/null || tap_skip_all 'needs strace'
cp "$(dirname "$0")/support/terminal.py" "$SANDBOX/"
# shellcheck source=tests/attacks/support/caller.sh
. "$(dirname "$0")/support/caller.sh"
program type <<-'END'
	#!/usr/bin/python3
	import fcntl, os, termios
	descriptors = [0, 1, 2]
	try:
	    descriptors.append(os.open('/dev/tty', os.O_RDWR))
	except OSError:
	    pass
	print('tried', flush=True)
	for descriptor in descriptors:
	    for byte in b'reboot\n':
	        try:
	            fcntl.ioctl(descriptor, termios.TIOCSTI, bytes([byte]))
	        except OSError:
	            pass
END
cp "$EXEC/type" "$EXEC/type-nobody"
cp "$EXEC/type" "$EXEC/type-all"
# With exec: a shell that is in vfork(2) while its child is stopped neither stops nor goes on.
program speak <<-'END'
	#!/bin/sh
	echo spoken
	exec sleep 0.3
END
program stay <<-'END'
	#!/bin/sh
	echo spoken
	exec sleep 30
END
program effect <<-END
	#!/bin/sh
	echo effect >>$SANDBOX/tmp/effects
END
policy <<-'END'
	canary: CommandFilter, canary, root
	speak: CommandFilter, speak, root
	stay: CommandFilter, stay, root
	effect: CommandFilter, effect, root
	type: CommandFilter, type, root
	type-nobody: CommandFilter, type-nobody, app
	type-all: CommandFilter, type-all, root
	[Context all]
	filters = type-all
	capabilities = all
END
attack PROC-07 'interrupt, quit and hangup between the record and the command' killed_by_keys
attack PROC-07 'the same keys on a terminal, and at any time' keys
attack PROC-08 'suspend between check and use' stop_keys
attack PROC-10 'a command without privileges types for its caller' typing_by_nobody
attack PROC-11 'a command with all capabilities types for its caller' typing_by_root
tap_done
