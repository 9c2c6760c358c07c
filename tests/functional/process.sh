#!/bin/bash
# What a hostile caller does to its own process, and what of it the command sees: nothing but its standard input,
# output and error, and the working directory.
set -eu
# shellcheck source=tests/functional/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/functional/support/programs.sh
. "$(dirname "$0")/support/programs.sh"

# hostile SETTINGS COMMAND [ARG...]: the wrapper, directly, from a process of those settings (support/hostile.py).
hostile() {
	capture /usr/bin/python3 "$SANDBOX/hostile.py" "$1" "$WRAPPER" "$SANDBOX_CONF" "${@:2}"
}

# The same by svc, through sudo.
hostile_svc() {
	capture as_svc /usr/bin/python3 "$SANDBOX/hostile.py" "$1" /usr/bin/sudo -n "$WRAPPER" "$SANDBOX_CONF" "${@:2}"
}

# For sh -c: its own descriptors, written down because standard output may be closed.
# shellcheck disable=SC2016     # expanded by the command
write_descriptors='(ls -l /proc/$$/fd >/run/sandbox/seen); exit'

# Number and file of each.
descriptors_seen() {
	sed -n 's/.* \([0-9]*\) -> /\1 /p' "$SANDBOX/seen"
	rm "$SANDBOX/seen"
}

test_descriptors() {
	hostile descriptors sh -c "$write_descriptors"
	tap_is 'inherited descriptors: none arrives' "$(descriptors_seen | cut -d' ' -f1 | tr '\n' ' ')" '0 1 2 '
}

