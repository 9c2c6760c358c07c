#!/bin/bash
# The audit trail: what each record says, in which form, and what happens when it cannot be written.
set -eu
# shellcheck source=tests/functional/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/functional/support/programs.sh
. "$(dirname "$0")/support/programs.sh"

export LC_ALL=C                         # bytes are bytes
V='[^ ]+'
FILTERS=/etc/app/filters\\.d/test\\.filters
SUBJECT="id=[0-9a-f]{12} user=svc uid=2001 auid=(-|[0-9]+) ses=(-|[0-9]+) tty=$V cwd=/ ppid=[0-9]+ unit=$V"
SUBJECT+=' conf=/etc/app/rootwrap\.conf'

# record_is NAME ERE: the last run left one record, which matches from the first to the last byte.
record_is() {
	local records

	records=$(audit_records)
	audit_mark
	if [ "$(grep -c . <<<"$records")" -eq 1 ]; then
		tap_like "$1" "$records" "^$2\$"
	else
		tap_fail "$1" 'not one record:' "$records"
	fi
}

test_kinds() {
	wrap true
	record_is 'allow: every key in its place' "<86>privsep-wrap\[[0-9]+\]: allow $SUBJECT \
filter=true src=$FILTERS:2 runas=app ctx=- caps=none exe=/usr/bin/true argc=1 cmd=true"
	wrap canary one 'two words'
	record_is 'allow: root'\''s capabilities' "<86>$V allow $SUBJECT \
filter=canary src=$FILTERS:3 runas=root ctx=- caps=all-$V exe=$EXEC/canary argc=3 cmd=canary one 'two words'"
	wrap rm -rf '/x y'
	record_is 'deny: every key in its place' "<85>privsep-wrap\[[0-9]+\]: deny $SUBJECT \
filter=- src=- runas=- ctx=- caps=- exe=- reason=no-match argc=3 cmd=rm -rf '/x y'"
	wrap gone
	record_is 'deny: the filter that matched' "<85>$V deny $SUBJECT \
filter=gone src=$FILTERS:4 runas=app ctx=- caps=- exe=- reason=no-program argc=1 cmd=gone"
	wrap ghost a
	record_is 'error: every key in its place' "<83>privsep-wrap\[[0-9]+\]: error $SUBJECT \
reason=unknown-user path=$FILTERS line=5 detail=nobody-knows argc=2 cmd=ghost a"
	chmod 0775 /etc/app
	wrap true
	chmod 0755 /etc/app
	record_is 'error: owner and mode of what is not trusted' "<83>$V error $SUBJECT \
reason=unsafe-path path=/etc/app owner=0 mode=0775 argc=1 cmd=true"
	canary >/dev/null
}

test_id() {
	local ids

	for _ in 1 2 3 4 5; do
		direct true
	done
	ids=$(audit_records | sed 's/.* id=\([^ ]*\) .*/\1/')
	tap_is 'id: of twelve digits, another in each record' "$(sort -u <<<"$ids" | grep -Ec '^[0-9a-f]{12}$')" 5
	audit_mark
}

test_caller() {
	capture as_svc env SUDO_USER=root SUDO_UID=0 USER=root sudo -n "$WRAPPER" "$SANDBOX_CONF" true
	record_is 'caller: what he puts into his environment does not count' "<86>$V allow $SUBJECT .*"
	direct true
	record_is 'caller: without sudo, the real user' "<86>$V allow $V user=root uid=0 .*"
	for uid in -1 +1 0x1 4294967295 4294967296 1x ' 1' ''; do
		capture env SUDO_UID="$uid" SUDO_USER=svc "$WRAPPER" "$SANDBOX_CONF" true
		record_is "caller: SUDO_UID=\"$uid\" is none" "<86>$V allow $V user=root uid=0 .*"
	done
	capture env SUDO_UID=1 SUDO_USER=$'x uid=0\n<86>' "$WRAPPER" "$SANDBOX_CONF" true
	record_is 'caller: a name cannot imitate a field' "<86>$V allow $V user=\\$'x uid=0\\\\012<86>' uid=1 .*"
	capture as_svc script -qec "sudo -n $WRAPPER $SANDBOX_CONF true" /dev/null
	record_is 'caller: the terminal' "<86>$V allow $V user=svc uid=2001 auid=$V ses=$V tty=pts/[0-9]+ .*"
	mkdir "$SANDBOX/tmp/"$'cwd cmd=\e'
	wrap_from "$SANDBOX/tmp/"$'cwd cmd=\e' true
	record_is 'caller: a directory cannot imitate a field' "<86>$V allow .* cwd=\\$'/run/sandbox/tmp/cwd cmd=\\\\033' ppid=.*"
}

