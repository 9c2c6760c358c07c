#!/bin/sh
# Each filters.d/openstack-*.filters, alone in a policy: it passes check, allows exactly what its
# service runs, and nothing that the other services run or that denied.commands lists. The same with
# the lines uncommented that the file offers for other distributions.
#
# Runs as any user. PRIVSEP_WRAPCTL names the program to test.
set -eu
umask 022
cd "$(dirname "$0")/../.."

ctl=${PRIVSEP_WRAPCTL:-build/privsep-wrapctl}
data=tests/data/openstack
services='neutron nova cinder manila'
points=0
failures=0

if ! [ -x "$ctl" ]; then
	echo "Bail out! $ctl is not there: run make first, or set PRIVSEP_WRAPCTL"
	exit 1
fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT PIPE TERM

# report STATUS NAME
report()
{
	points=$((points + 1))
	if [ "$1" -eq 0 ]; then
		echo "ok $points - $2"
	else
		failures=$((failures + 1))
		echo "not ok $points - $2"
	fi
}

# diagnose FILE: its first lines as TAP diagnostics
diagnose()
{
	sed -n -e 's/^/# /' -e 1,20p "$1"
}

# commands FILE...: the commands in them, without comments and empty lines
commands()
{
	sed -e '/^#/d' -e '/^$/d' "$@"
}

# write_policy SERVICE PATTERN: prints the path of a conf with that service's filters only; the field
# lines that match PATTERN are uncommented.
write_policy()
{
	dir=$(mktemp -d "$work/XXXXXX")
	mkdir "$dir/filters.d"
	sed -E "/$2/s/^#    --/    --/" "filters.d/openstack-$1.filters" >"$dir/filters.d/$1.filters"
	cat >"$dir/rootwrap.conf" <<-EOF
		[DEFAULT]
		filters_path = $dir/filters.d
		exec_dirs = /usr/bin
	EOF
	echo "$dir/rootwrap.conf"
}

# check_policy NAME CONF
check_policy()
{
	status=0
	"$ctl" check --assume-programs "$2" >"$work/check" 2>&1 || status=$?
	report "$status" "$1: check finds nothing"
	[ "$status" -eq 0 ] || diagnose "$work/check"
}

# check_verdicts NAME CONF VERDICT FILE: every command in FILE gets VERDICT. A command without an
# answer, or with two, makes the numbers differ. The exit status says no more than the verdicts.
check_verdicts()
{
	"$ctl" explain --batch --assume-programs "$2" <"$4" >"$work/answers" 2>"$work/errors" || :
	grep -vF "\"verdict\":\"$3\"" "$work/answers" >"$work/wrong" || :
	asked=$(wc -l <"$4")
	answered=$(wc -l <"$work/answers")
	status=0
	if [ "$asked" -eq 0 ] || [ "$asked" -ne "$answered" ] || [ -s "$work/wrong" ]; then
		status=1
	fi
	report "$status" "$1: $3 for all commands, $((asked))"
	[ "$status" -eq 0 ] && return
	echo "# $((answered)) answers, of them not $3:"
	diagnose "$work/wrong"
	diagnose "$work/errors"
}

# check_filters SERVICE VARIANT PATTERN: a VARIANT other than "shipped" has its own allowed commands.
check_filters()
{
	service=$1
	allowed=$data/$service.commands
	[ "$2" = shipped ] || allowed=$data/$service.$2.commands
	conf=$(write_policy "$service" "$3")
	commands "$allowed" >"$work/allowed"
	commands "$data/denied.commands" >"$work/denied"
	for other in $services; do
		[ "$other" = "$service" ] || commands "$data/$other".*commands >>"$work/denied"
	done
	check_policy "$service, $2" "$conf"
	check_verdicts "$service, $2" "$conf" allow "$work/allowed"
	check_verdicts "$service, $2" "$conf" deny "$work/denied"
}

for service in $services; do
	check_filters "$service" shipped '^$'
done
check_filters neutron ml2 'ml2_conf'
check_filters neutron rdo 'neutron-dist|--config-dir'
check_filters nova debian 'nova-compute'
check_filters nova rdo 'nova-dist'
check_filters cinder rdo 'cinder-dist'
check_filters manila rdo 'manila-dist'

echo "1..$points"
[ "$failures" -eq 0 ]
