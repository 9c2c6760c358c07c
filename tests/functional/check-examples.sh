#!/bin/bash
# Every example of the manuals and the README is a file in tests/data/examples, and every such file does what the text
# says:
#
#	NAME.conf, NAME.filters     pass `privsep-wrapctl check`
#	NAME.commands               lines `allow WORD...` and `deny WORD...`, the verdicts of NAME.filters
#	NAME.broken                 a filter file with a fault, for NAME.session
#	NAME.log                    /var/log/privsep-wrap.log of NAME.session
#	NAME.session                a command after "$ ", and what it prints, by the policy NAME
#	NAME.sudoers                visudo accepts it
#	NAME.records                a shell reads cmd back as argc words; the keys are those of the manual, in its order;
#	                            the same of records as JSON
#	NAME.sh                     a shell can read it; what it has privsep-wrap do is allowed by NAME.filters
#
# A comment above the example names the file: `.\" example: FILE` or `<!-- example: FILE -->`.  @PID@ in a command is
# a process that runs the program of the KillFilter.
#
# Runs as any user.  PRIVSEP_WRAPCTL names the program to test.
# shellcheck disable=SC2317     # functions are called by name
set -eu
umask 022
cd "$(dirname "$0")/../.."
# shellcheck source=tests/tap.sh
. tests/tap.sh

ctl=$(realpath "${PRIVSEP_WRAPCTL:-${BUILD:-build}/privsep-wrapctl}")
examples=$PWD/tests/data/examples
PATH=$PATH:/usr/sbin:/sbin

if ! [ -x "$ctl" ]; then
	echo "Bail out! $ctl is not there: run make first, or set PRIVSEP_WRAPCTL"
	exit 1
fi

work=$(mktemp -d)
target=
trap '[ -z "$target" ] || kill "$target"; rm -rf "$work"' EXIT
trap 'exit 1' HUP INT PIPE TERM
app=$work/app
conf=$app/rootwrap.conf

# A process for the KillFilters: the very program under test, waiting for commands.
start_target() {
	mkfifo "$work/never"
	cp "$ctl" "$work/target"
	printf '[DEFAULT]\nfilters_path = %s\n' "$work" >"$work/target.conf"
	"$work/target" explain --batch --assume-programs "$work/target.conf" <>"$work/never" &
	target=$!
	while [ "$(readlink "/proc/$target/exe")" != "$work/target" ]; do
		kill -0 "$target" || exit 1
		sleep 0.01
	done
}

# move_conf FILE: a conf of /etc/app with its directories in the temporary copy.
move_conf() {
	sed "s|^filters_path *=.*|filters_path = $app/filters.d|" "$1" >"$conf"
}

# move_filters FILE: a filter file whose KillFilters are for the target.
move_filters() {
	sed -E "s|(: KillFilter, [a-z]+, )[^,]+|\\1$work/target|" "$1"
}

# policy NAME [FILE]: the policy of an example; its only filter file is FILE, or else NAME.filters or NAME.broken.
policy() {
	local name=$1 file

	rm -rf "$app"
	mkdir -p "$app/filters.d"
	printf '[DEFAULT]\nfilters_path =\nexec_dirs = /usr/bin, /usr/sbin\n' >"$work/default.conf"
	move_conf "$work/default.conf"
	for file in "${2-$examples/$name.filters}" "$examples/$name.broken"; do
		[ ! -f "$file" ] || move_filters "$file" >"$app/filters.d/$name.filters"
	done
}

check_policy() {
	tap_ok "$1: check finds nothing" "$ctl" check --assume-programs "$conf"
}

# check_commands NAME FILE: the verdicts, compared line by line.
check_commands() {
	sed -n "s/@PID@/$target/g; /^allow \|^deny /p" "$2" >"$work/wanted"
	cut -d ' ' -f 2- "$work/wanted" |
		"$ctl" explain --batch --assume-programs "$conf" |
		sed 's/.*"verdict":"\([a-z]*\)".*/\1/' |
		paste -d ' ' - <(cut -d ' ' -f 2- "$work/wanted") >"$work/got"
	tap_is "$1: verdicts" "$(cat "$work/got")" "$(cat "$work/wanted")"
	tap_is "$1: a verdict on each line" "$(wc -l <"$work/wanted")" "$(wc -l <"$2")"
}