# quoted WANTED ARG...: ARG... stand in the record as WANTED.
quoted() {
	local record

	wrap nonsense "${@:2}"
	record=$(audit_records)
	audit_mark
	tap_is "quoting: $1" "${record#* cmd=}" "nonsense $1"
}

# What stands in $'...' and "\" is meant as it is written.
# shellcheck disable=SC2016,SC1003
test_quoting() {
	quoted 'a_B@%+=:,./-9' 'a_B@%+=:,./-9'
	quoted "'' 'a b' '\$(id)' '\"\\' '~'" '' 'a b' '$(id)' '"\' '~'
	quoted "\$'it\\'s' \$'a\\'\\\\'" "it's" "a'\\"
	quoted "\$'\\011\\012\\015\\033[2J\\177'" $'\t\n\r\e[2J\x7f'
	quoted "\$'\\200\\377' \$'caf\\303\\251'" $'\x80\xff' $'caf\xc3\xa9'
	quoted "'#012'" '#012'
	quoted "'x allow id=000000000000 user=root uid=0' cmd=id" 'x allow id=000000000000 user=root uid=0' 'cmd=id'
	quoted "\$'x\\012<86>privsep-wrap[1]: allow id=000000000000 user=root cmd=id'" \
		$'x\n<86>privsep-wrap[1]: allow id=000000000000 user=root cmd=id'
}

# whole NAME ARG...: in parts that are short enough, which joined are the command, word for word.
whole() {
	local wanted=(nonsense "${@:2}") words=() parts id count

	wrap "${wanted[@]}"
	parts=$(audit_records | sed 's/^<85>[^ ]* //')
	audit_mark
	id=$(sed -n '1s/^deny id=\([^ ]*\) .*/\1/p' <<<"$parts")
	count=$(wc -l <<<"$parts")
	tap_is "$1: each part is numbered and bears the same id" \
		"$(sed -E 's/^([a-z]+ id=[^ ]+)( .*)? (part=[^ ]+) cmd=.*/\1 \3/' <<<"$parts")" \
		"$(for ((i = 1; i <= count; i++)); do
			[ "$i" -eq 1 ] && printf deny || printf more
			printf ' id=%s part=%d/%d\n' "$id" "$i" "$count"
		done)"
	tap_is "$1: no part is over 2048 bytes" "$(awk 'length > 2048' <<<"$parts")" ''
	# The record is said to be what a shell reads back.
	# shellcheck disable=SC2001     # line by line
	eval "words=($(sed 's/.* part=[^ ]* cmd=//' <<<"$parts" | tr -d '\n'))"
	tap_is "$1: together they are the whole command" "$(md5sum <<<"${words[*]@Q}")" "$(md5sum <<<"${wanted[*]@Q}")"
}

# No padding may push the telling word out of the record.
test_parts() {
	whole 'a long word first' "$(printf '%8192s' '' | tr ' ' x)" telling
	whole 'a long word of bytes to be escaped' "$(printf '%5000s' '' | tr ' ' '\001')" telling
	whole 'many words' $(seq 3000) telling
	whole 'every byte' "$(/usr/bin/python3 -c 'import sys; sys.stdout.buffer.write(bytes(range(1, 256)) * 20 + b".")')" telling
}

test_too_long() {
	local words

	words=$(printf '%100000s' '' | tr ' ' x)
	wrap canary "$words" "$words" "$words" telling
	tap_is 'over 256 KiB: refused' "$STATUS $(canary)" '99 no'
	record_is 'over 256 KiB: recorded by its length, its end and its beginning' \
		"<85>$V deny $SUBJECT filter=- src=- runas=- ctx=- caps=- exe=- \
reason=too-long bytes=300018 tail=telling argc=5 cmd=canary"
	tap_like 'over 256 KiB: said, and not repeated' "$ERR" '^privsep-wrap: Unauthorized command: over 262144 bytes$'
}

# priorities NAME WANTED <CONF: those of an allowed and a denied run.
priorities() {
	conf_with
	wrap true
	wrap nonsense
	tap_is "$1" "$(audit_records | sed -E 's/^<([0-9]+)>[^ ]+ ([a-z]+) .*/\2=\1/' | tr '\n' ' ')" "$2"
	audit_mark
}

