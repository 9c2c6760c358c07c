#!/bin/bash
# oslo.rootwrap lets everybody run privsep-helper, by a filter that nobody wrote.  Here the conf has to say so, and
# whoever is refused is told the line that allows just this.
set -eu
# shellcheck source=tests/functional/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/functional/support/programs.sh
. "$(dirname "$0")/support/programs.sh"

helper=(privsep-helper --config-file /usr/share/nova/nova-dist.conf --config-file /etc/nova/nova.conf
	--privsep_context vif_plug_ovs.privsep.vif_plug --privsep_sock_path /tmp/tmpabc123/privsep.sock)

# The line that the message offers.
offered() {
	sed -n 's/^.*; to allow exactly this, add to a filter file: //p' <<<"$1"
}

# one_line_allows NAME ARG...: the line that is offered for privsep-helper ARG... allows it, and nothing else.
one_line_allows() {
	local name=$1 line
	local command=(privsep-helper "${@:2}")
	local similar=("${command[@]//[.*+?]/y}")

	policy <<<''
	wrap "${command[@]}"
	line=$(offered "$ERR")
	tap_is "$name: refused, and a line is offered" "$STATUS ${line%%,*}" '99 privsep-helper: RegExpFilter'
	tap_is "$name: no byte that a terminal obeys" "$(LC_ALL=C.UTF-8 grep -aoP '[\x00-\x1f\x7f-\x9f]' "$SANDBOX/err" || :)" ''
	policy <<<"$line"
	allowed "$name: with the line" "${command[@]}"
	tap_is "$name: it runs, word for word" "$OUT" "$(printf '<%s>' "${@:2}")"
	refused "$name: with the line, one word more" "${command[@]}" more
	refused "$name: with the line, the last word longer" "${command[@]:0:$#-1}" "${command[-1]}x"
	refused "$name: with the line, one word fewer" "${command[@]:0:$#-1}"
	[ "${similar[*]}" = "${command[*]}" ] || refused "$name: with the line, other letters for . * + ?" "${similar[@]}"
}

test_denied() {
	policy <<<'other: CommandFilter, true, root'
	audit_mark
	wrap "${helper[@]}"
	tap_is 'by default: refused' "$STATUS $OUT" '99 '
	tap_like 'by default: the record says why' "$(audit_records)" \
		'^<85>.* deny .* filter=- .* reason=implicit-privsep argc=9 cmd=privsep-helper '
	wrap /usr/bin/privsep-helper
	tap_is 'by its path: refused' "$STATUS" 99
}

# No pattern matches what is not UTF-8.
test_not_utf8() {
	policy <<<''
	wrap privsep-helper $'\xff'
	tap_is 'a word that is not UTF-8: refused, and no line is offered' "$STATUS $(offered "$ERR")" '99 '
}

# The reader of filter files takes no white space but blank and tab.
test_other_white_space() {
	local line

	policy <<<''
	wrap privsep-helper $'a\xe2\x80\x83b'
	line=$(offered "$ERR")
	policy <<<"$line"
	wrap privsep-helper $'a\xe2\x80\x83b'
	tap_is 'other white space: no line is offered, or one that allows it' "$STATUS" \
		"$([ -z "$line" ] && echo 99 || echo 0)"
}

test_implicit() {
	policy <<<'other: CommandFilter, true, root'
	conf_with <<<'implicit_privsep_helper = True'
	allowed 'implicit_privsep_helper' "${helper[@]}"
	tap_is 'implicit_privsep_helper: it runs, word for word' "$OUT" "$(printf '<%s>' "${helper[@]:1}")"
	refused 'implicit_privsep_helper, another program' privsep-helper2
	conf_with <<<'implicit_privsep_helper = False'
	refused 'implicit_privsep_helper off' "${helper[@]}"
}

program privsep-helper <<-'END'
	#!/bin/sh
	printf '<%s>' "$@"
END
test_denied
one_line_allows 'a helper of nova' "${helper[@]:1}"
one_line_allows 'words that a field cannot hold' 'a, b' ' c ' '' 'tab	' $'line\nline' '#' ';x'
# shellcheck disable=SC1003,SC2016     # each is meant as it is written
one_line_allows 'words that a pattern reads otherwise' 'a.b*c+d?' '[x]{1,2}|(y)^$' '\d\\' "it's \"so\"" '%(x)s $HOME'
one_line_allows 'words that are not ASCII' $'caf\xc3\xa9' $'\xe4\xb8\xad\xf0\x9f\x98\x80' $'\xc2\x9b31m'
one_line_allows 'control characters' $'\e[2J\a\x7f'
test_not_utf8
test_other_white_space
test_implicit
tap_done
