#!/bin/bash
# privsep-wrapctl report: what it makes of logs, in every form, and of logs that somebody has filled with traps.
#
# Runs as any user.
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
# shellcheck source=tests/tap.sh
. "$root/tests/tap.sh"

ctl=$(realpath "${BUILD:-build}/privsep-wrapctl")
[ -x "$ctl" ] || {
	echo "Bail out! $ctl is not there: run make first"
	exit 1
}
for program in script python3; do
	command -v "$program" >/dev/null || tap_skip_all "needs $program"
done

umask 022
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT PIPE TERM
cd "$work"
export TZ=UTC0
unset COLUMNS

ESC=$'\033'
TAB=$'\t'
IN_BETWEEN='user=svc uid=1001 auid=- ses=- tty=- cwd=/ ppid=41'
CONF='conf=/etc/app/rootwrap.conf'

# report [ARG...]: the output in OUT, that to standard error in ERR, the status in STATUS.
report() {
	STATUS=0
	"$ctl" report "$@" >out 2>err || STATUS=$?
	OUT=$(<out)
	ERR=$(<err)
}

# line TIME RECORD: as audit_file has it.
line() {
	printf '2026-11-%s.000000Z node1 privsep-wrap[41]: %s\n' "$1" "$2"
}

# allow TIME ID USER UNIT FILTER LINE CMD, deny TIME ID USER UNIT CMD, ended TIME ID FILTER STATUS MS
allow() {
	local words

	eval "words=($7)"
	line "$1" "allow id=$2 user=$3 uid=1001 auid=- ses=- tty=- cwd=/ ppid=41 unit=$4 $CONF filter=$5 src=$work/filters.d/net.filters:$6 runas=root ctx=- caps=all exe=/usr/sbin/x argc=${#words[@]} cmd=$7"
}

deny() {
	local words

	eval "words=($5)"
	line "$1" "deny id=$2 user=$3 uid=1001 auid=- ses=- tty=- cwd=/ ppid=41 unit=$4 $CONF filter=- src=- runas=- ctx=- caps=- exe=- reason=no-match argc=${#words[@]} cmd=$5"
}

ended() {
	line "$1" "exit id=$2 filter=$3 status=$4 signal=- ms=$5"
}

# The trail that most tests read: two days, text and JSON, one denial in two parts mixed with another record.
make_trail() {
	allow 24T10:00:00 000000000001 ann a.service ip 2 '/sbin/ip link'
	allow 24T10:00:01 000000000002 bob b.service ip 2 'ip addr'
	ended 24T10:00:05 000000000001 ip 0 5000
	line 24T10:00:06 "deny id=000000000003 $IN_BETWEEN unit=a.service $CONF filter=- src=- runas=- ctx=- caps=- exe=- reason=no-match argc=3 part=1/2 cmd=rm -r"
	deny 24T10:00:07 000000000004 bob b.service "cat '/x y'"
	line 24T10:00:06 "more id=000000000003 part=2/2 cmd=f /home"
	line 25T11:00:00 '@cee: {"record":"allow","id":"000000000005","user":"ann","uid":1001,"auid":null,"ses":null,"tty":null,"cwd":"/","ppid":41,"unit":"a.service","conf":"/etc/app/rootwrap.conf","filter":"mount","src":"'"$work"'/filters.d/net.filters:3","runas":"root","ctx":null,"caps":"all","exe":"/bin/mount","argc":2,"cmd":["mount","/mnt"]}'
	line 25T11:00:09 '@cee: {"record":"exit","id":"000000000005","filter":"mount","status":124,"signal":null,"ms":9000}'
	line 25T12:00:00 "error id=000000000006 $IN_BETWEEN unit=a.service $CONF reason=exec-failed path=/sbin/ip detail=ENOENT argc=1 cmd=ip"
	echo '2026-11-25T12:00:01.000000Z node1 sshd[7]: not ours'
}

# counts NAME: allowed, denied, errors and exits of a line of the columns.
counts() {
	awk -F '\t' -v name="$1" '$1 "/" $2 == name { print $3, $4, $5, $6 }' <<<"$OUT"
}

# json EXPRESSION: of the object in OUT, d.
json() {
	/usr/bin/env python3 -c 'import json, sys; d = json.loads(sys.argv[1]); print(eval(sys.argv[2]))' "$OUT" "$1"
}

