#!/bin/bash
# Attacks by the words of a command line, before any filter looks at them.
# shellcheck disable=SC2317     # cases are called by name
set -eu
# shellcheck source=tests/attacks/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/attacks/support/caller.sh
. "$(dirname "$0")/support/caller.sh"

EVIL=$HOME_OF_SVC/evil.conf             # would allow everything
SIZE_OF_WORDS=131000                    # one word can be little longer

# as_argv PROGRAM WORD... -- VARIABLE...: executes it with just these words, argv[0] the first, and this environment.
as_argv() {
	/usr/bin/python3 -c '
import ctypes, os, sys
words = [os.fsencode(word) for word in sys.argv[2:]]
mark = words.index(b"--")
def strings(values):
    return (ctypes.c_char_p * (len(values) + 1))(*values, None)
ctypes.CDLL(None).execve(os.fsencode(sys.argv[1]), strings(words[:mark]), strings(words[mark + 1:]))' "$@"
}

attack_without_command() {
	capture "$WRAPPER"
	case_is 'no argument' "$STATUS $OUT$ERR" '98 privsep-wrap: No command specified'
	capture "$WRAPPER" "$SANDBOX_CONF"
	case_is 'a conf alone' "$STATUS $OUT$ERR" '98 privsep-wrap: No command specified'
	kinds_of_records
	case_is 'nothing ran, nothing was asked for' "$(canary) $KINDS" 'no '
}

# Behind an argv that is empty stands the environment.
attack_empty_argv() {
	capture as_argv "$WRAPPER" -- "$SANDBOX_CONF" canary
	case_is 'no argv: the environment is none' "$STATUS $OUT$ERR $(canary)" \
		'98 privsep-wrap: No command specified no'
	capture as_argv "$WRAPPER" '' -- "$SANDBOX_CONF" canary
	case_is 'an empty name' "$STATUS $OUT$ERR $(canary)" '98 privsep-wrap: No command specified no'
	capture as_argv "$WRAPPER" $'\e[2J\n' "$SANDBOX_CONF" id --
	case_like 'a name that no program has is not shown' "$STATUS $ERR" '^99 privsep-wrap: Unauthorized command: id '
	case_record 'and the record has the constant one' '^<85>privsep-wrap\[[0-9]+\]: deny '
}

attack_options() {
	local words

	evil_conf
	permitted 'the canary is in force' canary
	canary >/dev/null
	for words in "--config=$EVIL canary" "-c $EVIL canary" '-- canary' '--help' "$EVIL canary"; do
		# shellcheck disable=SC2086     # words
		denied "$words" $words
	done
	export POSIXLY_CORRECT=1
	direct -- canary
	unset POSIXLY_CORRECT
	case_is 'POSIXLY_CORRECT changes nothing' "$STATUS $(canary)" '99 no'
}

evil_conf() {
	mkdir -p "$HOME_OF_SVC/evil.d"
	printf '[DEFAULT]\nfilters_path = %s/evil.d\nexec_dirs = %s\n' "$HOME_OF_SVC" "$EXEC" >"$EVIL"
	printf '[Filters]\ncanary: CommandFilter, canary, root\nid: CommandFilter, id, root\n' \
		>"$HOME_OF_SVC/evil.d/all.filters"
	chown -R svc: "$EVIL" "$HOME_OF_SVC/evil.d"
}

# conf_refused ASPECT REASON CONF: named by svc where sudoers lets it name any.
conf_refused() {
	# shellcheck disable=SC2016     # expanded by svc's shell
	capture as_svc sh -c 'cd "$1" && exec sudo -n privsep-wrap "$2" canary <evil.conf' sh "$HOME_OF_SVC" "$3"
	case_is "$1: refused" "$STATUS ${OUT:-silence} $(canary)" '97 silence no'
	case_record "$1: recorded" ": error .* conf=$3 reason=$2 "
}

attack_own_conf() {
	evil_conf
	echo 'svc ALL=(root) NOPASSWD: /usr/bin/privsep-wrap *' >/etc/sudoers.d/app
	conf_refused 'a conf of the caller'\''s' unsafe-path "$EVIL"
	conf_refused 'a relative one' bad-config ./evil.conf
	conf_refused 'one on standard input' unsafe-path /proc/self/fd/0
	chown root: "$EVIL"
	conf_refused 'one of root'\''s in a directory of the caller'\''s' unsafe-path "$EVIL"
	as_svc ln -s "$SANDBOX_CONF" "$HOME_OF_SVC/link.conf"
	conf_refused 'a link of the caller'\''s to the right one' unsafe-path "$HOME_OF_SVC/link.conf"
	printf '%s\n' "$SANDBOX_RULE" >/etc/sudoers.d/app
}

