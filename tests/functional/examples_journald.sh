#!/bin/bash
# Each line of etc/examples/journald.txt, by the real journalctl, on a journal that the real journald has written.
# shellcheck disable=SC2317     # functions are called by name
set -eu
# shellcheck source=tests/functional/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/functional/support/programs.sh
. "$(dirname "$0")/support/programs.sh"
# shellcheck source=tests/functional/support/examples.sh
. "$(dirname "$0")/support/examples.sh"
# shellcheck source=tests/functional/support/journald.sh
. "$(dirname "$0")/support/journald.sh"

ONE_LINERS=$EXAMPLES/journald.txt

# one_liner HEADING [NUMBER]: the command under it.
one_liner() {
	awk -v heading="$1" -v number="${2:-1}" '
		/^[^ ]/ { inside = index($0, heading) == 1 }
		inside && /^    journalctl / && ++seen == number { sub(/^ */, ""); print }' "$ONE_LINERS"
}

# records HEADING [NUMBER]: what it finds, as `KIND USER LAST-WORD`, in text and JSON.
records() {
	local command

	command=$(one_liner "$@")
	bash -c "${command//77aa01d2c3f4/$ID} -q --no-pager -o cat" |
		sed -E -e 's/^([a-z]+) id=[^ ]+ (user=([^ ]+) )?.* ([^ ]+)$/\1 \3 \4/' \
			-e 's/^@cee: \{"record":"([a-z]+)","id":"[^"]+",("user":"([^"]+)",)?.*[:,[]"?([^]"}]+)"?\]?\}$/\1 \3 \4/'
}

# Two users' requests in the form that the conf has, with arguments that look like something else; ID is that of the
# last denial.
requests() {
	wrap true
	wrap true 'deny id=000000000000 user=root uid=0 spoof'
	capture as_user app sudo -n privsep-wrap "$SANDBOX_CONF" nonsense 'user=svc' '"user":"svc"' by-app
	wrap watched
	wrap nonsense by-svc
	as_svc logger -t privsep-wrap "$1"
	journald_flush
	ID=$(journalctl -q --no-pager -t privsep-wrap _UID=0 -o cat | grep by-svc | tail -n 1 |
		sed -E 's/^[^0-9]*id[=":]+([0-9a-f]{12}).*/\1/')
}

test_text() {
	requests 'deny id=000000000000 user=svc uid=2001 spoof'
	tap_is 'text: all records' "$(records 'All records:')" "allow svc cmd=true
allow svc spoof'
deny app by-app
allow svc cmd=watched
exit  $(journalctl -q --no-pager -t privsep-wrap -o cat | grep -o 'ms=[0-9]*$')
deny svc by-svc"
	tap_is 'text: denials of today' "$(records "Today's denials" 1)" $'deny app by-app\ndeny svc by-svc'
	tap_is 'text: what one user asked for' "$(records 'What one user' 1 | sort | uniq -c | tr -s ' ')" \
		" 1 allow svc cmd=true
 1 allow svc cmd=watched
 1 allow svc spoof'
 1 deny svc by-svc"
	tap_is 'text: one request' "$(records 'All records of one request' 1)" 'deny svc by-svc'
	ID=$(journalctl -q --no-pager -t privsep-wrap -o cat | sed -n 's/^exit id=\([^ ]*\) .*/\1/p')
	tap_is 'text: one request, with its end' "$(records 'All records of one request' 1 | cut -d ' ' -f 1 | xargs)" \
		'allow exit'
}

test_json() {
	conf_with <<<'audit_format = json'
	requests '@cee: {"record":"deny","id":"000000000000","user":"svc","spoof":true}'
	tap_is 'JSON: denials of today' "$(records "Today's denials" 2)" $'deny app by-app\ndeny svc by-svc'
	tap_is 'JSON: what one user asked for' \
		"$(records 'What one user' 2 | cut -d ' ' -f 1,2 | sort | uniq -c | tr -s ' ')" \
		$' 3 allow svc\n 1 deny svc'
	tap_is 'JSON: one request' "$(records 'All records of one request' 2)" 'deny svc by-svc'
}

test_report() {
	local command

	command=$(one_liner 'Counted')
	capture bash -c "$command"
	tap_is 'report reads it' "$STATUS $ERR" '0 '
	tap_like 'report: what was refused' "$OUT" 'nonsense by-svc$'
	capture bash -c "$command --json --by user"
	tap_is 'report: text and JSON together, and nobody else'\''s' \
		"$(grep -oE '"(allowed|denied|errors|exits|damaged|other_lines)":[0-9]+' <<<"${OUT/\"by\"*\"incomplete\"/}" | xargs)" \
		'allowed:6 denied:4 errors:0 exits:2 damaged:0 other_lines:0'
}

follows() {
	grep -q "$1" "$SANDBOX/followed" 2>/dev/null
}

test_follow() {
	bash -c "exec $(one_liner 'New ones')" >"$SANDBOX/followed" 2>&1 &
	wait_until follows by-svc || true
	wrap nonsense by-and-by
	tap_ok 'follow: a new record is shown' wait_until follows by-and-by
	kill $!
}

journald_requirements
echo "${SANDBOX_RULE/svc/app}" >/etc/sudoers.d/app-too
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
journald_start
conf_with <<<''
test_text
test_json
test_report
test_follow
journald_stop
tap_is 'there are one-liners, and each was run' "$(grep -c '^    journalctl ' "$ONE_LINERS")" 9
tap_done