test_columns() {
	report trail
	tap_is 'a whole trail: status' "$STATUS" 0
	tap_is 'and nothing on standard error' "$ERR" ''
	tap_is 'all' "$(counts total/-)" '3 2 1 2'
	tap_is 'filter ip' "$(counts filter/ip)" '2 0 0 1'
	tap_is 'filter of a record as JSON' "$(counts filter/mount)" '1 0 0 1'
	tap_is 'no filter' "$(counts filter/-)" '0 2 1 0'
	tap_like 'what failed and timed out' "$OUT" "^total${TAB}-${TAB}3${TAB}2${TAB}1${TAB}2${TAB}0${TAB}1${TAB}14000${TAB}9000${TAB}"
	tap_like 'first and last' "$OUT" "^total.*${TAB}2026-11-24T10:00:00Z${TAB}2026-11-25T12:00:00Z\$"
	tap_like 'reasons' "$OUT" "^reason${TAB}2${TAB}deny${TAB}no-match\$"
	tap_like 'a command in two parts' "$OUT" "^refused${TAB}1${TAB}deny${TAB}no-match${TAB}rm -rf /home\$"
	tap_is 'the slowest first' "$(awk -F '\t' '$1 == "slowest" { print $2, $3, $5, $6 }' <<<"$OUT")" \
		$'9000 124 mount mount /mnt\n5000 0 ip /sbin/ip link'
	tap_like 'lines of others' "$OUT" "^other-lines${TAB}1\$"
	report --by filter trail
	tap_is '--by filter is the default' "$OUT" "$("$ctl" report trail)"
	report --by user trail
	tap_is '--by user' "$(counts user/ann), $(counts user/bob), $(counts user/svc)" '2 0 0 2, 1 1 0 0, 0 1 1 0'
	report --by unit trail
	tap_is '--by unit' "$(counts unit/a.service), $(counts unit/b.service)" '2 1 1 2, 1 1 0 0'
	report --by command trail
	tap_is '--by command' "$(counts command/ip), $(counts command/rm)" '2 0 1 1, 0 1 0 0'
}

test_selection() {
	report --since 2026-11-25 trail
	tap_is '--since' "$(counts total/-)" '1 0 1 1'
	report --until 2026-11-25 trail
	tap_is '--until' "$(counts total/-)" '2 2 0 1'
	report --since 2026-11-24T10:00:01Z --until '2026-11-24 10:00:06' trail
	tap_is 'from a time on, and before one' "$(counts total/-)" '1 0 0 1'
	tap_like 'a command is known from before' "$OUT" "^slowest.*/sbin/ip link\$"
	TZ=XXX+1 report --since 2026-11-24T10:00:00 --until @1795651200 trail
	tap_is 'the local time zone' "$(counts total/-)" '1 0 1 1'
	report --denied trail
	tap_is '--denied' "$(counts total/-)" '0 2 1 0'
	tap_unlike '--denied: no runs' "$OUT" '^slowest'
	grep -v part= trail | sed 's/^[^ ]* [^ ]* [^ ]* //' >undated
	report --since 2020-01-01 undated
	tap_is 'without a time nothing is after one' "$(counts total/-)" '0 0 0 0'
	tap_like 'and that is told' "$OUT" "^undated${TAB}7\$"
	report undated
	tap_is 'and they count otherwise' "$(counts total/-)" '3 1 1 2'
}

test_input() {
	report <trail
	tap_is 'standard input' "$(counts total/-)" '3 2 1 2'
	report - <trail
	tap_is '- is standard input' "$(counts total/-)" '3 2 1 2'
	head -n 4 trail >first
	tail -n +5 trail >second
	report first second
	tap_is 'a record may begin in one file and end in the next' "$STATUS $(counts total/-)" '0 3 2 1 2'
	report first - <second
	tap_is 'a file and standard input' "$(counts total/-)" '3 2 1 2'
	printf '%s' "$(cat trail)" >unended
	sed -i '$d' unended
	truncate -s -1 unended
	report unended
	tap_is 'the last line needs no newline' "$(counts total/-)" '3 2 1 2'
	report first
	tap_is 'a part is missing: status 1' "$STATUS" 1
	tap_like 'and it is counted' "$OUT" "^incomplete${TAB}1\$"
	tap_is 'as the denial that it is' "$(counts total/-)" '2 1 0 1'
	report /dev/null
	tap_is 'nothing at all' "$STATUS $(counts total/-)" '0 0 0 0 0'
}