test_closed_descriptors() {
	local set number wanted

	for set in 0 1 2 '0 1' '0 2' '1 2' '0 1 2'; do
		hostile "close=${set// / close=}" sh -c "$write_descriptors"
		wanted=''
		for number in $set; do
			wanted+="$number /dev/null "
		done
		tap_is "descriptors closed ($set): they are /dev/null" \
			"$STATUS $(descriptors_seen | grep "^[${set// /}] " | tr '\n' ' ')" "0 $wanted"
	done
	audit_mark
	hostile close=2 nonsense
	audit_flush
	tap_is 'standard error closed: no message goes into the socket of syslog' \
		"$STATUS $(tail -n "+$((AUDIT_SEEN + 1))" "$AUDIT_LOG" | grep -vc -e ' deny ' -e 'sandbox')" '99 0'
}

signals_of_command() {
	sed -n 's/^\(SigBlk\|SigIgn\|SigCgt\):\t/\1 /p' "$SANDBOX/out"
}

test_signals() {
	local none=0000000000000000

	hostile 'ignore block' cat /proc/self/status
	tap_is 'signals ignored and blocked: not in the command' "$(signals_of_command)" \
		"SigBlk $none"$'\n'"SigIgn $none"$'\n'"SigCgt $none"
	hostile_svc 'ignore block' cat /proc/self/status
	tap_is 'signals ignored and blocked, through sudo: not in the command' "$(signals_of_command)" \
		"SigBlk $none"$'\n'"SigIgn $none"$'\n'"SigCgt $none"
}

test_timers() {
	hostile timers busy
	tap_is 'timers: the command outlives them' "$STATUS$OUT" 0alive
}

test_umask() {
	local mask

	for mask in 0 777; do
		rm -rf "$SANDBOX/made"
		hostile_svc umask=$mask make
		tap_is "umask $mask: file and directory have the usual modes" \
			"$STATUS $(stat -c %a "$SANDBOX/made" "$SANDBOX/made/file" | tr '\n' ' ')" '0 755 644 '
	done
}

# limits FILE: those that the wrapper raises, as /proc shows them.
limits() {
	local names='cpu time|file size|data size|processes|locked memory|address space'

	grep -E "^Max ($names|file locks|pending signals|msgqueue size) " "$1"
}

# limit NAME: soft and hard of the command.
limit() {
	sed -n -E "s/^Max $1 +([^ ]+) +([^ ]+) .*/\1 \2/p" "$SANDBOX/out"
}

test_limits() {
	local how

	for how in hostile hostile_svc; do
		"$how" limits cat /proc/self/limits
		tap_is "$how limits: no lower than those of PID 1" "$(limits "$SANDBOX/out")" "$(limits /proc/1/limits)"
		tap_is "$how limits: no core files" "$(limit 'core file size')" '0 0'
		tap_like "$how limits: 8 MiB of stack" "$(limit 'stack size')" '^8388608 '
		tap_like "$how limits: open files as by default" "$(limit 'open files')" '^1024 '
	done
	conf_with <<<'rlimit_nofile = 77'
	wrap cat /proc/self/limits
	tap_like 'limits: open files as in the conf' "$(limit 'open files')" '^77 '
	conf_with <<<'audit_required = True'
}

test_personality() {
	hostile_svc personality cat /proc/self/personality /proc/sys/kernel/osrelease
	tap_is 'personality: the usual one' "$OUT" "$(cat /proc/self/personality /proc/sys/kernel/osrelease)"
}

test_death_signal() {
	hostile deathsig death-signal
	tap_is 'parent-death signal: none' "$OUT" 0
}

environment_of() {
	printf '%s\n' "PATH=$EXEC:/usr/sbin:/usr/bin" "HOME=$2" "USER=$1" "LOGNAME=$1" 'SHELL=/bin/sh' 'LANG=C.UTF-8' "${@:3}"
}

test_environment() {
	hostile environ env
	tap_is 'environment: these six, for root' "$OUT" "$(environment_of root /root)"
	hostile environ env-of-app
	tap_is 'environment: these six, for another user' "$OUT" "$(environment_of app "$SANDBOX/home/app")"
	hostile_svc environ env
	tap_is 'environment: these six, through sudo' "$OUT" "$(environment_of root /root)"
	conf_with <<<'env_keep = KEEP_*, TERM, NONE'
	hostile environ env
	tap_is 'environment: and what the conf keeps, the first of two' "$OUT" \
		"$(environment_of root /root TERM=xterm KEEP_ONE=first KEEP_TWO=a$'\n\xff=b')"
	conf_with <<<'audit_required = True'
}

# shellcheck disable=SC2317     # called by gigabyte_through_cat
gigabyte() {
	/usr/bin/python3 "$SANDBOX/gigabyte.py" "$1"
}

# shellcheck disable=SC2317     # called by tap_ok
gigabyte_through_cat() {
	gigabyte write | as_svc sudo -n "$WRAPPER" "$SANDBOX_CONF" cat | gigabyte check
}

test_streams() {
	tap_ok 'streams: 1 GB through cat, byte for byte' gigabyte_through_cat
	wrap sh -c 'echo out; echo err >&2'
	tap_is 'streams: output and error stay apart' "$OUT|$ERR" 'out|err'
	wrap readlink /proc/self/fd/0 </dev/zero
	tap_is 'streams: standard input is the caller'\''s' "$OUT" /dev/zero
	capture pipe_into 'head -n 1' direct_yes
	tap_is 'streams: whoever writes into a closed pipe dies of it' "$STATUS" 141
	trap '' PIPE
	capture pipe_into 'head -n 1' direct_yes
	trap - PIPE
	tap_is 'streams: even if its caller ignores that' "$STATUS" 141
}

# shellcheck disable=SC2317     # called by pipe_to_head
direct_yes() {
	"$WRAPPER" "$SANDBOX_CONF" yes
}

# pipe_into READER COMMAND: the status of the command.
# shellcheck disable=SC2317     # called by capture
pipe_into() {
	# shellcheck disable=SC2086     # a command and its arguments
	"$2" | $1
	return "${PIPESTATUS[0]}"
}

# A caller must not get out of a record by making its message fail.
test_lost_messages() {
	audit_mark
	"$WRAPPER" "$SANDBOX_CONF" nonsense 2>/dev/full || STATUS=$?
	tap_is 'no room for the message: denied' "$STATUS" 99
	capture pipe_into true denied_late
	tap_is 'nobody reads the message: denied' "$STATUS" 99
	tap_is 'each has its record' "$(audit_records | grep -c '^<85>.* deny .* cmd=nonsense$')" 2
}

# Once nobody reads any more.
# shellcheck disable=SC2317     # called by pipe_into
denied_late() {
	sleep 0.2
	"$WRAPPER" "$SANDBOX_CONF" nonsense 2>&1
}

test_directory() {
	mkdir -m 0700 "$SANDBOX/home/svc/deep"
	chown svc: "$SANDBOX/home/svc/deep"
	wrap_from "$SANDBOX/home/svc/deep" pwd
	tap_is 'working directory: the caller'\''s' "$STATUS $OUT" "0 $SANDBOX/home/svc/deep"
	# shellcheck disable=SC2016     # expanded by svc's shell
	capture as_svc sh -c 'cd "$1" && rmdir "$1" && shift && exec sudo -n "$@"' sh \
		"$SANDBOX/home/svc/deep" "$WRAPPER" "$SANDBOX_CONF" true
	tap_is 'working directory: one that is gone is no obstacle' "$STATUS" 0
	tap_like 'working directory: and recorded as unknown' "$(audit_records | tail -n 1)" ' allow .* cwd=- '
}

test_argv() {
	hostile_bare argv0=none
	tap_is 'argv: empty' "$STATUS $ERR" '98 privsep-wrap: No command specified'
	hostile_bare 'argv0='
	tap_is 'argv: an empty name' "$STATUS $ERR" '98 privsep-wrap: No command specified'
	hostile argv0=$'/x/\e[2J' nonsense
	tap_is 'argv: a name that a terminal would obey' "$STATUS ${ERR%%:*}" '99 privsep-wrap'
	hostile argv0="$(printf '%9000s' '' | tr ' ' x)" nonsense
	tap_is 'argv: a long name' "$STATUS ${ERR%%:*}" '99 privsep-wrap'
	hostile argv0=/etc/sudoedit nonsense
	tap_is 'argv: another program'\''s name' "$STATUS ${ERR%%:*}" '99 sudoedit'
	audit_mark
	hostile argv0=sudoedit true
	tap_like 'argv: the record has none of it' "$(audit_records)" '^<86>privsep-wrap\[[0-9]+\]: allow '
}

# hostile_bare SETTINGS: the wrapper without any argument.
hostile_bare() {
	capture /usr/bin/python3 "$SANDBOX/hostile.py" "$1" "$WRAPPER"
}

cp "$(dirname "$0")/support/"{hostile,gigabyte}.py "$SANDBOX/"
program busy <<-'END'
	#!/bin/sh
	sleep 0.5
	i=0
	while [ $i -lt 300000 ]; do
		i=$((i + 1))
	done
	echo alive
END
program make <<-END
	#!/bin/sh
	mkdir $SANDBOX/made
	>$SANDBOX/made/file
END
program death-signal <<-'END'
	#!/usr/bin/python3
	import ctypes
	number = ctypes.c_int()
	ctypes.CDLL(None).prctl(2, ctypes.byref(number))
	print(number.value)
END
policy <<-'END'
	cat: CommandFilter, cat, root
	busy: CommandFilter, busy, root
	make: CommandFilter, make, root
	death-signal: CommandFilter, death-signal, root
	env-of-app: RegExpFilter, env, app, env-of-app
	env: CommandFilter, env, root
	sh: CommandFilter, sh, root
	readlink: CommandFilter, readlink, root
	yes: CommandFilter, yes, root
	pwd: CommandFilter, /usr/bin/pwd, root
	true: CommandFilter, true, root
END
test_descriptors
test_closed_descriptors
test_signals
test_timers
test_umask
test_limits
test_personality
test_death_signal
test_environment
test_streams
test_lost_messages
test_directory
test_argv
tap_done
