#!/bin/bash
# Attacks on what the policy's own files say: each is read to its last byte, as it is documented, or not at all.
# shellcheck disable=SC2317     # cases are called by name
set -eu
# shellcheck source=tests/attacks/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/attacks/support/caller.sh
. "$(dirname "$0")/support/caller.sh"

# spaces LENGTH FILTER: blanks before its last field, so that its line is that long.
spaces() {
	printf "%s,%$(($1 - ${#2}))s%s\n" "${2%,*}" '' "${2##*,}"
}

# unusable ASPECT: the canary cannot be asked for, because of test.filters.
unusable() {
	refused_with 97 bad-config "$1" canary
}

attack_long_line() {
	local length filter='canary: RegExpFilter, canary, root, canary,only'

	for length in 300 5000 65533; do
		policy < <(spaces "$length" "$filter")
		denied "$length bytes, without the last argument" canary
		denied "$length bytes, an empty argument" canary ''
		permitted "$length bytes, the argument" canary only
		canary >/dev/null
	done
	policy < <(spaces 65534 "$filter")
	unusable '65,534 bytes'
	policy < <(spaces 70000 "$filter")
	unusable '70,000 bytes'
}

# file TEXT: in the escapes of printf, the whole of test.filters.
file() {
	# shellcheck disable=SC2059     # the escapes are wanted
	printf "$1" | filters test
}

# refused_file ASPECT TEXT
refused_file() {
	file "$2"
	unusable "$1"
}

# honoured_file ASPECT TEXT
honoured_file() {
	file "$2"
	permitted "$1" canary
	case_is "$1: it ran" "$(canary)" yes
}

attack_odd_files() {
	local all='canary: CommandFilter, canary, root' some='canary: RegExpFilter, canary, root, canary'

	refused_file 'a NUL byte before the restriction' "[Filters]\n$some\\0, only\n"
	refused_file 'a control character' "[Filters]\n$some\\033, only\n"
	refused_file 'a carriage return inside' "[Filters]\n$some\r, only\n"
	refused_file 'no UTF-8' "[Filters]\n# \\377\n$all\n"
	refused_file 'white space that only some programs see' "[Filters]\ncanary:\\302\\240CommandFilter, canary, root\n"
	refused_file 'a byte order mark' "\\357\\273\\277[Filters]\n$all\n"
	refused_file 'a name without a value' "[Filters]\n$all\ncanary\n"
	refused_file 'text before the first section' "$all\n[Filters]\n$all\n"
	refused_file 'a header with two ends' "[Filters]]\n$all\n"
	honoured_file 'lines that end in CR LF' "[Filters]\r\n$all\r\n"
	honoured_file 'no newline at the end' "[Filters]\n$all"
	honoured_file 'the section twice' "[Filters]\nother: CommandFilter, id, root\n[Filters]\n$all\n"
	honoured_file 'a default filter' "[DEFAULT]\n$all\n[Filters]\n"
	honoured_file 'a value on two lines' "[Filters]\ncanary: CommandFilter,\n canary, root\n"
	file "[Filters]\n$some,\n only\n"
	denied 'a restriction on the second line' canary
	file "[Filters]\n$some, only ;\n"
	denied 'a comment that is none' canary only
	file "[Other]\n$all\n"
	denied 'no section of filters' canary
	file ''
	denied 'an empty file' canary
}

# The two halves are patterns of their own: a filter that is narrower than was meant, and `check` says so.
attack_split_repeat() {
	policy <<<'canary: RegExpFilter, canary, root, canary, a{1,2}'
	denied 'what the count would admit' canary aa
	denied 'more than that' canary aaa
	capture privsep-wrapctl check "$SANDBOX_CONF"
	case_like 'check warns' "$STATUS $OUT$ERR" "^1 $SANDBOX_FILTERS/test.filters:2: warning: canary: field 4: a comma "
}