attack_empty_name() {
	policy <<-'END'
		directory: CommandFilter, /usr/lib/, root
		canary: CommandFilter, canary, root
	END
	denied 'a blank' ' '
	denied 'a newline' $'\n'
	denied 'the current directory' .
	denied 'the root directory' /
	refused_with 96 unsafe-program 'an empty name is that of a directory' ''
	policy <<<'canary: CommandFilter, canary, root'
	denied 'an empty name' ''
}

attack_base_name() {
	impostor canary
	mkdir -p "$HOME_OF_SVC/below"
	denied 'the caller'\''s program' "$HOME_OF_SVC/canary"
	denied 'a detour' "/usr/bin/../..$HOME_OF_SVC/canary"
	denied 'a slash behind it' canary/
	wrap_from "$HOME_OF_SVC" ./canary
	case_is 'relative: denied' "$STATUS $(canary)" '99 no'
	case_record 'relative: recorded' ': deny .* reason=no-match .* cmd=./canary$'
	wrap_from "$HOME_OF_SVC/below" ../canary
	case_is 'relative, above: denied' "$STATUS $(canary)" '99 no'
	case_record 'relative, above: recorded' ': deny .* reason=no-match .* cmd=../canary$'
}

attack_backslashes() {
	local name backslashes

	backslashes=$(printf '%65536s' '' | tr ' ' "\\\\")
	policy <<<'printf: CommandFilter, printf, root'
	wrap printf '%s' -s "$backslashes"
	case_is 'bytes arrive as they are' "$STATUS $OUT" "0 -s$backslashes"
	audit_mark
	for name in privsep-wrapedit sudoedit -sudoedit sh; do
		capture as_argv "$WRAPPER" "$name" "$SANDBOX_CONF" printf '%s' -s "a\\" --
		case_is "by the name $name: the same" "$STATUS $OUT$ERR" "0 -sa\\"
		case_record "by the name $name: recorded" ' allow .* argc=4 cmd=printf '
	done
}

attack_long_words() {
	local word

	word=$(printf "%${SIZE_OF_WORDS}s" '' | tr ' ' x)
	policy <<<'true: CommandFilter, true, root'
	wrap true "$word"
	case_is 'one long word: runs' "$STATUS" 0
	case_is 'one long word: all of it is recorded' \
		"$(audit_records | sed -n 's/.* cmd=//p' | tr -dc x | wc -c)" "$SIZE_OF_WORDS"
	audit_mark
	# shellcheck disable=SC2046     # words
	refused_with 99 too-long 'many words' true $(seq 100000)
	refused_with 99 too-long 'long words' true "$word" "$word" "$word" "$word" "$word" "$word" "$word" "$word"
}

attack_bytes() {
	policy <<-'END'
		letters: RegExpFilter, echo, root, echo, [a-z]+
		any: RegExpFilter, canary, root, canary, .*
	END
	permitted 'letters' echo abc
	wrap echo $'\xff'
	case_is 'no UTF-8: denied' "$STATUS" 99
	case_record 'no UTF-8: recorded byte by byte' " deny .* reason=no-match argc=2 cmd=echo [$]'[\\]377'$"
	denied 'half a character' echo $'\xc3\x28'
	denied 'a terminal'\''s command' echo $'\e[2J'
	case_is 'nothing that a terminal obeys is said' "$(tr -d ' -~\n' <"$SANDBOX/err")" ''
	wrap canary $'\xff'
	case_is 'no UTF-8 is not anything' "$STATUS $(canary)" '99 no'
	case_record 'no UTF-8 is not anything: recorded' ' deny .* filter=- .* reason=no-match '
}

policy <<<'canary: CommandFilter, canary, root'
attack PARSE-01 'no command' attack_without_command
attack PARSE-02 'an empty argv in front of an environment that looks like one' attack_empty_argv
attack PARSE-03 'words that look like options' attack_options
attack PARSE-05 'a conf of the caller'\''s own' attack_own_conf
attack PARSE-06 'names of directories' attack_empty_name
attack PARSE-07 'the base name of an allowed program' attack_base_name
attack PARSE-08 'backslashes and other names' attack_backslashes
attack PARSE-09 'words too long to be recorded' attack_long_words
attack PARSE-10 'bytes that are no text' attack_bytes
tap_done
