#!/bin/bash
# The audit trail as JSON: what Python reads back from syslog and audit_file is what was run, byte by byte, for every
# kind of record.
set -eu
# shellcheck source=tests/functional/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/functional/support/programs.sh
. "$(dirname "$0")/support/programs.sh"
# shellcheck source=tests/functional/support/trail.sh
. "$(dirname "$0")/support/trail.sh"

export LC_ALL=C                         # bytes are bytes
NUMBER='([0-9]+|null)'
STRING='("[^"]*"|null)'
ID='"id":"[0-9a-f]{12}"'
NO_FILTER='"filter":null,"src":null,"runas":null,"ctx":null,"caps":null,"exe":null'

# subject CWD: an ERE.
subject() {
	printf '%s,"user":"svc","uid":2001,"auid":%s,"ses":%s,"tty":%s,"cwd":"%s","ppid":[0-9]+,"unit":%s,"conf":"%s"' \
		"$ID" "$NUMBER" "$NUMBER" "$STRING" "$1" "$STRING" /etc/app/rootwrap.conf
}

test_kinds() {
	wrap allowed 'a b'
	last_record 'allow: every key in its place' "@cee: \{\"record\":\"allow\",$(subject /),\"filter\":\"allowed\",\
\"src\":\"/etc/app/filters\.d/test\.filters:2\",\"runas\":\"root\",\"ctx\":null,\"caps\":\"all-[a-z_,-]+\",\
\"exe\":\"$EXEC/allowed\",\"argc\":2,\"cmd\":\[\"allowed\",\"a b\"\]\}"
	wrap nonsense
	last_record 'deny: every key in its place' \
		"@cee: \{\"record\":\"deny\",$(subject /),$NO_FILTER,\"reason\":\"no-match\",\
\"argc\":1,\"cmd\":\[\"nonsense\"\]\}"
	wrap ghost
	last_record 'error: every key in its place' "@cee: \{\"record\":\"error\",$(subject /),\
\"reason\":\"unknown-user\",\"path\":\"/etc/app/filters\.d/test\.filters\",\"line\":3,\"detail\":\"nobody-knows\",\
\"argc\":1,\"cmd\":\[\"ghost\"\]\}"
	wrap end exit 7
	last_record 'exit: status' \
		"@cee: \{\"record\":\"exit\",$ID,\"filter\":\"end\",\"status\":7,\"signal\":null,\"ms\":[0-9]+\}"
	wrap end kill KILL
	last_record 'exit: signal' \
		"@cee: \{\"record\":\"exit\",$ID,\"filter\":\"end\",\"status\":null,\"signal\":\"KILL\",\"ms\":[0-9]+\}"
}

# Before the filters have been read, the form of the conf is known.
test_unsafe_path() {
	chmod 0775 /etc/app/filters.d
	wrap allowed
	chmod 0755 /etc/app/filters.d
	tap_like 'error: owner is a number, mode a string' "$(audit_records | tail -n 1)" \
		'reason(=|":")unsafe-path.*owner(=|":)0[ ,]"?mode(=|":")0775'
}

test_values() {
	local directory=$SANDBOX/tmp/$'x",\xff\xc3\xa9\n\xf0\x9f\x98\x80'

	mkdir "$directory"
	wrap_from "$directory" nonsense
	last_record 'cwd: bytes and characters' "@cee: \{\"record\":\"deny\",$(subject \
		'/run/sandbox/tmp/x\\",\\udcff\\u00e9\\u000a\\ud83d\\ude00'),$NO_FILTER,.*"
	directory=$SANDBOX/tmp/$(printf '%200s' '' | tr ' ' d)
	mkdir "$directory"
	wrap_from "$directory" nonsense
	last_record 'cwd: the end of a long one' "@cee: \{\"record\":\"deny\",$(subject '\.\.\.d{131}'),$NO_FILTER,.*"
}

test_too_long() {
	run_command too-long allowed
	tap_is 'a byte too long: refused' "$STATUS" 99
	last_record 'a byte too long: its length, its end, its beginning' "@cee: \{\"record\":\"deny\",$(subject /),\
$NO_FILTER,\"reason\":\"too-long\",\"bytes\":262145,\
\"tail\":\"\.\.\.y{131}\",\"argc\":3,\"cmd\":\[\"allowed\"\]\}"
}

trail_policy
trail_conf json
each_kind_reads_back json
test_kinds
test_unsafe_path
test_values
test_too_long
tap_done