# In lists a blank behind the comma must not begin a name, nor must what is relative be looked up where the caller is.
attack_lists() {
	local further=$SANDBOX/further tools=$SANDBOX/tools
	local nested="$HOME_OF_SVC/ $SANDBOX/further"

	mkdir -p "$further" "$tools" "$nested" "$HOME_OF_SVC/filters.d" "$HOME_OF_SVC/bin" /etc/app/bin
	printf '[Filters]\ncanary: CommandFilter, canary, root\n' >"$HOME_OF_SVC/filters.d/evil.filters"
	cp "$HOME_OF_SVC/filters.d/evil.filters" "$nested/"
	impostor bin/tool
	printf '[Filters]\necho: CommandFilter, echo, root\ntool: CommandFilter, tool, root\n' >"$further/more.filters"
	rm "$SANDBOX_FILTERS/test.filters"
	printf '[DEFAULT]\nfilters_path = filters.d, %s\nexec_dirs = bin, /usr/bin\n' "$further" | conf
	wrap_from "$HOME_OF_SVC" echo same
	case_is 'the second entry counts, without its blank' "$STATUS $OUT" '0 same'
	case_record 'the second entry counts: recorded' " allow .* src=$further/more.filters:2 "
	wrap_from "$HOME_OF_SVC" canary
	case_is 'filters of the caller'\''s directory: denied' "$STATUS $(canary)" '99 no'
	case_record 'filters of the caller'\''s directory: recorded' ' deny .* reason=no-match '
	wrap_from "$HOME_OF_SVC" tool
	case_is 'a program of the caller'\''s directory: not found' "$STATUS $(canary)" '96 no'
	case_record 'a program of the caller'\''s directory: recorded' ' deny .* exe=- reason=no-program '
	printf '[DEFAULT]\nfilters_path = %s\nexec_dirs = /sbin, /usr/bin,\n' "$further" | conf
	refused_with 97 bad-config 'exec_dirs with an empty entry' echo same
	printf '[DEFAULT]\nfilters_path = %s,, %s\n' "$further" "$further" | conf
	refused_with 97 bad-config 'filters_path with an empty entry' echo same
	conf_with <<<'audit_required = True'
}

# check_says ASPECT STATUS TEXT
check_says() {
	capture privsep-wrapctl check "$SANDBOX_CONF"
	case_like "$1: check says so" "$STATUS $OUT$ERR" "^$2 [^ ]*:$3"
}

attack_unknown_words() {
	policy <<-'END'
		canary: RegExpFilter, canary
		wide: CommandFilter, canary, root
	END
	refused_with 99 bad-filter 'too few fields: none that is wider is reached' canary
	check_says 'too few fields' 2 '2: error: canary: RegExpFilter needs '
	policy <<-'END'
		canary: RegexpFilter, canary, root, canary
		wide: CommandFilter, canary, nobody
	END
	permitted 'an unknown class is skipped' canary
	canary >/dev/null
	check_says 'an unknown class' 1 '2: warning: unknown filter class'
	policy <<-'END'
		canary: RegExpFilter, canary, root, canary, only
		CANARY: RegExpFilter, canary, root, canary, none
	END
	permitted 'of one name twice the second value counts' canary none
	canary >/dev/null
	denied 'and the first does not' canary only
	check_says 'one name twice' 2 '3: error: a filter of the same name stands above'
	conf_with <<<'exec_dir = /tmp'
	permitted 'an unknown key changes nothing' canary none
	canary >/dev/null
	check_says 'an unknown key' 2 '4: warning: unknown key'
	conf_with <<<"filters_path = $SANDBOX_FILTERS"
	refused_with 97 bad-config 'a key of the conf twice' canary none
	conf_with <<<'audit_required = True'
}

policy <<<'canary: CommandFilter, canary, root'
attack PARSE-11 'the restriction at the end of a long line' attack_long_line
attack PARSE-12 'files that readers do not agree on' attack_odd_files
attack PARSE-13 'a comma in a repeat count' attack_split_repeat
attack PARSE-14 'names that begin with a blank or are relative' attack_lists
attack PARSE-15 'words that the policy cannot mean' attack_unknown_words
tap_done
