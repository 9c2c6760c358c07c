#!/bin/bash
# Attacks on KillFilter by the words: no spelling makes the wrapper signal what the filter does not mean.
# shellcheck disable=SC2317     # functions are called by name
set -eu
# shellcheck source=tests/attacks/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/functional/support/targets.sh
. "$(dirname "$0")/../functional/support/targets.sh"
# shellcheck source=tests/attacks/support/kill.sh
. "$(dirname "$0")/support/kill.sh"

daemon=$EXEC/daemon

# In the forms, N stands for the number.
attack_number() {
	local form

	start "$daemon"
	for form in ' N' 'N ' '+N' '0N' '000000N' $'N\n' $'\tN' N. N.0 N/../N %N "'N'" N,N -N ''; do
		spared "$(printf %q "$form")" -9 "${form//N/$PID}"
	done
	spared 'hexadecimal' -9 "0x$(printf %x "$PID")"
	spared 'octal' -9 "0$(printf %o "$PID")"
	spared 'with an underscore' -9 "${PID:0:1}_${PID:1}"
	# shellcheck disable=SC2001     # digit by digit
	spared 'in fullwidth digits' -9 "$(printf %b "$(sed 's/./\\xef\\xbc\\x9&/g' <<<"$PID")")"
	spared 'plus 2^32' -9 "$((PID + (1 << 32)))"
	spared 'plus 2^64' -9 "1844674407370955$((1616 + PID))"
	spared 'as a name' -9 self
	spared 'as a name of the program' -9 daemon
	ended 'plain' -9 "$PID"
}

# The test itself is process 1 here, and its program has a filter.
attack_many() {
	local form

	# The sandbox has laid other files over the machine's: a filter's path must lead to the very file.
	mount -c --bind /proc/1/exe "$(readlink /proc/1/exe)"
	start "$daemon"
	for form in -1 0 1 -0 "-$PID" '*' -; do
		spared "$form" -9 "$form"
	done
	spared 'all, behind --' -- -1
	spared 'all, behind a signal and --' -9 -- -1
	spared 'two' -9 "$PID" "$PID"
	spared 'all, behind one' -9 "$PID" -1
	spared 'none' -9
	# shellcheck disable=SC2016     # expanded by svc's shell
	capture as_svc sh -c 'exec sudo -n "$@" $$' sh "$WRAPPER" "$SANDBOX_CONF" kill -9
	case_is 'sudo: denied' "$STATUS$OUT" 99
	case_record 'sudo: recorded' ': deny .* reason=no-match '
	# shellcheck disable=SC2016     # expanded by the inner shell
	capture sh -c 'exec "$@" $$' sh "$WRAPPER" "$SANDBOX_CONF" kill -9
	case_is 'the wrapper: denied' "$STATUS$OUT" 99
	case_record 'the wrapper: recorded' ': deny .* reason=no-match '
	ended 'one' -9 "$PID"
	umount "$(readlink /proc/1/exe)"
}

attack_signal() {
	local words

	start "$daemon"
	while read -ra words; do
		spared "kill ${words[*]} PID" "${words[@]}" "$PID"
	done <<-'END'
		-KILL
		-SIGKILL
		-kill
		-09
		-9.
		-+9
		-9 -9
		-s 9
		-s KILL
		-n 9
		--signal 9
		--signal=9
		-l
		-L
		-q 1
		--
		-9 --
		-0
		-65
		-TERM
		9
	END
	spared 'no signal' "$PID"
	spared 'an empty one' '' "$PID"
	spared 'behind the number' "$PID" -9
	spared 'with a blank' ' -9' "$PID"
	ended 'as it is listed' -9 "$PID"
}

cp /usr/bin/sleep "$daemon"
policy <<-END
	kill: KillFilter, root, $daemon, -9
	shell: KillFilter, root, $(readlink /proc/1/exe), -TERM, -9
END
attack KILL-01 'other spellings of a process ID' attack_number
attack KILL-02 'all processes, groups, the first process, several' attack_many
attack KILL-09 'other spellings of a signal' attack_signal
tap_done
