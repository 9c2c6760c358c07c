#!/bin/bash
# The audit trail as text: what a shell reads back from syslog and audit_file is what was run, byte by byte, for every
# kind of record.
set -eu
# shellcheck source=tests/functional/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/functional/support/programs.sh
. "$(dirname "$0")/support/programs.sh"
# shellcheck source=tests/functional/support/trail.sh
. "$(dirname "$0")/support/trail.sh"

export LC_ALL=C                         # bytes are bytes
SUBJECT="id=[0-9a-f]{12} user=svc uid=2001 .* conf=/etc/app/rootwrap\.conf"

test_ends() {
	wrap end exit 7
	last_record 'exit: status' 'exit id=[0-9a-f]{12} filter=end status=7 signal=- ms=[0-9]+'
	wrap end kill KILL
	last_record 'exit: signal' 'exit id=[0-9a-f]{12} filter=end status=- signal=KILL ms=[0-9]+'
}

test_too_long() {
	run_command too-long allowed
	tap_is 'a byte too long: refused' "$STATUS" 99
	last_record 'a byte too long: its length, its end, its beginning' \
		"deny $SUBJECT filter=- src=- runas=- ctx=- caps=- exe=- \
reason=too-long bytes=262145 tail=\.\.\.y{146,149} argc=3 cmd=allowed"
}

trail_policy
trail_conf text
each_kind_reads_back text
test_ends
test_too_long
tap_done
