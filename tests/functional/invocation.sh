#!/bin/bash
# The ways to start the wrapper, and those in which it must not start.
set -eu
# shellcheck source=tests/functional/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/functional/support/programs.sh
. "$(dirname "$0")/support/programs.sh"

conf_program=/etc/app/app-rootwrap.conf

# sudoers RULE: instead of the usual one.
sudoers() {
	printf 'svc ALL=(root) NOPASSWD: %s\n' "$1" >/etc/sudoers.d/app
}

# As sudoers says, no "*" is needed: a command without arguments stands for itself with any.
test_conf_as_program() {
	{
		echo "#!$WRAPPER"
		cat "$SANDBOX_CONF"
	} >"$conf_program"
	chmod 0755 "$conf_program"
	sudoers "$conf_program"
	tap_ok 'conf as a program: visudo takes the line' visudo -cf /etc/sudoers.d/app
	audit_mark
	capture as_svc sudo -n "$conf_program" echo 'two words' ''
	tap_is 'conf as a program: allowed' "$STATUS $OUT$ERR" '0 two words '
	tap_like 'conf as a program: the record names it' "$(audit_records)" \
		" allow .* user=svc .* conf=$conf_program .* argc=3 cmd=echo 'two words' ''$"
	capture as_svc sudo -n "$conf_program" id
	tap_is 'conf as a program: refused' "$STATUS" 99
	capture as_svc sudo -n "$conf_program" "$conf_program" echo
	tap_is 'conf as a program: another conf is only a command' "$STATUS" 99
	capture as_svc sudo -n "$WRAPPER" "$conf_program" echo
	tap_is 'conf as a program: sudo runs nothing else' "$STATUS" 1
	chmod 0775 "$conf_program"
	capture as_svc sudo -n "$conf_program" echo
	tap_is 'conf as a program: one that others can change' "$STATUS" 97
	sudoers "$WRAPPER $SANDBOX_CONF *"
}

test_link() {
	ln -s privsep-wrap /usr/bin/app-rootwrap
	sudoers "/usr/bin/app-rootwrap $SANDBOX_CONF *"
	audit_mark
	capture as_svc sudo -n app-rootwrap "$SANDBOX_CONF" id
	tap_is 'link: its name stands before messages' "$STATUS $ERR" '99 app-rootwrap: Unauthorized command: id (no filter matched)'
	capture as_svc sudo -n app-rootwrap "$SANDBOX_CONF" echo same
	tap_is 'link: the same decisions' "$STATUS $OUT$ERR" '0 same'
	tap_is 'link: the records are the wrapper'\''s' "$(audit_records | grep -Ec '^<8[56]>privsep-wrap\[')" 2
	sudoers "$WRAPPER $SANDBOX_CONF *"
}

# "*" in sudoers stands for any words: what could be an option must not be one.
test_words_like_options() {
	local words

	for words in "--config-file $SANDBOX/evil.conf canary" "--config=$SANDBOX/evil.conf canary" \
		"-c $SANDBOX/evil.conf canary" '-- canary' '--help' '--version' '-h' "$SANDBOX/evil.conf canary"; do
		# shellcheck disable=SC2086     # words
		refused "option as a command: $words" $words
	done
	allowed 'option as an argument' echo --help -c
	tap_is 'option as an argument: it arrives' "$OUT" '--help -c'
	tap_is 'options: nothing else ran' "$(canary)" no
	capture as_svc sudo -n "$WRAPPER" "$SANDBOX/evil.conf" canary
	tap_is 'another conf: sudo refuses' "$STATUS $(canary)" '1 no'
}

test_usage() {
	capture "$WRAPPER" --help
	tap_is '--help alone is no command: 98' "$STATUS" 98
	tap_like '--help alone: usage on standard error' "$ERR" '^usage: privsep-wrap CONF COMMAND \[ARGUMENT\.\.\.\]$'
	tap_is '--help alone: nothing on standard output' "$OUT" ''
}

test_relative_conf() {
	capture in_directory /etc/app "$WRAPPER" rootwrap.conf canary
	tap_is 'relative conf: 97' "$STATUS $(canary)" '97 no'
	tap_like 'relative conf: why' "$ERR" \
		'^privsep-wrap: Incorrect configuration file: rootwrap\.conf: it must be an absolute path$'
	capture in_directory /etc/app "$WRAPPER" ./rootwrap.conf canary
	tap_is 'relative conf with a slash: 97' "$STATUS $(canary)" '97 no'
	capture in_directory /etc/app "$WRAPPER" '' canary
	tap_is 'empty conf: 97' "$STATUS $(canary)" '97 no'
}

# shellcheck disable=SC2317     # called by capture
in_directory() {
	(cd "$1" && exec "${@:2}")
}

test_ordinary_user() {
	local copy=$SANDBOX/set-user-id

	audit_mark
	capture as_svc "$WRAPPER" "$SANDBOX_CONF" canary
	tap_is 'without sudo: 95' "$STATUS $(canary)" '95 no'
	tap_like 'without sudo: why' "$ERR" '^privsep-wrap: It must be started by root'
	install -m 4755 "$WRAPPER" "$copy"
	install -m 4755 /usr/bin/id "$SANDBOX/id"
	tap_is 'set-user-ID copy: such programs work here' "$(as_svc "$SANDBOX/id" -u)" 0
	capture as_svc "$copy" "$SANDBOX_CONF" canary
	tap_is 'set-user-ID copy: 95' "$STATUS $(canary)" '95 no'
	tap_like 'set-user-ID copy: why' "$ERR" ': It must be started by root.* not set-user-ID$'
	install -m 6755 -g appextra "$WRAPPER" "$copy"
	capture as_svc "$copy" "$SANDBOX_CONF" canary
	tap_is 'set-user-ID and set-group-ID copy: 95' "$STATUS $(canary)" '95 no'
}

# Everything would be allowed by this one.
cat >"$SANDBOX/evil.conf" <<-END
	[DEFAULT]
	filters_path = $SANDBOX/evil.d
	exec_dirs = $EXEC
END
mkdir "$SANDBOX/evil.d"
printf '[Filters]\ncanary: CommandFilter, canary, root\n' >"$SANDBOX/evil.d/all.filters"
policy <<<'echo: CommandFilter, echo, root'
test_conf_as_program
test_link
test_words_like_options
test_usage
test_relative_conf
test_ordinary_user
tap_done