test_settings() {
	priorities 'facility by default' 'allow=86 deny=85 ' <<<''
	priorities 'facility local0' 'allow=134 deny=133 ' <<<'syslog_log_facility = local0'
	priorities 'facility LOG_AUTH' 'allow=38 deny=37 ' <<<'syslog_log_facility = LOG_AUTH'
	priorities 'facility syslog' 'allow=46 deny=45 ' <<<'syslog_log_facility = syslog'
	priorities 'level ERROR: denials only' 'deny=85 ' <<<'syslog_log_level = ERROR'
	priorities 'level CRITICAL: denials all the same' 'deny=85 ' <<<'syslog_log_level = critical'
	priorities 'level DEBUG: all' 'allow=86 deny=85 ' <<<'syslog_log_level = DEBUG'
	priorities 'use_syslog off: none' '' <<<'use_syslog = False'
}

# lost NAME STATUS CANARY MESSAGE <CONF: what the canary's run comes to without syslog.
lost() {
	conf_with
	wrap canary
	tap_is "$1" "$STATUS $(canary) $ERR" "$2 $3 $4"
}

test_no_syslog() {
	local absent='/dev/log: No such file or directory' refusing='/dev/log: Connection refused'

	audit_stop
	lost 'no syslog, audit_required: nothing runs' 97 no \
		"privsep-wrap: The command was not run, because it could not be recorded: $absent" <<<'audit_required = True'
	lost 'no syslog, use_syslog on: it runs, and the loss is told' 0 yes \
		"privsep-wrap: An audit record was lost: $absent" <<<'use_syslog = True'
	lost 'no syslog, nothing written in the conf: it runs in silence' 0 yes '' <<<''
	lost 'no syslog, use_syslog off: it runs in silence' 0 yes '' <<<'use_syslog = False'
	/usr/bin/python3 -c 'import socket; socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM).bind("/dev/log")'
	chmod 0666 /dev/log
	lost 'syslog that refuses, nothing written in the conf: it runs, and the loss is told' 0 yes \
		"privsep-wrap: An audit record was lost: $refusing" <<<''
	lost 'syslog that refuses, audit_required: nothing runs' 97 no \
		"privsep-wrap: The command was not run, because it could not be recorded: $refusing" <<<'audit_required = True'
	wrap nonsense
	tap_is 'syslog that refuses: a denial stays one' "$STATUS" 99
	rm /dev/log
	audit_start
	audit_mark
	lost 'syslog is back: it runs' 0 yes '' <<<'audit_required = True'
}

# Any user can do this.
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

# timed CONF NAME: in the background; writes the status of the canary's run to a file of that name.
timed() {
	{
		timeout 15 "$WRAPPER" "$1" canary 2>"$SANDBOX/$2.err" && echo 0 || echo $?
	} >"$SANDBOX/$2" &
}

ended() {
	wait_until test -s "$SANDBOX/$1" || wait_until test -s "$SANDBOX/$1" || true
	cat "$SANDBOX/$1"
}

test_stopped_syslog() {
	local syslog

	syslog=$(cat "$SANDBOX/rsyslogd.pid")
	conf_with <<<''
	cp "$SANDBOX_CONF" /etc/app/relaxed.conf
	conf_with <<<'audit_required = True'
	kill -STOP "$syslog"
	fill_queue
	timed "$SANDBOX_CONF" required
	tap_is 'syslog stands still, audit_required: nothing runs' "$(ended required) $(canary)" '97 no'
	tap_like 'syslog stands still, audit_required: the reason is told' "$(cat "$SANDBOX/required.err")" \
		'could not be recorded: /dev/log: the syslog daemon does not take records$'
	timed /etc/app/relaxed.conf relaxed
	timed "$SANDBOX_CONF" waiting
	sleep 0.3
	tap_is 'syslog stands still: the command waits for its record' "$(canary)" no
	kill -CONT "$syslog"
	tap_is 'syslog goes on: and the command runs' "$(ended waiting) $(ended relaxed) $(canary)" '0 0 yes'
}

policy <<-'END'
	true: CommandFilter, true, app
	canary: CommandFilter, canary, root
	gone: CommandFilter, gone, app
	ghost: RegExpFilter, true, nobody-knows, ghost, a
END
audit_mark
test_kinds
test_id
test_caller
test_quoting
test_parts
test_too_long
test_settings
test_no_syslog
test_stopped_syslog
tap_done
