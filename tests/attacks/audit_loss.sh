#!/bin/bash
# A log that is missing, replaced, stopped, or flooded by the caller himself: with audit_required nothing runs without
# its record.  And a record that says another path than the one that was changed.
# shellcheck disable=SC2317     # functions are called by name
set -eu
# shellcheck source=tests/attacks/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/functional/support/guarded.sh
. "$(dirname "$0")/../functional/support/guarded.sh"

# no_log ASPECT ERE: nothing runs, and stderr says why.
no_log() {
	wrap canary
	case_is "$1: nothing runs" "$STATUS $(canary)" '97 no'
	case_like "$1: said" "$ERR" "^privsep-wrap: The command was not run, because it could not be recorded: $2\$"
	wrap nonsense
	case_is "$1: a denial stays one" "$STATUS" 99
}

missing_log() {
	local listener

	audit_stop
	no_log 'no socket' '/dev/log: No such file or directory'
	echo >/dev/log
	no_log 'a regular file' '/dev/log: Connection refused'
	case_is 'a regular file: nothing is written to it' "$(cat /dev/log)" ''
	rm /dev/log
	mkdir /dev/log
	no_log 'a directory' '/dev/log: Connection refused'
	rmdir /dev/log
	ln -s /nonexistent /dev/log
	no_log 'a link to nothing' '/dev/log: No such file or directory'
	rm /dev/log
	/usr/bin/python3 "$(dirname "$0")/support/listener.py" /dev/null seqpacket &
	listener=$!
	wait_until test -S /dev/log
	no_log 'a socket of another type' '/dev/log: Protocol wrong type for socket'
	kill "$listener"
	wait "$listener" 2>/dev/null || true
	rm /dev/log
	audit_start
	permitted 'the log is back' canary
	canary >/dev/null
}

# Any user can send as much as the socket holds.
fill_queue() {
	as_svc /usr/bin/python3 -c '
import socket
log = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
log.connect("/dev/log")
log.setblocking(False)
try:
    while True:
        log.send(b"<13>filler")
except BlockingIOError:
    pass'
}

# The wrapper waits for the daemon, but not for ever.
stopped_log() {
	local daemon

	daemon=$(cat "$SANDBOX/rsyslogd.pid")
	kill -STOP "$daemon"
	fill_queue
	direct canary
	case_is 'nothing runs' "$STATUS $(canary)" '97 no'
	case_like 'said' "$ERR" 'could not be recorded: /dev/log: the syslog daemon does not take records$'
	kill -CONT "$daemon"
	audit_mark
	direct canary
	case_is 'once it goes on, so does the wrapper' "$STATUS $(canary)" '0 yes'
	case_record 'and the record is there' ': allow .* cmd=canary$'
}

# Large datagrams for ever, by svc; what runs is recorded, what is not does not run.
flooded_log() {
	local flood ran refused=0

	as_svc /usr/bin/python3 -c '
import socket
log = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
log.connect("/dev/log")
for _ in range(20000):
    log.send(b"<13>flood: " + b"x" * 200)' &
	flood=$!
	for _ in 1 2 3 4 5 6 7 8 9 10 11 12; do
		wrap canary
		case $STATUS in
		0) ;;
		97) refused=$((refused + 1)) ;;
		*) tap_fail "$CASE: status $STATUS" "$ERR" ;;
		esac
	done
	kill "$flood" 2>/dev/null || true
	wait "$flood" 2>/dev/null || true
	ran=$(grep -c ran "$CANARY_MARK" || true)
	case_is 'runs and refusals are all there were' "$((${ran:-0} + refused))" 12
	case_is 'as many records as runs' "$(audit_records | grep -c ': allow .* cmd=canary$' || true)" "${ran:-0}"
}

# A disk that is full is a sink that takes nothing; the other one is there.
full_disk() {
	mkdir "$SANDBOX/full"
	mount -t tmpfs -o size=4k,mode=0755 full "$SANDBOX/full"
	conf_with <<-END
		audit_required = True
		audit_file = $SANDBOX/full/audit.log
	END
	head -c 4096 /dev/zero >"$SANDBOX/full/audit.log"
	chmod 0600 "$SANDBOX/full/audit.log"
	no_log 'the disk of audit_file is full' "$SANDBOX/full/audit.log: No space left on device"
	kinds_of_records
	case_is 'syslog has what the file has not' "$KINDS" '1 allow 1 deny 1 error'
	umount "$SANDBOX/full"
	conf_with <<<'audit_required = True'
}

# Between check and use a directory becomes a link: what the record names is all that can have been changed.
another_object() {
	local before

	tree object
	before=$(look_at object)
	audit_mark
	capture "$SANDBOX/swap_at_exec" "$BASE/object/dir" "$BASE/object/evil" \
		"$WRAPPER" "$SANDBOX_CONF" chmod 0777 "$BASE/object/dir/file"
	case_ok 'the swap came' test -L "$BASE/object/dir"
	case_record 'the record names the path below the base' ": allow .* cmd=chmod 0777 $BASE/object/dir/file\$"
	case_is 'what it does not name is as it was' "$(look_at object)" "$before"
}

command -v cc >/dev/null || tap_skip_all 'needs a C compiler'
# shellcheck source=tests/attacks/support/caller.sh
. "$(dirname "$0")/support/caller.sh"
helper swap_at_exec
install -d -o svc "$BASE"
guarded_policy <<<'canary: CommandFilter, canary, root'
attack LOG-07 'a log that is missing or is none' missing_log
attack LOG-08 'a log that takes nothing' stopped_log
attack LOG-09 'a log that the caller floods' flooded_log
attack LOG-09 'a disk that the caller fills' full_disk
attack LOG-14 'a swap between record and effect' another_object
tap_done
