#!/bin/bash
# Limits, modes and other properties of its process by which a caller makes root's command fail half-way, lie or leave
# something behind that others can use.
# shellcheck disable=SC2317     # functions are called by name
set -eu
# shellcheck source=tests/attacks/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/attacks/support/process.sh
. "$(dirname "$0")/support/process.sh"
# shellcheck source=tests/attacks/support/stopped.sh
. "$(dirname "$0")/support/stopped.sh"

masks() {
	local mask

	for mask in 0 777; do
		rm -rf "$SANDBOX/made"
		hostile_svc "umask=$mask" make
		case_is "umask $mask: the usual modes" \
			"$STATUS $(stat -c %a "$SANDBOX/made" "$SANDBOX/made/file" | tr '\n' ' ')" '0 755 644 '
	done
}

# bounded LIMITS HOW COMMAND [ARG...]: from a shell with these limits, soft and hard.
bounded() {
	local as=()

	[ "$2" = direct ] || as=(as_svc)
	# shellcheck disable=SC2016     # expanded by the shell that has the limits
	capture "${as[@]}" "$BASH" -c 'eval "$1"; exec "${@:2}"' bash "$1" \
		${as[0]:+sudo -n} "$WRAPPER" "$SANDBOX_CONF" "${@:3}"
}

