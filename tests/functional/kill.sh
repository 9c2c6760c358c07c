#!/bin/bash
# KillFilter through sudo: it ends processes of the filter's program, with the filter's signals, and no others.
set -eu
# shellcheck source=tests/functional/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/functional/support/programs.sh
. "$(dirname "$0")/support/programs.sh"
# shellcheck source=tests/functional/support/targets.sh
. "$(dirname "$0")/support/targets.sh"

daemon=$EXEC/daemon
other=$EXEC/other
home=$SANDBOX/home/svc

# ended_by NAME STATUS: the process PID has ended with it.
ended_by() {
	tap_is "$1" "$(target_end)" "$2"
}

# alive NAME: nothing has happened to the process PID.
alive() {
	tap_is "$1: it lives on" "$(target_state)" S
}

# spared NAME ARG...: `kill ARG...` is refused and leaves PID alone.
spared() {
	refused "$1" kill "${@:2}"
	alive "$1"
}

test_allowed() {
	policy <<-END
		kill: KillFilter, root, $daemon, -9, -HUP
		term: KillFilter, root, $other
		named: KillFilter, root, helper, -TERM
		app: KillFilter, app, $EXEC/of-root, -TERM
	END
	start "$daemon"
	allowed 'a listed signal by number' kill -9 "$PID"
	ended_by 'it was KILL' 137
	start "$daemon"
	allowed 'a listed signal by name' kill -HUP "$PID"
	ended_by 'it was HUP' 129
	start "$other"
	allowed 'without a signal where none is listed' kill "$PID"
	ended_by 'it was TERM' 143
	start "$EXEC/helper"
	allowed 'a bare name in exec_dirs' kill -TERM "$PID"
	ended_by 'it was TERM, too' 143
	start "$EXEC/of-root"
	wrap kill -TERM "$PID"
	tap_is 'for a run-as user the kernel'\''s own rule stands' "$STATUS" 1
	alive 'a process that the run-as user may not signal'
	finish
}

test_signals() {
	start "$daemon"
	spared 'a signal that is not listed' -TERM "$PID"
	spared 'another spelling of a listed one' -KILL "$PID"
	spared 'another spelling of a listed number' -09 "$PID"
	spared 'a listed one as two words' -s 9 "$PID"
	spared 'no signal' "$PID"
	spared 'an option' -l "$PID"
	spared 'two processes' -9 "$PID" "$PID"
	spared 'no process' -9
	finish
}

# N stands for the number.
test_spellings() {
	local form

	start "$daemon"
	for form in ' N' 'N ' '+N' '0N' $'N\n' N.0 -N N/../N; do
		spared "the number as $(printf %q "$form")" -9 "${form//N/$PID}"
	done
	spared 'the number in hexadecimal' -9 "0x$(printf %x "$PID")"
	spared 'the number with an underscore' -9 "${PID:0:1}_${PID:1}"
	# shellcheck disable=SC2001     # digit by digit
	spared 'the number in fullwidth digits' -9 "$(printf %b "$(sed 's/./\\xef\\xbc\\x9&/g' <<<"$PID")")"
	spared 'the number plus 2^32' -9 "$((PID + (1 << 32)))"
	spared 'the number plus 2^64' -9 "1844674407370955$((1616 + PID))"
	for form in '' -1 0 1 self '*'; do
		spared "the process \"$form\"" -9 "$form"
	done
	finish
}

test_other_processes() {
	start "$EXEC/of-root"
	spared 'another program'\''s process' -9 "$PID"
	finish
	cp /usr/bin/sleep "$home/helper"
	start "$home/helper"
	spared 'a program of that name outside exec_dirs' -TERM "$PID"
	finish
	cp /usr/bin/sleep "$home/daemon"
	start_as "$home/daemon" bash -c "exec -a '$daemon' '$home/daemon' 600"
	spared 'a process that only calls itself so' -9 "$PID"
	finish
}

# In namespaces of his own any user can put any file in the place of the program.
test_namespace() {
	cp /usr/bin/sleep "$home/mimic"
	start_as "$home/mimic" unshare --user --map-root-user --mount \
		sh -c "mount --bind '$home/mimic' '$daemon' && exec '$daemon' 600"
	tap_is 'the kernel gives the path of the program' "$(readlink "/proc/$PID/exe")" "$daemon"
	spared 'a file in its place in namespaces of one'\''s own' -9 "$PID"
	finish
}

test_replaced() {
	start "$daemon"
	cp "$daemon" "$daemon.new"
	mv "$daemon.new" "$daemon"
	allowed 'the program'\''s file was replaced meanwhile' kill -9 "$PID"
	ended_by 'it was KILL, too' 137
	start "$daemon"
	rm "$daemon"
	allowed 'the program'\''s file was removed meanwhile' kill -9 "$PID"
	ended_by 'it was KILL again' 137
}

for name in daemon other helper of-root; do
	cp /usr/bin/sleep "$EXEC/$name"
done
test_allowed
test_signals
test_spellings
test_other_processes
test_namespace
test_replaced
tap_done