test_json() {
	report --json --by user trail
	tap_ok '--json: one object' python3 -m json.tool out
	tap_is '--json: the groups' "$(json '[(g["name"], g["allowed"]) for g in d["groups"]]')" \
		"[('ann', 2), ('bob', 1), ('svc', 0)]"
	tap_is '--json: all' "$(json 'd["total"]["exits"], d["by"], d["other_lines"], d["others"]')" "(2, 'user', 1, None)"
	tap_is '--json: refused' "$(json 'sorted(r["command"] for r in d["refused"])')" \
		"[\"cat '/x y'\", 'ip', 'rm -rf /home']"
}

test_csv() {
	report --csv trail
	tap_is '--csv' "$(tr -d '\r' <out)" 'filter,allowed,denied,errors,exits,failed,timed_out,ms_total,ms_max,first,last
,0,2,1,0,0,0,0,0,2026-11-24T10:00:06Z,2026-11-25T12:00:00Z
ip,2,0,0,1,0,0,5000,5000,2026-11-24T10:00:00Z,2026-11-24T10:00:05Z
mount,1,0,0,1,0,1,9000,9000,2026-11-25T11:00:00Z,2026-11-25T11:00:09Z'
	tap_is '--csv: every line ends as RFC 4180 says' "$(grep -c $'\r$' out)" "$(wc -l <out)"
	tap_is '--csv: a file that is cut says so on standard error' \
		"$("$ctl" report --csv first 2>&1 >/dev/null || echo $?)" $'privsep-wrapctl: records with parts missing: 1\n1'
}

test_reassemble() {
	report --reassemble trail
	cp out whole
	tap_is '--reassemble: a record a line' "$STATUS $(wc -l <whole)" '0 8'
	tap_like 'the whole command' "$OUT" \
		'^2026-11-24T10:00:06\.000000Z - privsep-wrap: deny id=000000000003 .* argc=3 cmd=rm -rf /home$'
	tap_unlike 'no part' "$OUT" 'part=| more '
	tap_like 'a record as JSON as text' "$OUT" ' allow id=000000000005 user=ann .* caps=all exe=/bin/mount argc=2 cmd=mount /mnt$'
	report --reassemble whole
	tap_ok 'it can be read again and stays the same' cmp out whole
	tap_is 'and comes to the same' "$("$ctl" report whole | grep -v other)" "$("$ctl" report trail | grep -v other)"
	report <<<"$(sed 's/user=ann/user='\''-'\''/' trail)" --reassemble
	tap_like 'a value that is a hyphen stays one' "$OUT" " allow id=000000000001 user='-' "
	cp out hyphen
	report --by user hyphen
	tap_is 'and is read back as one' "$(counts "user/'-'"), $(counts user/-)" '1 0 0 1, '
	report --reassemble --json trail
	cp out objects
	report --reassemble --json objects
	tap_ok '--json: it can be read again and stays the same, with its times' cmp out objects
	report --reassemble --json trail
	tap_is '--json: an object a line' "$(python3 -c 'import json, sys
for line in sys.stdin:
	print(json.loads(line)["record"], end=" ")' <out)" 'allow allow exit deny deny allow exit error '
	tap_like '--json: the command' "$OUT" \
		'^\{"time":"2026-11-24T10:00:06.000000Z","record":"deny","id":"000000000003",.*"argc":3,"cmd":\["rm","-rf","/home"\]\}$'
	report --reassemble --denied --since 2026-11-25 trail
	tap_is '--denied and --since' "$(wc -l <out) $(grep -o 'error id=[0-9]*' out)" '1 error id=000000000006'
	report --reassemble first
	tap_like 'an incomplete one is marked' "$OUT" ' deny id=000000000003 .* argc=3 incomplete=1/2 cmd=rm -r$'
	tap_is 'and told' "$STATUS $ERR" '1 privsep-wrapctl: records with parts missing: 1'
	report <<<"$OUT"
	tap_is 'and is never taken for whole' "$STATUS" 1
	grep 'part=2' trail >rest
	report --reassemble rest
	tap_like 'of a rest without a beginning there is no more' "$OUT" ' more id=000000000003 incomplete=1/2 cmd=f /home$'
}