# Whether root may raise a hard limit at all (CAP_SYS_RESOURCE): in a container it often may not.
may_raise() {
	(((16#$(sed -n 's/^CapEff:\t//p' /proc/self/status) >> 24) & 1))
}

# last_says ASPECT COMMAND: that it could not be confined.
last_says() {
	case_like "$1: recorded" "$(audit_records | tail -n 1)" ": error .* reason=not-confined .* cmd=$2( |\$)"
}

# half_way ASPECT LIMITS: a command that would be cut off by them.
half_way() {
	rm -f "$SANDBOX/copy"
	audit_mark
	bounded "$2" sudo cp "$SANDBOX/whole" "$SANDBOX/copy"
	if [ "$1" = soft ] || may_raise; then
		case_is "$1 limits: the copy is whole" "$STATUS $(cmp "$SANDBOX/whole" "$SANDBOX/copy" 2>&1)" '0 '
		case_record "$1 limits: recorded" ': allow .* cmd=cp '
	else
		case_is "$1 limits: nothing is copied" "$STATUS $(ls "$SANDBOX/copy" 2>/dev/null)" '95 '
		last_says "$1 limits" cp
	fi
}

half_a_file() {
	head -c 100000 /dev/urandom >"$SANDBOX/whole"
	half_way soft 'ulimit -Sf 4'
	half_way hard 'ulimit -f 4'
}

# What PID 1 has, and what the conf says.
limits_are_usual() {
	local name

	for name in 'cpu time' 'file size' 'data size' 'processes' 'address space' 'locked memory' 'file locks' \
		'pending signals' 'msgqueue size'; do
		case_is "$1: $name" "$(limit "$name")" \
			"$(sed -n -E "s/^Max $name +([^ ]+) +([^ ]+) .*/\1 \2/p" /proc/1/limits)"
	done
	case_is "$1: open files" "$(limit 'open files' | cut -d ' ' -f 1)" 1024
	case_is "$1: stack" "$(limit 'stack size' | cut -d ' ' -f 1)" 8388608
	case_is "$1: core files" "$(limit 'core file size')" '0 0'
}

# small ASPECT HOW LIMITS: a command has the usual ones; or it does not run.
small() {
	audit_mark
	bounded "$3" "$2" state
	if [ "$1" = soft ] || may_raise; then
		limits_are_usual "$1, $2"
	else
		case_is "$1, $2: nothing runs" "$STATUS $OUT" '95 '
		last_says "$1, $2" state
	fi
}

# All at once; through sudo those that it survives itself.
small_limits() {
	small soft direct \
		'ulimit -Sc hard; ulimit -S -f 1 -t 2 -d 100000 -v 300000 -l 0 -u 1 -i 0 -q 0 -x 0 -s 1024 -n 16'
	small hard direct 'ulimit -f 1 -t 2 -d 100000 -v 300000 -l 0 -u 1 -i 0 -q 0 -x 0 -s 1024 -n 16'
	small soft sudo 'ulimit -S -f 8 -t 20 -v 300000 -l 0 -n 64 -s 4096'
	audit_mark
	capture strace -o /dev/null -e trace=prlimit64 -e inject=prlimit64:error=EPERM:when=1..2 \
		"$WRAPPER" "$SANDBOX_CONF" canary
	case_is 'limits that cannot be set: nothing runs' "$STATUS $(canary)" '95 no'
	last_says 'limits that cannot be set' canary
}

# The switch to a user that has too many processes must not fail for it.
no_processes() {
	bounded 'ulimit -Su 0' direct state-svc
	case_is 'the command of svc runs' "$STATUS $(fact Uid)" '0 2001 2001 2001 2001'
	hostile_svc limits state-svc
	case_is 'through sudo too' "$STATUS $(fact Uid)" '0 2001 2001 2001 2001'
}

# It holds the policy, and what it was started with, when it dies.
core_files() {
	mkdir "$SANDBOX/core"
	cat >"$SANDBOX/quit.py" <<-'END'
		import os, resource, signal, subprocess, sys
		resource.setrlimit(resource.RLIMIT_CORE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
		open('/proc/self/coredump_filter', 'w').write('0x7f')
		pid = os.spawnvp(os.P_NOWAIT, sys.argv[1], sys.argv[1:])
		status = os.waitpid(pid, 0)[1]
		print(os.WTERMSIG(status) == signal.SIGQUIT, os.WCOREDUMP(status))
	END
	capture env -C "$SANDBOX/core" strace -f -o "$TRACE" -e trace=sendto -e inject=sendto:signal=QUIT:when=1 \
		/usr/bin/python3 "$SANDBOX/quit.py" "$WRAPPER" "$SANDBOX_CONF" canary
	case_is 'killed by QUIT, no core' "$OUT $(canary) $(ls "$SANDBOX/core")" 'True False no '
	capture env -C "$SANDBOX/core" /usr/bin/python3 -c '
import resource, os, sys
resource.setrlimit(resource.RLIMIT_CORE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
os.execv(sys.argv[1], sys.argv[1:])' "$WRAPPER" "$SANDBOX_CONF" state
	case_is 'nor can the command leave one' "$(limit 'core file size')" '0 0'
}

# Machine checks kill early, pages are merged with equal ones, memory is of one node.
SETTINGS='ctypes.CDLL(None).prctl(33, 1, 1, 0, 0); ctypes.CDLL(None).prctl(67, 1, 0, 0, 0)
ctypes.CDLL(None).syscall(238, 2, ctypes.byref(ctypes.c_ulong(1)), 64)'
USUAL_SETTINGS='slack 50000 counter 1 subreaper 0 policy 0 mce 2 merge 0'

# What is only slow changes no decision; the manual lists it as kept.
poor_scheduling() {
	local slow='os.nice(19); os.sched_setscheduler(0, os.SCHED_BATCH, os.sched_param(0))
open("/proc/self/oom_score_adj", "w").write("1000"); ctypes.CDLL(None).prctl(29, 4000000000)
ctypes.CDLL(None).prctl(41, 1, 0, 0, 0); ctypes.CDLL(None).syscall(251, 1, 0, 3 << 13)
'"$SETTINGS"

	capture as_svc /usr/bin/python3 -c "import ctypes, os, sys
$slow
os.execvp(sys.argv[1], sys.argv[1:])" sudo -n "$WRAPPER" "$SANDBOX_CONF" canary
	case_is 'what is allowed runs' "$STATUS $(canary)" '0 yes'
	case_record 'and is recorded' ': allow .* cmd=canary$'
	capture as_svc /usr/bin/python3 -c "import ctypes, os, sys
$slow
os.execvp(sys.argv[1], sys.argv[1:])" sudo -n "$WRAPPER" "$SANDBOX_CONF" nonsense
	case_is 'what is not does not' "$STATUS" 99
	capture as_svc /usr/bin/python3 -c "import ctypes, os, sys
$slow
os.execvp(sys.argv[1], sys.argv[1:])" sudo -n "$WRAPPER" "$SANDBOX_CONF" state
	case_unlike 'huge pages are not off' "$OUT" 'THP_enabled:.*0'
	case_is 'nor anything else that can be set back' "$(fact settings)" "$USUAL_SETTINGS"
	capture /usr/bin/python3 -c "import ctypes, os, sys
$SETTINGS
ctypes.CDLL(None).prctl(36, 1, 0, 0, 0); ctypes.CDLL(None).prctl(26, 2, 0, 0, 0)
os.execvp(sys.argv[1], sys.argv[1:])" "$WRAPPER" "$SANDBOX_CONF" state
	case_is 'directly, with orphans to come and no time stamp counter' "$(fact settings)" "$USUAL_SETTINGS"
	audit_mark
	case_like 'the manual says what is kept' "$(tr '\n' ' ' <"$MANUAL")" \
		'nice value, scheduling policy, core scheduling, CPU affinity and I/O priority; the control group.*oom_score_adj'
}

old_personality() {
	hostile_svc personality state
	case_is 'no old version, no fixed addresses, by sudo' "$STATUS $(fact personality)" '0 0'
	hostile personality state
	case_is 'no old version, no fixed addresses, directly' "$STATUS $(fact personality)" '0 0'
}

# KEYRING of the caller, with a key in it that the command would find.
keyring() {
	local join='
import ctypes, os, sys
libc = ctypes.CDLL(None)
number = 250 if os.uname().machine == "x86_64" else 219
add = 248 if os.uname().machine == "x86_64" else 217
libc.syscall(number, 1, b"trap")
libc.syscall(add, b"user", b"bait", b"planted", 7, -3)
os.execvp(sys.argv[1], sys.argv[1:])'

	capture /usr/bin/python3 -c "$join" "$EXEC/find-key"
	case_is 'the key can be found' "$STATUS$OUT" 0found
	capture /usr/bin/python3 -c "$join" "$WRAPPER" "$SANDBOX_CONF" find-key
	case_is 'not by the command' "$STATUS$OUT" 0none
	capture as_svc /usr/bin/python3 -c "$join" sudo -n "$WRAPPER" "$SANDBOX_CONF" find-key
	case_is 'not by the command, through sudo' "$STATUS$OUT" 0none
}

# What a control group of the caller's does: no process is left to start, or the wrapper stands still.
control_group() {
	capture strace -o /dev/null -e trace=clone,clone3,fork,vfork -e inject=clone,clone3,fork,vfork:error=EAGAIN \
		"$WRAPPER" "$SANDBOX_CONF" supervised-canary
	case_is 'no process can be made: nothing runs' "$STATUS $(canary)" '95 no'
	last_says 'no process can be made' supervised-canary
	canary >/dev/null
	stopped_at sendto 1 others_run "$WRAPPER" "$SANDBOX_CONF" canary
	case_is 'thawed, it goes on' "$STATUS $(canary)" '0 yes'
}

others_run() {
	canary >/dev/null
	hostile_svc umask=22 canary
	case_is 'frozen: others are not held up' "$STATUS $(canary)" '0 yes'
}

MANUAL=$(dirname "$0")/../../man/privsep-wrap.8
command -v strace >/dev/null || tap_skip_all 'needs strace'
process_helpers
program make <<-END
	#!/bin/sh
	mkdir $SANDBOX/made
	>$SANDBOX/made/file
END
program find-key <<-'END'
	#!/usr/bin/python3
	import ctypes, os
	number = 250 if os.uname().machine == 'x86_64' else 219
	print('found' if ctypes.CDLL(None).syscall(number, 10, -3, b'user', b'bait', 0) > 0 else 'none')
END
cp "$EXEC/canary" "$EXEC/supervised-canary"
policy <<-'END'
	state: CommandFilter, state, root
	state-svc: CommandFilter, state-svc, svc
	canary: CommandFilter, canary, root
	supervised-canary: CommandFilter, supervised-canary, root
	make: CommandFilter, make, root
	cp: CommandFilter, cp, root
	find-key: CommandFilter, find-key, root
	[Context supervised]
	filters = supervised-canary
	log_exit = True
END
attack PROC-12 'a umask for files that all can write, or nobody can use' masks
attack PROC-13 'a limit of file sizes that leaves half a file' half_a_file
attack PROC-14 'limits too small for the command, and a kernel that sets none' small_limits
attack PROC-15 'no process for the user that the command runs as' no_processes
attack PROC-16 'a core file of the wrapper' core_files
attack PROC-17 'the lowest nice value, and what else makes slow' poor_scheduling
attack PROC-18 'a personality that lies to the command' old_personality
attack PROC-19 'a key in the session keyring' keyring
attack PROC-20 'a control group that makes no process, or freezes the wrapper' control_group
tap_done
# Left out: PROC-20, a control group itself: one would be made outside of the sandbox; its effects are the two above.
