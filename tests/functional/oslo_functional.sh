#!/bin/bash
# oslo.rootwrap's own functional tests, as its Debian package has them, with our program in the place of its own.
set -eu
# shellcheck source=tests/functional/lib.sh
. "$(dirname "$0")/lib.sh"

for module in testtools fixtures oslo_rootwrap.tests.test_functional; do
	/usr/bin/python3 -c "import $module" 2>/dev/null || tap_skip_all "needs python3's $module"
done
while read -r result name; do
	case $result in
	ok) tap_pass "$name" ;;
	*) tap_fail "$name" "$(cat "$SANDBOX/details.$name")" ;;
	esac
done < <(/usr/bin/python3 "$(dirname "$0")/support/oslo_functional.py" /usr/bin/privsep-wrap "$SANDBOX/details")
tap_ok 'there were tests' test "$TAP_COUNT" -gt 5
tap_done
