#!/bin/bash
# Crowds, processes that are killed or stand still at a bad moment, and large policies: nobody waits for another, and
# nothing is left behind.  tests/functional/storm_load.sh is the long form.
# shellcheck disable=SC2317     # functions are called by name
set -eu
# shellcheck source=tests/attacks/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/attacks/support/stopped.sh
. "$(dirname "$0")/support/stopped.sh"

# All that a run could leave: files where anybody or root keeps some, locks, processes.
leftovers() {
	find /etc/app /run /dev/shm "$TMPDIR" -xdev -not -path "$SANDBOX/*" 2>/dev/null
	grep -v OFDLCK /proc/locks | cut -d: -f2-
	pgrep -c privsep-wrap
}

# nothing_but LEFTOVERS
nothing_but() {
	[ "$(leftovers || true)" = "$1" ]
}

# crowd RUNS STATUS COMMAND: at once, by svc through sudo; the statuses that were not this one.
crowd() {
	# shellcheck disable=SC2016     # expanded by svc's shells
	as_svc sh -c 'seq "$1" |
		xargs -P 32 -I "{}" sh -c "sudo -n \"\$@\" >/dev/null 2>&1 || echo \$?" sh "$2" "$3" "$4"' \
		sh "$1" "$WRAPPER" "$SANDBOX_CONF" "$3" | grep -vx "$2" | sort | uniq -c | xargs
}

many_at_once() {
	local before

	before=$(leftovers || true)
	case_is 'forty that are allowed' "$(crowd 40 0 canary)" ''
	case_is 'forty that are not' "$(crowd 40 99 nonsense)" ''
	case_is 'each ran' "$(wc -l <"$CANARY_MARK")" 40
	kinds_of_records
	case_is 'each has its record' "$KINDS" '40 allow 40 deny'
	case_ok 'nothing is left' wait_until nothing_but "$before"
}

others_are_served() {
	wrap true
	case_is 'others are served meanwhile' "$STATUS" 0
}

# One stands still, or is killed, at each of the steps where it holds something.
held_up() {
	local step

	for step in 'openat 3' 'sendto 1' 'setresuid 1'; do
		# shellcheck disable=SC2086     # two words
		stopped_at $step others_are_served "$WRAPPER" "$SANDBOX_CONF" canary
		case_is "stopped behind $step: it goes on" "$STATUS $(canary)" '0 yes'
		capture strace -o "$TRACE" -e trace="${step% *}" -e inject="${step% *}:signal=KILL:when=${step#* }" \
			"$WRAPPER" "$SANDBOX_CONF" canary 2>/dev/null
		case_is "killed behind $step: nothing runs" "$(canary)" no
		others_are_served
	done
	capture strace -f -o "$TRACE" -e trace=flock,fcntl "$WRAPPER" "$SANDBOX_CONF" true
	case_is 'no file is locked' "$STATUS $(grep -c -e 'flock(' -e F_SETLK -e F_OFD "$TRACE" || true)" '0 0'
}

# Two thousand filters; two as large as can be; one that is too large.
large_policies() {
	local i

	for ((i = 0; i < 50; i++)); do
		{
			echo '[Filters]'
			for ((j = 0; j < 40; j++)); do
				echo "f$i-$j: RegExpFilter, program-$i-$j, root, program-$i-$j, (a|b)*, [0-9]{1,9}"
			done
		} | filters "$(printf 'many-%02d' "$i")"
	done
	wrap nonsense
	case_is 'two thousand filters: denied' "$STATUS" 99
	audit_mark
	permitted 'two thousand filters: and behind them' true
	{
		echo '[Filters]'
		/usr/bin/python3 -c 'for number in range(200):
    print("g%d: CommandFilter, /nonexistent/%s, root" % (number, "x" * 5000))'
	} | filters many-lines
	permitted 'a megabyte of lines of 5000 bytes' true
	head -c 1100000 /dev/zero | tr '\0' '#' >"$SANDBOX_FILTERS/many-large.filters"
	wrap true
	case_is 'a file over 1 MiB: nothing runs' "$STATUS" 97
	case_record 'a file over 1 MiB: recorded' \
		': error .* reason=bad-config path=.*many-large.filters .*over 1 MiB'
	rm "$SANDBOX_FILTERS"/many-*.filters
}

command -v strace >/dev/null || tap_skip_all 'needs strace'
# shellcheck source=tests/attacks/support/caller.sh
. "$(dirname "$0")/support/caller.sh"
policy <<-'END'
	canary: CommandFilter, canary, root
	true: CommandFilter, true, root
END
mv "$SANDBOX_FILTERS/test.filters" "$SANDBOX_FILTERS/z.filters"
attack DOS-01 'many at once' many_at_once
attack DOS-02 'one that stands still or is killed' held_up
attack DOS-03 'large policies' large_policies
tap_done
