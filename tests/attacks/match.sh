#!/bin/bash
# Attacks on what patterns and plain filters match.
# shellcheck disable=SC2317     # cases are called by name
set -eu
# shellcheck source=tests/attacks/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/attacks/support/caller.sh
. "$(dirname "$0")/support/caller.sh"

FILES=$SANDBOX/files

attack_newline_behind_pattern() {
	policy <<-END
		plain: RegExpFilter, cat, root, cat, $FILES/plain
		set: RegExpFilter, cat, root, cat, $FILES/[s]et
		end: RegExpFilter, cat, root, cat, $FILES/end$
	END
	permitted 'plain text' cat "$FILES/plain"
	permitted 'a pattern' cat "$FILES/set"
	permitted 'a pattern with its own end' cat "$FILES/end"
	denied 'behind plain text' cat "$FILES/plain"$'\n'
	denied 'behind a pattern' cat "$FILES/set"$'\n'
	denied 'behind a pattern with its own end' cat "$FILES/end"$'\n'
}

attack_branches() {
	policy <<<"cat: RegExpFilter, cat, root, cat, $FILES/plain|$FILES/set"
	permitted 'the first branch' cat "$FILES/plain"
	permitted 'the last branch' cat "$FILES/set"
	denied 'more behind the first' cat "$FILES/plainer"
	denied 'more behind the last' cat "$FILES/setter"
	denied 'a detour behind the first' cat "$FILES/plain/../../../../etc/shadow"
	denied 'more before the last' cat "/etc/shadow$FILES/set"
}

attack_name_by_prefix() {
	policy <<-END
		either: RegExpFilter, cat, root, cat|tac, .*
		canary: RegExpFilter, canary, root, can.*y
	END
	permitted 'one of the names' tac "$FILES/plain"
	denied 'more behind the first name' catANYTHING "$FILES/plain"
	denied 'more behind the last name' tacANYTHING "$FILES/plain"
	denied 'more behind a wide one' canary.
	denied 'a name on the second line' $'x\ncanary'
}

# verb PATTERN: it is refused, so that no argument passes, nor a later filter.
verb() {
	printf '%s\n' "bad: RegExpFilter, canary, root, canary, $1" 'wide: CommandFilter, canary, root' | policy
	refused_with 99 bad-filter "$1" canary aEVIL
}

attack_pattern_verbs() {
	policy <<<'canary: RegExpFilter, canary, root, canary, (?m)a$'
	permitted 'flags at the start' canary a
	canary >/dev/null
	denied 'an end of a line is not that of the argument' canary $'a\nEVIL'
	denied 'nor is its beginning' canary $'EVIL\na'
	verb 'a(*ACCEPT)b'
	verb 'a\K.*'
	verb '(*LIMIT_MATCH=4000000000)a.*'
	verb '(*UTF)a.*'
	verb 'a(?R)?.*'
	verb 'a(?{1}).*'
	verb '[[:alpha:]]+'
	verb '\Qa\E.*'
	verb 'a[^'
}

attack_backtracking() {
	local words

	words=$(printf 'a%.0s' {1..28})
	policy <<-'END'
		slow: RegExpFilter, canary, root, canary, ([a-z]+)+x
		wide: CommandFilter, canary, root
	END
	permitted 'what matches at once' canary "${words}x"
	canary >/dev/null
	refused_with 99 pattern-limit 'what would take for ever' canary "$words!"
	case_like 'the filter is named' "$ERR" "$SANDBOX_FILTERS/test.filters:2$"
}

# in_turkish ASPECT WANTED-STATUS COMMAND [ARG...]: whatever the caller's language.
in_turkish() {
	capture as_svc env LANG=tr_TR.UTF-8 LC_ALL=tr_TR.UTF-8 LANGUAGE=tr sudo -n privsep-wrap "$SANDBOX_CONF" "${@:3}"
	case_is "$1, in Turkish" "$STATUS" "$2"
	wrap "${@:3}"
	case_is "$1" "$STATUS" "$2"
	audit_mark
}

