#!/bin/bash
# scripts/check-layers finds what it is there to find.
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
# shellcheck source=tests/tap.sh
. "$root/tests/tap.sh"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# verdict FILE HEADER: of a tree with one file, whose second line includes HEADER.
verdict() {
	rm -rf "$work/src"
	mkdir -p "$work/src/$(dirname "$1")"
	printf '#include <stdio.h>\n#include "%s"\n' "$2" >"$work/src/$1"
	"$root/scripts/check-layers" "$work/src" || echo "status $?"
}

accepts() {
	tap_is "$1 may include $2" "$(verdict "$1" "$2")" ''
}

refuses() {
	tap_like "$1 must not include $2" "$(verdict "$1" "$2" | tr '\n' ' ')" "^$1:2: .*\"$2\".* status 1 \$"
}

accepts base/path.c base/error.h
accepts match/match.c base/error.h
accepts filters/ip.c request/request.h
accepts filters/ip.c filters/common.h
accepts filters/ip.c filters/ip.h
accepts filters/ip.c filters/ip_grammar.h
accepts ctl/main.c execute/execute.h
accepts ctl/main.c ctl/command.h
accepts privsep-wrap.c execute/execute.h

refuses base/path.c pattern/pattern.h
refuses base/path.h trust/trust.h
refuses policy/policy.c filters/registry.h
refuses execute/execute.c ctl/command.h
refuses privsep-wrap.c ctl/command.h
refuses filters/ip.c filters/path.h
refuses filters/ip_grammar.c filters/ip.h
refuses base/path.c error.h
refuses base/path.c ../trust/trust.h
refuses base/path.c nowhere/error.h

tap_like 'a directory that is no layer is named' "$(verdict other/x.c base/error.h)" '^other/x.c:1: .*no layer: other'
tap_is 'the sources keep the rule' "$("$root/scripts/check-layers" "$root/src")" ''
tap_done