test_unused() {
	mkdir filters.d
	printf '[DEFAULT]\nfilters_path = %s\n' "$work/filters.d" >conf
	cat >filters.d/net.filters <<-'END'
		[Filters]
		ip: IpFilter, ip, root
		mount: CommandFilter, mount, root
		umount: CommandFilter, umount, root
		silent: CommandFilter, ls, root
		broken: CommandFilter, cat
		[Context quiet]
		filters = silent
		log = deny
	END
	report --unused conf --assume-programs trail
	tap_is '--unused' "$STATUS $OUT" "0 $work/filters.d/net.filters:4${TAB}umount${TAB}CommandFilter${TAB}-
$work/filters.d/net.filters:5${TAB}silent${TAB}CommandFilter${TAB}not-recorded
$work/filters.d/net.filters:6${TAB}broken${TAB}CommandFilter${TAB}unusable"
	report --unused conf --assume-programs --until 2026-11-25 --json trail
	tap_is '--unused in a time, as JSON' "$(json '[(u["filter"], u["note"]) for u in d["unused"]]')" \
		"[('mount', None), ('umount', None), ('silent', 'not-recorded'), ('broken', 'unusable')]"
	report --unused conf --assume-programs --csv trail
	tap_is '--unused as CSV' "$(tr -d '\r' <out)" "source,filter,class,note
$work/filters.d/net.filters:4,umount,CommandFilter,
$work/filters.d/net.filters:5,silent,CommandFilter,not-recorded
$work/filters.d/net.filters:6,broken,CommandFilter,unusable"
	sed 's/net.filters:/other.filters:/' trail >elsewhere
	report --unused conf --assume-programs elsewhere
	tap_like 'a filter of that name in another file is another' "$OUT" "^[^$TAB]*${TAB}mount${TAB}"
	sed -e 's/filter=ip src/filter=ip2 src/' trail >renamed
	report --unused conf --assume-programs renamed
	tap_like 'and so is one of another name at that line' "$OUT" "^[^$TAB]*${TAB}ip${TAB}"
	report --unused conf --assume-programs <<<"$(grep deny trail | sed "s|filter=- src=-|filter=umount src=$work/filters.d/net.filters:4|")"
	tap_like 'a denial is no use' "$OUT" "${TAB}umount${TAB}"
	test_unused_flood
	test_unused_changed
}

# Filters that somebody makes up, more than a table of counts has rows: the one that was used is seen.
test_unused_flood() {
	allow 24T10:00:00 000000000001 ann a.service FORGED 9 'true' >forged
	awk -F FORGED '{ for (i = 0; i < 100100; i++) print $1 "f" i $2 }' forged >flood
	allow 24T10:00:01 000000000002 ann a.service ip 2 'ip link' >>flood
	report --unused conf --assume-programs flood
	tap_unlike 'made-up filters hide none that was used' "$OUT" "${TAB}ip${TAB}"
	tap_like 'and are no use of the others' "$OUT" "${TAB}mount${TAB}"
	rm flood
}

# More refused commands than the table has rows: the rest is told.
test_refused_flood() {
	deny 24T10:00:00 000000000001 ann a.service 'FORGED' >forged
	awk -F FORGED '{ for (i = 0; i < 100003; i++) print $1 "c" i $2 }' forged >flood
	report flood
	tap_like 'refused commands without a row of their own' "$OUT" \
		"^refused${TAB}3${TAB}-${TAB}-${TAB}\\(others\\)\$"
	rm flood
}

# Nothing must look as if all was well when nothing came out.
test_full() {
	local form

	for form in '' --json --csv --reassemble '--reassemble --json'; do
		STATUS=0
		# shellcheck disable=SC2086     # words
		"$ctl" report $form trail >/dev/full 2>err || STATUS=$?
		tap_is "no room for the output: ${form:-columns}" "$STATUS $(cat err)" \
			'2 privsep-wrapctl: standard output: No space left on device'
	done
	"$ctl" report --reassemble hostile trail >/dev/full 2>err && STATUS=0 || STATUS=$?
	tap_is 'nor is it 1' "$STATUS" 2
}