# Characters are Unicode's, as in Python, and of those on which PCRE2 does not agree with it none is admitted.
attack_other_alphabets() {
	program tac <<<'#!/bin/sh'
	policy <<-'END'
		digit: RegExpFilter, echo, root, echo, \d
		other: RegExpFilter, printf, root, printf, \D
		word: RegExpFilter, canary, root, canary, \S+
		case: RegExpFilter, tac, root, tac, (?i)tit
	END
	in_turkish 'a digit of another alphabet is one' 0 echo $'\xef\xbc\x91'
	in_turkish 'a digit is nothing else' 99 printf $'\xef\xbc\x91'
	in_turkish 'neither are two' 99 echo $'\xef\xbc\x91\xef\xbc\x91'
	in_turkish 'large letters' 0 tac TIT
	in_turkish 'a dotless i is another letter' 99 tac $'t\xc4\xb1t'
	in_turkish 'a dotted one, too' 99 tac $'T\xc4\xb0T'
	in_turkish 'what is white space to Python only' 99 canary $'a\x1cb'
	case_is 'the canary' "$(canary)" no
}

attack_number_of_arguments() {
	policy <<<'canary: RegExpFilter, canary, root, canary, a, .*, b*'
	permitted 'as many as patterns' canary a x b
	permitted 'empty ones where patterns take them' canary a '' ''
	canary >/dev/null
	denied 'another last one' canary a x c
	denied 'one fewer' canary a x
	denied 'one more' canary a x b b
	denied 'an empty one more' canary a x b ''
	denied 'an empty one for a pattern that does not take it' canary '' x b
	denied 'none' canary
}

# A filter that looks at a request and passes it on must leave it as it is.
attack_env_before_others() {
	policy <<-'END'
		env: EnvFilter, env, root, FOO=, printenv
		canary: CommandFilter, canary, root
	END
	permitted 'the variables that it names' env FOO=1 printenv FOO
	denied 'no variable' env canary
	denied 'env again and again' env env env canary
	denied 'another program behind them' env FOO=1 canary
	denied 'another variable with them' env FOO=1 BAR=2 printenv FOO
}

# sources ORDER...: the filter files, made in that order, and which of them decides.
sources() {
	local name

	rm -f "$SANDBOX_FILTERS"/*
	for name; do
		printf '[Filters]\n%s: CommandFilter, canary, root\n' "$name" >"$SANDBOX_FILTERS/$name.filters"
	done
	direct canary
	audit_records | sed -n 's/.* allow .* filter=\([^ ]*\) src=.*\/\([^ ]*\) runas=.*/\1 \2/p'
	audit_mark
}

attack_order_of_files() {
	case_is 'made in this order' "$(sources 10 9 A B a)" '10 10.filters:2'
	audit_mark
	case_is 'made the other way around' "$(sources a B A 9 10)" '10 10.filters:2'
	audit_mark
	case_is 'large letters come first' "$(sources a b B)" 'b B.filters:2'
	rm -f "$SANDBOX_FILTERS"/*
}

attack_options_for_pass() {
	local before

	before=$(stat -c '%a %U %Z' "$FILES"/*)
	policy <<-END
		chmod: PathFilter, chmod, root, pass, $FILES
		chown: PathFilter, chown, root, pass, $FILES
	END
	denied 'another'\''s mode' chmod "--reference=$HOME_OF_SVC" "$FILES/plain"
	denied 'recursively' chmod -R "$FILES"
	denied 'taking away' chmod -r "$FILES/plain"
	denied 'by the old owner' chown --from=root "$FILES/plain"
	denied 'the end of options' chown -- "$FILES/plain"
	case_is 'the files are as they were' "$(stat -c '%a %U %Z' "$FILES"/*)" "$before"
	permitted 'a word' chmod 0640 "$FILES/plain"
	case_is 'a word: it is changed' "$(stat -c %a "$FILES/plain")" 640
}

mkdir "$FILES"
touch "$FILES/plain" "$FILES/set" "$FILES/end" "$FILES/plainer" "$FILES/setter"
attack MATCH-01 'a newline behind what a pattern ends with' attack_newline_behind_pattern
attack MATCH-02 'more behind one of two branches' attack_branches
attack MATCH-03 'more behind the program'\''s name' attack_name_by_prefix
attack MATCH-04 'verbs and flags in a pattern' attack_pattern_verbs
attack MATCH-05 'an argument that keeps a pattern busy' attack_backtracking
attack MATCH-07 'characters of other alphabets and languages' attack_other_alphabets
attack MATCH-08 'more, fewer and empty arguments' attack_number_of_arguments
attack MATCH-09 'env before a command of another filter' attack_env_before_others
attack MATCH-10 'files in another order' attack_order_of_files
attack MATCH-12 'options where a filter lets any word pass' attack_options_for_pass
tap_done

# Left out: MATCH-11: any arguments are what a CommandFilter allows; the wrapper has no defence to be tested there.
