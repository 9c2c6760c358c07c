#!/bin/bash
# The audit trail in systemd-journald: what comes back from it, in three forms of output, is what was run; and a
# journald that stands still or has ended.
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
JOURNALD=/lib/systemd/systemd-journald

# An instance of its own, which leaves the kernel's messages alone; /dev/log is a link, as systemd has it.
journald_start() {
	tr -d '\n-' </proc/sys/kernel/random/uuid >/etc/machine-id
	mkdir -p /etc/systemd
	printf '%s\n' '[Journal]' Storage=volatile RateLimitIntervalSec=0 >/etc/systemd/journald@sandbox.conf
	"$JOURNALD" sandbox 2>"$SANDBOX/journald.err" &
	JOURNALD_PID=$!
	wait_until test -S /run/systemd/journal.sandbox/dev-log || sandbox_give_up "$(cat "$SANDBOX/journald.err")"
	ln -s /run/systemd/journal.sandbox/dev-log /dev/log
	JOURNAL=/run/log/journal/$(cat /etc/machine-id).sandbox
}

# journal [OPTION...]: the wrapper's entries.
journal() {
	journalctl -D "$JOURNAL" -q --no-pager SYSLOG_IDENTIFIER=privsep-wrap "$@"
}

# journald keeps the order of what comes by /dev/log; its own --sync overtakes that.
journal_flush() {
	local mark

	mark=mark-$(date +%s%N)
	logger -t sandbox "$mark"
	wait_until journal_has "$mark" || sandbox_give_up 'journald does not take messages'
}

journal_has() {
	journalctl -D "$JOURNAL" -q -t sandbox -n 1 -o cat | grep -q "$1"
}

# journal_mark: journal_after will print what comes after.  The cursor must be of an entry that is looked for:
# behind another, journalctl would skip one too many.
journal_mark() {
	journal_flush
	CURSOR=$(journal -n 1 -o cat --show-cursor | sed -n 's/^-- cursor: //p')
}

# journal_after FORM
journal_after() {
	journal --after-cursor="$CURSOR" -o "$1"
}

# comes_back FORM COMMAND PROGRAM STATUS KINDS: as bare messages, as lines of syslog, and as journald's JSON.
comes_back() {
	journal_mark
	run_command "$2" "$3"
	journal_flush
	tap_is "$1, $5, $2: the status" "$STATUS" "$4"
	reads_back "$1, $5, $2: as messages" "$1" message "$5" < <(journal_after cat)
	reads_back "$1, $5, $2: as lines of syslog" "$1" short "$5" < <(journal_after short)
	tap_is "$1, $5, $2: as JSON of journald the same" \
		"$(journal_after json | messages | md5sum)" "$(journal_after cat | md5sum)"
}

# One that journald keeps as bytes would be an array.
messages() {
	/usr/bin/python3 -c '
import json, sys
for line in sys.stdin:
    print(json.loads(line)["MESSAGE"])'
}

# journald is slow: of a whole 256 KiB it might not take all parts in time.
test_bytes() {
	local form name

	for form in text json; do
		trail_conf "$form"
		for name in every-byte lines terminal imitation padding-behind not-utf8 empty-only many; do
			comes_back "$form" "$name" nonsense 99 deny
		done
		comes_back "$form" controls-before allowed 0 allow
		comes_back "$form" imitation ghost 97 error
		comes_back "$form" imitation broken 127 allow,error
		comes_back "$form" imitation end 0 allow,exit
	done
}

# What journald knows by itself, and the caller cannot choose.
test_fields() {
	local fields

	trail_conf text
	journal_mark
	wrap nonsense
	wrap allowed
	journal_flush
	fields=$(journal_after json | /usr/bin/python3 -c '
import json, sys
for line in sys.stdin:
    entry = json.loads(line)
    print(entry["MESSAGE"].split()[0], entry["PRIORITY"], entry["SYSLOG_FACILITY"], entry["_UID"],
          entry["_TRANSPORT"], entry["SYSLOG_PID"] == entry["_PID"])')
	tap_is 'priority, facility, and the process by the word of the kernel' "$fields" \
		$'deny 5 10 0 syslog True\nallow 6 10 0 syslog True'
}

test_failures() {
	local words

	confs ''
	mapfile -t words < <(long_command)
	kill -STOP "$JOURNALD_PID"
	run_with required "${words[@]}"
	tap_is 'journald stands still, required: nothing runs' "$RESULT" "97 no $NOT_RUN$NOT_TAKEN"
	run_with silent canary
	tap_is 'journald stands still: it runs, and the loss is told' "$RESULT" "0 yes $LOST$NOT_TAKEN"
	kill -CONT "$JOURNALD_PID"
	journal_flush
	run_with required canary
	tap_is 'journald goes on: it runs' "$RESULT" '0 yes '
	kill -KILL "$JOURNALD_PID"
	wait "$JOURNALD_PID" 2>/dev/null || true
	refused_log 'journald has been killed' 'Connection refused'
}

[ -x "$JOURNALD" ] || tap_skip_all 'needs systemd-journald'
audit_stop
journald_start
trail_policy
wrap nonsense
filters canary <<<$'[Filters]\ncanary: CommandFilter, canary, root'
test_bytes
test_fields
test_failures
tap_done