test_unused_changed() {
	sed -i 's/^ip:/# a line more\n&/' filters.d/net.filters
	report --unused conf --assume-programs trail
	tap_unlike 'a line that has moved' "$OUT" "${TAB}(ip|mount)${TAB}"
	sed "s|src=[^ ]*net.filters|src=...ers.d/net.filters|" trail >shortened
	report --unused conf --assume-programs shortened
	tap_unlike 'a src of which only the end was kept' "$OUT" "${TAB}(ip)${TAB}"
	sed "s|src=[^ ]*net.filters|src=...ers.e/net.filters|" trail >shortened
	report --unused conf --assume-programs shortened
	tap_like 'but it must be the end' "$OUT" "${TAB}ip${TAB}"
	printf 'nice: ChainingRegExpFilter, nice, root, nice, [0-9]+\n' >>filters.d/net.filters
	sed -i '/^\[Context/,/^log/d' filters.d/net.filters
	report --unused conf --assume-programs trail
	tap_like 'a chaining filter that was not used excuses none' "$OUT" "${TAB}umount${TAB}CommandFilter${TAB}-\$"
	report --unused conf --assume-programs <<<"$(allow 24T10:00:00 000000000001 ann a.service nice 7 'nice 5 ip link')"
	tap_like 'an inner command leaves no trace' "$OUT" "${TAB}umount${TAB}CommandFilter${TAB}perhaps-inner\$"
	report --unused "$work/none" trail
	tap_is 'a policy that cannot be read' "$STATUS $OUT" '2 '
	tap_like 'is named' "$ERR" "^$work/none: error: "
}

# on_terminal [ARG...]: the same on a terminal, in OUT.
on_terminal() {
	STATUS=0
	script -qec "'$ctl' report $*" /dev/null </dev/null >out || STATUS=$?
	OUT=$(tr -d '\r' <out)
}

test_terminal() {
	COLUMNS=100 on_terminal trail
	tap_like 'terminal: a table' "$OUT" '^FILTER +ALLOWED +DENIED +ERRORS +EXITS +TIMED OUT +MS'
	tap_like 'with bars' "$OUT" '^ip +2 +0 .* #+$'
	tap_like 'and local times' "$OUT" '^from 2026-11-24 10:00:00 to 2026-11-25 12:00:00$'
	COLUMNS=50 on_terminal trail
	tap_unlike 'as wide as COLUMNS' "$OUT" '^.{51}'
	on_terminal trail '| cat'
	tap_like 'a pipe from a terminal gets columns' "$OUT" "^total${TAB}"
	on_terminal
	tap_like 'no FILE and a terminal: says what to do' "$OUT" '^privsep-wrapctl: report: name a FILE, or pipe'
	tap_is 'and does not wait' "$STATUS" 2
}

# The progress is shown once reading has taken a second; the end of the input waits until it was.
test_progress() {
	mkfifo pipe
	: >seen
	script -qfec "'$ctl' report pipe >counts" /dev/null </dev/null >seen &
	exec 7>pipe
	until grep -q ' records' seen; do
		line 24T10:00:00 'exit id=000000000001 filter=f status=0 signal=- ms=1' >&7
		sleep 0.05
	done
	exec 7>&-
	wait $!
	tap_like 'progress is shown' "$(cat seen)" 'MiB, [0-9]+ records'
	tap_ok 'and cleared' test "$(tail -c 4 seen)" = $'\r'"${ESC}[K"
	tap_like 'and is not in the output' "$(cat counts)" "^total${TAB}"
	rm pipe
}

test_usage() {
	local wrong

	for wrong in --x '--since soon trail' '--by host trail' '--json --csv trail' --until '--reassemble --csv trail'; do
		# shellcheck disable=SC2086     # words
		report $wrong
		tap_is "$wrong: status and output" "$STATUS $OUT" '2 '
		tap_like "$wrong: one line, and where there is more" "$ERR" '^privsep-wrapctl: .*; see privsep-wrapctl --help$'
	done
	report --since soon trail
	tap_like 'a wrong time says what is accepted' "$ERR" 'soon is not a time: write 2026-11-26, .* 7d; see'
	report none trail
	tap_is 'a file that is not there' "$STATUS $OUT $ERR" '2  privsep-wrapctl: none: No such file or directory'
	report trail "$work"
	tap_is 'a directory' "$STATUS $OUT $ERR" "2  privsep-wrapctl: $work: Is a directory"
	report "${ESC}[2J"
	tap_is 'a name is quoted' "$ERR" "privsep-wrapctl: \$'\\033[2J': No such file or directory"
	printf '\037\213\010\0' >trail.gz
	report trail.gz
	tap_is 'a compressed file' "$STATUS $OUT $ERR" \
		'2  privsep-wrapctl: trail.gz: it is compressed: zcat FILE | privsep-wrapctl report -'
	report <trail.gz
	tap_like 'on standard input too' "$STATUS $ERR" '^2 privsep-wrapctl: standard input: it is compressed'
	printf 'LPKSHHRH\0\0' >journal
	report journal
	tap_like 'a file of the journal' "$ERR" 'it is a journal: journalctl --file=FILE '
	tap_ok '--help names it' grep -q 'privsep-wrapctl report' <("$ctl" --help)
	tap_like '--version' "$("$ctl" --version)" '^privsep-wrapctl [0-9]+\.[0-9]+\.[0-9]+$'
}