# check_filters NAME FILE COMMANDS
check_filters() {
	policy "$1" "$2"
	check_policy "$1"
	check_commands "$1" "$3"
	tap_ok "$1: something is allowed" grep -q '^allow ' "$3"
	tap_ok "$1: something is denied" grep -q '^deny ' "$3"
}

check_conf() {
	policy "$1"
	move_conf "$2"
	check_policy "$1"
}

# run_session FILE: the session anew, as if the policy were in /etc/app.
run_session() {
	local command log=${1##*/}

	log=$examples/${log%%.*}.log
	[ ! -f "$log" ] || sed "s|/etc/app|$app|g" "$log" >"$work/log"
	command=$(sed -n 's/^\$ //p' "$1" | sed -e "s|/etc/app|$app|g" -e "s|/var/log/privsep-wrap\.log|$work/log|" \
		-e 's/ --assume-programs//' \
		-e 's/privsep-wrapctl [a-z]*/& --assume-programs/')
	sed -n '/^\$ /p' "$1"
	PATH=$work/bin:$PATH sh -c "$command" 2>&1 | sed "s|$app|/etc/app|g"
}

check_session() {
	policy "${1%%.*}"
	tap_is "$1: session" "$(run_session "$2")" "$(cat "$2")"
}

check_sudoers() {
	if command -v visudo >/dev/null; then
		tap_ok "$1: visudo accepts it" visudo -cf "$2"
	else
		tap_skip "$1: visudo accepts it" 'needs visudo'
	fi
}

# check_record RECORD KEYS: its keys are among KEYS, in that order; cmd is argc words.
check_record() {
	local keys=${1%% cmd=*} known=" $2 " key rest argc

	for key in ${keys#* } cmd; do
		key=${key%%=*}
		rest=${known#* "$key" }
		[ "$rest" != "$known" ] || return 1
		known=" $rest"
	done
	argc=${keys##* argc=}
	eval "set -- ${1#* cmd=}"
	[ "$argc" -eq $# ]
}

# check_json_record RECORD KEYS: the same of one object.
check_json_record() {
	/usr/bin/python3 -c '
import json, sys
record = json.loads(sys.argv[1].removeprefix("@cee: "))
keys, known = list(record), sys.argv[2].split()
assert keys[0] == "record" and keys[-1] == "cmd"
assert keys[1:] == [key for key in known if key in keys]
assert len(record["cmd"]) == record["argc"]
' "$@" 2>/dev/null
}

check_records() {
	local record documented check

	documented=$(awk '/^\.Sh/ { inside = /AUDIT TRAIL/ } inside && /^\.It Cm [a-z]/ && !/-/' man/privsep-wrap.8 |
		sed 's/^\.It Cm//; s/,//g' | tr -s '\n ' ' ')
	while read -r record; do
		check=check_record
		[[ $record != @cee:* ]] || check=check_json_record
		if "$check" "$record" "$documented"; then
			tap_pass "$1: ${record%% *}"
		else
			tap_fail "$1: ${record%% *}" "documented:$documented"
		fi
	done <"$2"
}

# check_script NAME FILE
check_script() {
	tap_ok "$1: a shell can read it" sh -n "$2"
	[ -f "$examples/$1.filters" ] || return 0
	sed -n 's|.*/etc/app/rootwrap\.conf |allow |p' "$2" >"$work/commands"
	policy "$1"
	check_commands "$1, script" "$work/commands"
}

check_file() {
	local name=${1##*/}

	name=${name%.*}
	case $1 in
	*.conf) check_conf "$name" "$1" ;;
	*.filters) check_filters "$name" "$1" "$examples/$name.commands" ;;
	*.session) check_session "$name" "$1" ;;
	*.sudoers) check_sudoers "$name" "$1" ;;
	*.records) check_records "$name" "$1" ;;
	*.sh) check_script "$name" "$1" ;;
	*.commands | *.broken | *.log) ;; # parts of others
	*) tap_fail "$name: what is it?" ;;
	esac
}

