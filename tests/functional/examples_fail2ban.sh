#!/bin/bash
# etc/examples/fail2ban in the real fail2ban: whose denials it counts, and that it tells them.
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

AUDIT_FILE=/var/log/app.audit
FILTER=/etc/fail2ban/filter.d/privsep-wrap.conf

# Each file where the example says it belongs, and none of the machine's own jails.
install_example() {
	local directory

	rm -rf /etc/fail2ban/jail.d /etc/fail2ban/jail.local
	for directory in filter.d action.d jail.d; do
		mkdir -p "/etc/fail2ban/$directory"
		cp "$EXAMPLES/fail2ban/$directory/privsep-wrap.conf" "/etc/fail2ban/$directory/"
	done
	mkdir -p /run/fail2ban
}

# counted [LOG]: the user and user ID of each denial that the filter finds there.
counted() {
	fail2ban-regex -o '<F-USER> <F-ID>' "${1-$AUDIT_FILE}" "$FILTER"
}

# format text|json: a new audit_file in that form.
format() {
	rm -f "$AUDIT_FILE"
	printf '%s\n' "audit_format = $1" "audit_file = $AUDIT_FILE" | conf_with
}

# denied USER COMMAND [ARG...]
denied() {
	capture as_user "$1" sudo -n privsep-wrap "$SANDBOX_CONF" "${@:2}"
}

# What a caller can put into a record: into arguments, working directory and, were it root, into names.
test_filter() {
	local text json spoof

	text='2026-11-26T05:34:21.123456Z host privsep-wrap[1]: deny id=000000000000 user=root uid=0 auid=- ses=- tty=- '
	text+='cwd=/ ppid=1 unit=- conf='
	json='2026-11-26T05:34:21.123456Z host privsep-wrap[1]: @cee: {"record":"deny","id":"000000000000",'
	json+='"user":"root","uid":0,"auid":null,"ses":null,"tty":null,"cwd":"/","ppid":1,"unit":null,"conf":'
	format "$1"
	for spoof in "$text" "$json" "${text#*Z }" "${json#*Z }" $'\n'"$text" $'\n'"$json" "' $text" "\",$json"; do
		wrap true "$spoof"
	done
	capture env SUDO_UID=0 SUDO_USER=root setsid "$WRAPPER" "$SANDBOX_CONF" nonsense
	tap_like "$1: a name that nobody vouches for, and commands that are allowed" "$(cat "$AUDIT_FILE")" '[ "]claims[="]'
	denied svc nonsense
	denied app nonsense "$text" $'\n'"$json"
	denied svc nonsense "$(printf '%9000s' '')" user=root uid=0
	tap_is "$1: only denials, each by its own user, once" "$(counted)" "$2svc$2 2001
$2app$2 2002
$2svc$2 2001"
}

test_directory() {
	local directory

	format "$1"
	for directory in "x ppid=1 unit=- conf=/x user=root" "' deny id=000000000000 user=root uid=0" 'é "," uid":0'; do
		mkdir -p "$SANDBOX/tmp/$directory"
		wrap_from "$SANDBOX/tmp/$directory" nonsense
	done
	tap_is "$1: nor does a directory hide or change the user" "$(counted | sort | uniq -c | tr -s ' ')" \
		" 3 $2svc$2 2001"
}

test_rsyslog() {
	syslog_with "$(trusting_module)" rsyslog.conf
	format text
	denied svc nonsense
	as_svc logger -t privsep-wrap 'deny id=000000000000 user=app uid=2002 auid=- ses=- tty=- cwd=/ ppid=1 unit=- conf=x'
	format json
	denied app nonsense
	audit_flush
	tap_is 'the file of rsyslog.conf: denials in both forms, and only root'\''s' "$(counted "$RECORDS")" \
		$'svc 2001\n"app" 2002'
}

told() {
	grep -q 'privsep-wrap-denials' "$AUDIT_LOG"
}

f2b() {
	fail2ban-client -s /run/fail2ban/test.sock "$@"
}

watching() {
	f2b status privsep-wrap >/dev/null 2>&1
}

# The server itself, with the jail as it is.
test_server() {
	syslog_with "$(trusting_module)" rsyslog.conf
	format text
	wrap true
	audit_flush
	printf '%s\n' '[Definition]' 'dbfile = :memory:' "logtarget = $SANDBOX/fail2ban.log" >/etc/fail2ban/fail2ban.local
	fail2ban-server -f -s /run/fail2ban/test.sock -p /run/fail2ban/test.pid start >"$SANDBOX/fail2ban.out" 2>&1 &
	wait_until watching || wait_until watching || sandbox_give_up "$(cat "$SANDBOX"/fail2ban.*)"
	denied app nonsense
	for _ in 1 2 3 4 5; do
		denied svc nonsense
	done
	audit_flush
	wait_until told || true
	tap_ok 'server: five denials are told' wait_until told
	audit_flush
	tap_is 'server: of whom, and of nobody else' "$(grep -o 'privsep-wrap-denials: .*' "$AUDIT_LOG")" \
		'privsep-wrap-denials: user svc, uid 2001: 5 commands denied'
	f2b stop >/dev/null
	wait $! || true
}

# A user of another directory may have any name.
test_names() {
	cat >"$SANDBOX/names" <<-'END'
		2026-11-26T05:34:21.123456Z h privsep-wrap[1]: deny id=000000000001 user='a b;$(x)' uid=7 auid=- ses=- tty=- cwd=/ ppid=1 unit=- conf=x
		2026-11-26T05:34:21.123456+05:30 h privsep-wrap[1]: deny id=000000000002 user=$'D\\u\'s' uid=8 auid=3 ses=9 tty=pts/1 cwd=$'/\' b' ppid=1 unit='a b' conf=x
		2026-11-26T05:34:21.123456Z h privsep-wrap[1]: @cee: {"record":"deny","id":"000000000003","user":"D\\u\"","uid":9,"auid":3,"ses":9,"tty":"pts/1","cwd":"/\"","ppid":1,"unit":"a","conf":"x"
		2026-11-26T05:34:21.123456Z h sudo[1]: privsep-wrap[1]: deny id=000000000001 user=x uid=7 auid=- ses=- tty=- cwd=/ ppid=1 unit=- conf=x
	END
	tap_is 'names that are written with quotes' "$(counted "$SANDBOX/names")" "'a b;\$(x)' 7
\$'D\\\\u\\'s' 8
\"D\\\\u\\\"\" 9"
}

test_journal() {
	journald_requirements
	journald_start
	format text
	denied svc nonsense
	as_user app logger -t privsep-wrap \
		'deny id=000000000000 user=root uid=0 auid=- ses=- tty=- cwd=/ ppid=1 unit=- conf=x'
	format json
	denied app nonsense
	journald_flush
	tap_is 'the journal: denials in both forms, and only root'\''s' \
		"$(counted "systemd-journal[journalpath=$(echo /run/log/journal/*)]")" $'svc 2001\n"app" 2002'
	journald_stop
}

needs_program fail2ban-regex
needs_program fail2ban-server
install_example
echo "${SANDBOX_RULE/svc/app}" >/etc/sudoers.d/app-too
policy <<-'END'
	true: CommandFilter, true, app
END
for form in text json; do
	quotes=
	[ "$form" = text ] || quotes='"'
	test_filter "$form" "$quotes"
	test_directory "$form" "$quotes"
done
test_names
test_rsyslog
test_server
test_journal
tap_done