# Everything that somebody who may write to the log could think of.
make_hostile() {
	allow 24T10:00:00 000000000011 "'=cmd|x!A1'" '@SUM' '+1' 2 "${ESC}[2J"
	line 24T10:00:00 "deny id=000000000012 user=${ESC}]0;x uid=1 argc=1 cmd=x"
	line 24T10:00:01 "deny id=000000000013 user=\$'\\033[2J' uid=1001 auid=- ses=- tty=- cwd=/ ppid=41 unit=-1+1 $CONF filter=- src=- runas=- ctx=- caps=- exe=- reason=no-match argc=2 cmd==1+1 \$'\\033[31m'"
	ended 24T10:00:02 000000000013 '@A1' 0 999999999999999999999999
	ended 24T10:00:02 000000000013 f 0 -1
	ended 24T10:00:02 000000000014 f 99999999999999999999 18446744073709551615
	line 24T10:00:03 "allow id=000000000015 part=1/4294967295 argc=99999999999 cmd=x"
	line 24T10:00:03 "more id=000000000016 part=4294967296/2 cmd=x"
	line 24T10:00:03 "more id=000000000016 part=0/0 cmd=x"
	line 24T10:00:04 "allow"
	line 24T10:00:04 "exit id=000000000017 filter=f filter=g status=0 signal=- ms=1"
	line 99T99:99:99 'exit id=000000000018 filter=f status=0 signal=- ms=1'
	printf '2026-11-24T10:00:05.000000Z node1 sshd[1]: x privsep-wrap[1]: exit id=000000000019 filter=forged status=0 signal=- ms=1\n'
	printf 'privsep-wrap[1]: \0\377\200\n@cee: {"record":\n@cee: {"record":"exit","id":"\033"}\n'
	head -c 3000000 /dev/zero | tr '\0' x
	printf '\n'
	line 24T10:00:06 "exit id=000000000020 filter=$(head -c 1200000 /dev/zero | tr '\0' y) status=0 signal=- ms=1"
	deny 24T10:00:07 000000000021 svc a.service 'the last'
}

# harmless NAME: nothing in `out` but printable ASCII, tabs and ends of lines.
harmless() {
	tap_is "$1: only printable ASCII" "$(LC_ALL=C tr -d '\t\r\n\040-\176' <out | wc -c)" 0
}

test_hostile() {
	local by

	make_hostile >hostile
	for by in filter user unit command; do
		report --by "$by" hostile
		harmless "--by $by"
		tap_is "--by $by: status" "$STATUS" 1
		report --by "$by" --csv hostile
		harmless "--by $by --csv"
		tap_unlike "--by $by --csv: no formula" "$OUT" '(^|,)"?[=+@-]'
		report --by "$by" --json hostile
		harmless "--by $by --json"
		tap_ok "--by $by --json: an object" python3 -m json.tool out
		COLUMNS=80 on_terminal --by "$by" hostile
		harmless "--by $by on a terminal"
	done
	report hostile
	tap_unlike 'what another program writes is not ours' "$OUT" forged
	tap_like 'what follows is still read' "$OUT" "^refused${TAB}1${TAB}deny${TAB}no-match${TAB}the last\$"
	tap_like 'a command is quoted' "$OUT" "${TAB}=1\\+1 \\\$'.033\\[31m'\$"
	report --reassemble hostile
	harmless --reassemble
	report --reassemble --json hostile
	harmless '--reassemble --json'
	tap_ok '--reassemble --json: objects' python3 -c 'import json, sys
for line in open("out"):
	json.loads(line)'
}

# A line may be as long as its writer likes.
test_long_lines() {
	printf '%s%*s\n' "$(ended 24T10:00:02 000000000030 long 0 1)" 1200000 x >long
	report long
	tap_is 'a record with more than 1 MiB behind it is damaged' "$STATUS $(counts total/-) $(grep damaged out)" \
		"1 0 0 0 0 damaged${TAB}1"
	truncate -s 200000000 endless
	tap_ok 'a line takes no more memory than is looked at' sh -c "ulimit -v 150000; exec '$ctl' report endless"
}

make_trail >trail
test_columns
test_selection
test_input
test_json
test_csv
test_reassemble
test_unused
test_terminal
test_progress
test_usage
test_hostile
test_long_lines
test_refused_flood
test_full
tap_done