# The samples that are installed, as they are and with all that they offer.
check_samples() {
	check_conf 'etc/rootwrap.conf' etc/rootwrap.conf
	sed 's/^#\([a-z_]* = \)/\1/' etc/rootwrap.conf >"$work/full.conf"
	check_conf 'etc/rootwrap.conf, all keys' "$work/full.conf"
	check_filters service filters.d/service.filters "$examples/service.commands"
	sed 's/^#\([a-z_]*: [A-Z]\)/\1/' filters.d/service.filters >"$work/full.filters"
	check_filters service-network "$work/full.filters" "$examples/service-network.commands"
}

# extract_man FILE, extract_readme FILE: each example into the current directory.  One without a name is in "unnamed".
extract_man() {
	awk '
		/^\.\\" example: / { name = $3; next }
		/^\.Bd -literal/ { inside = 1; if (name == "") name = "unnamed"; next }
		/^\.Ed/ { inside = 0; name = ""; next }
		inside { gsub(/\\-/, "-"); gsub(/\\\(aq/, "\047"); gsub(/\\e/, "\\"); gsub(/\\&/, ""); print >name }
	' "$1"
}

extract_readme() {
	awk '
		/^<!-- example: / { name = $3; next }
		/^```/ { inside = !inside; if (!inside) name = ""; else if (name == "") name = "unnamed"; next }
		inside { print >name }
	' "$1"
}

check_document() {
	local file directory=$work/documents/${1##*/}

	mkdir -p "$directory"
	case $1 in
	*.md) (cd "$directory" && extract_readme "$OLDPWD/$1") ;;
	*) (cd "$directory" && extract_man "$OLDPWD/$1") ;;
	esac
	for file in "$directory"/*; do
		[ -e "$file" ] || continue
		tap_ok "$1: ${file##*/} is the file of that name" diff "$file" "$examples/${file##*/}"
	done
}

# Every example is shown somewhere.
check_use() {
	local file name

	for file in "$examples"/*; do
		name=${file##*/}
		case $name in
		*.commands) ;;
		*) tap_ok "$name is shown" test -n "$(find "$work/documents" -name "$name")" ;;
		esac
	done
}

# check_names MANUAL WHAT: every name on standard input has an entry or a section there.
check_names() {
	local name count=0

	while read -r name; do
		count=$((count + 1))
		grep -Eq "^\.(It Cm|Ss)( .*,)? ?$name( ,.*)?\$" "$1" || tap_fail "$1: $2 $name is explained"
	done
	tap_ok "$1: each $2, $count of them" test "$count" -gt 3
}

# names PATTERN FILE...: the first group of each match.
names() {
	local pattern=$1

	shift
	grep -ohE "$pattern" "$@" | sed -E "s/$pattern/\\1/" | sort -u
}

mkdir "$work/bin"
ln -s "$ctl" "$work/bin/privsep-wrapctl"
start_target
for example in "$examples"/*; do
	check_file "$example"
done
check_samples
for document in man/*.[58] README.md; do
	check_document "$document"
done
check_use
names '\{ "([a-z_]+)", read_[a-z_]+ \}' src/policy/settings.c >"$work/names"
check_names man/privsep-wrap.conf.5 key <"$work/names"
names '\.name = "([A-Za-z]+Filter)"' src/filters/*.c >"$work/names"
check_names man/privsep-wrap.filters.5 class <"$work/names"
names '\{ "([a-z-]+-[a-z-]+)", EXIT_' src/match/decision.c >"$work/names"
check_names man/privsep-wrap.8 'reason of a denial' <"$work/names"
grep '\.reason = ' src/privsep-wrap.c >"$work/reasons"
names '"([a-z-]+)"' "$work/reasons" >"$work/names"
check_names man/privsep-wrap.8 'reason of an error' <"$work/names"
tap_done
