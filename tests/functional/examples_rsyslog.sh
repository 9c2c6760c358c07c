#!/bin/bash
# etc/examples/rsyslog*.conf in the real rsyslogd: which records get into the files, and which do not.
set -eu
# shellcheck source=tests/functional/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/functional/support/programs.sh
. "$(dirname "$0")/support/programs.sh"
# shellcheck source=tests/functional/support/examples.sh
. "$(dirname "$0")/support/examples.sh"

export LC_ALL=C
TIME='[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}\.[0-9]{6}(Z|[+-][0-9]{2}:[0-9]{2})'

# accepted NAME EXAMPLE...: rsyslogd has nothing to say about them.
accepted() {
	syslog_conf "$(trusting_module)" "${@:2}"
	capture rsyslogd -N1 -f "$SANDBOX/rsyslog.conf"
	tap_is "$1: rsyslogd reads it" "$STATUS $(grep -c 'error\|warning' <<<"$ERR")" '0 0'
}

# Some distributions have mmjsonparse in a package of its own.
json_parser_present() {
	syslog_conf 'module(load="mmjsonparse")'
	rsyslogd -N1 -f "$SANDBOX/rsyslog.conf"
}

# kinds FILE: the first words of the records in a text file.
kinds() {
	sed -E 's/^[^ ]+ [^ ]+ privsep-wrap\[[0-9]+\]: ([a-z]+) .*/\1/' "$1" 2>/dev/null | tr '\n' ' '
}

# Whatever others than root send.
spoof() {
	local message

	for message in 'allow id=000000000000 user=root uid=0 spoof' \
		'@cee: {"record":"allow","uid":0,"pid":1,"spoof":true}' \
		'@cee: {"uid":0,"privsep":{"uid":0},"_UID":"0","spoof":true}'; do
		as_svc logger -t privsep-wrap -p authpriv.info "$message"
		as_svc logger -t 'privsep-wrap[1]' "$message"
		as_user app logger -t privsep-wrap "$message"
	done
}

test_text() {
	syslog_with "$(trusting_module)" rsyslog.conf
	wrap true
	wrap nonsense 'two words'
	wrap watched
	spoof
	audit_flush
	tap_is 'text: every kind of record is there, and no other' "$(kinds "$RECORDS")" 'allow deny allow exit '
	tap_is 'text: in the form of audit_file' "$(grep -Evc "^$TIME sandbox privsep-wrap\[[0-9]+\]: [a-z]+ id=" "$RECORDS")" 0
	tap_is 'text: the file is root'\''s and for adm to read' "$(owner_and_mode "$RECORDS")" 'root:adm 640'
	tap_unlike 'text: none of these goes on to the other files' "$(cat "$AUDIT_LOG")" \
		'privsep-wrap\[[0-9]*\]: +[a-z]* id=.* conf='
	capture privsep-wrapctl report --json "$RECORDS"
	tap_like 'text: report reads it' "$OUT" '"allowed":2,"denied":1,"errors":0,"exits":1,.*"damaged":0,.*"other_lines":0'
	tap_is 'text: all that others have sent does' "$(grep -c spoof "$AUDIT_LOG")" 9
}

# More parts than any rate limit of imuxsock lets pass by default.
test_long() {
	local word

	syslog_with "$(trusting_module)" rsyslog.conf
	word=$(printf '%120000s' '' | tr ' ' '\001')
	wrap nonsense "$word" "$word"
	audit_flush
	tap_is 'long: each part of a command is there' "$(grep -Eo ' part=[0-9]+/' "$RECORDS" | tr -dc '0-9\n')" \
		"$(seq "$(sed -n '1s|.* part=1/\([0-9]*\) .*|\1|p' "$RECORDS")")"
	tap_ok 'long: and they are many' test "$(wc -l <"$RECORDS")" -gt 200
}

test_not_trusting() {
	syslog_with 'module(load="imuxsock")' rsyslog-json.conf rsyslog.conf
	wrap true
	spoof
	audit_flush
	tap_is 'without Annotate: neither file takes anything' "$(ls "$RECORDS" "$JSON_RECORDS" 2>/dev/null)" ''
	tap_like 'without Annotate: the records stay where they were' "$(cat "$AUDIT_LOG")" 'privsep-wrap\[[0-9]+\]: +allow id='
}

# Each line of the file, as a Python object of its own.
json_lines() {
	/usr/bin/python3 -c '
import json, sys
for line in open(sys.argv[1], encoding="ascii"):
    record = json.loads(line)
    assert list(record)[:3] == ["time", "host", "record"], record
    command = " ".join(record.get("cmd", [])).encode("utf-8", "surrogateescape")
    print(record["record"], record["host"], record.get("uid"), command)
' "$JSON_RECORDS"
}

test_json() {
	syslog_with "$(trusting_module)" rsyslog-json.conf rsyslog.conf
	wrap nonsense text
	conf_with <<<'audit_format = json'
	wrap true
	wrap nonsense $'\xff\xc3\xa9 "\\ \e 100%' '@cee: {"uid":0}'
	wrap watched
	spoof
	logger -t privsep-wrap '@cee: {"record":"allow","id":"cut'
	logger -t privsep-wrap '@cee:{"record":"no form of ours"}'
	audit_flush
	tap_is 'JSON: a line each, not a byte lost, nobody else'\''s' "$(json_lines)" "allow sandbox 2001 b'true'
deny sandbox 2001 b'nonsense \\xff\\xc3\\xa9 \"\\\\ \\x1b 100% @cee: {\"uid\":0}'
allow sandbox 2001 b'watched'
exit sandbox None b''"
	tap_is 'JSON: the file is root'\''s and for adm to read' "$(owner_and_mode "$JSON_RECORDS")" 'root:adm 640'
	tap_like 'JSON: records as text go where rsyslog.conf says' "$(cat "$RECORDS")" ' deny id=.* cmd=nonsense text$'
	tap_is 'JSON: what is none of root'\''s stays with the others' "$(grep -c spoof "$AUDIT_LOG")" 9
	tap_like 'JSON: and so does what no record begins with' "$(cat "$RECORDS")" '@cee:\{"record":"no form of ours"\}$'
	tap_like 'JSON: what cannot be parsed is not lost' "$(cat "$RECORDS")" '@cee: \{"record":"allow","id":"cut$'
	conf_with <<<''
}

filters watched <<-'END'
	[Filters]
	watched: CommandFilter, watched, app
	[Context watched]
	filters = watched
	log_exit = True
END
policy <<-'END'
	true: CommandFilter, true, app
END
program watched <<<'#!/bin/sh'
accepted 'text' rsyslog.conf
test_text
test_long
if json_parser_present 2>/dev/null; then
	accepted 'JSON' rsyslog-json.conf
	accepted 'both' rsyslog-json.conf rsyslog.conf
	test_not_trusting
	test_json
else
	tap_skip 'JSON' 'needs mmjsonparse'
fi
tap_done
