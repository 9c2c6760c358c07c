#!/bin/bash
# tests/run-tests counts what programs report, and takes no broken report for a success.
# shellcheck disable=SC2016     # what stands in single quotes is expanded in the programs
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
# shellcheck source=tests/tap.sh
. "$root/tests/tap.sh"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export BUILD=$work/build TEST_TIMEOUT=30

# program NAME TEXT: a shell script.
program() {
	printf '#!/bin/sh\n%s\n' "$2" >"$work/$1"
	chmod 0755 "$work/$1"
}

# run_tests NAME...: STATUS, OUT and its LAST line.
run_tests() {
	STATUS=0
	OUT=$(cd "$work" && CI=${CI_WANTED-} "$root/tests/run-tests" "$@" 2>&1) || STATUS=$?
	LAST=${OUT##*$'\n'}
}

# fails TEXT WHY: a program of TEXT is one failure and told WHY.
fails() {
	program broken "$1"
	run_tests good broken
	tap_is "$2: it fails" "$STATUS ${LAST#* passed, }" '1 1 failed'
	tap_like "$2: it says so" "$OUT" "$2"
}

program good 'echo ok 1 - a; echo "# note"; echo ok 2 - b; echo 1..2'
program check_unit 'echo "100%: Checks: 1"; { echo "ok 1 - x.c:a:b:0: Passed"; echo 1..1; } >"$CK_TAP_LOG_FILE_NAME"'
program skips 'echo 1..2; echo ok 1; echo "ok 2 - x # SKIP no y"'
program skips_all 'echo "1..0 # SKIP needs root"'
program bad 'echo ok 1 - a; echo not ok 2 - b; echo "#   got: z"; echo 1..2; echo trace >&2; exit 1'

run_tests good check_unit
tap_is 'all is well' "$STATUS $LAST" '0 3 passed, 0 failed'
tap_like 'a line a program' "$OUT" '^good  +2 ok +0 failed +0 skipped +[0-9]+\.[0-9] s$'
tap_is 'the output is kept' "$(head -n 1 "$BUILD/test-logs/check_unit.log")" '100%: Checks: 1'

run_tests good bad
tap_is 'a failed test' "$STATUS $LAST" '1 3 passed, 1 failed'
tap_like 'is shown' "$OUT" '^    not ok 2 - b$'
tap_like 'with what follows it' "$OUT" '^    #   got: z$'
tap_like 'and the rest of the output' "$OUT" '^    \| trace$'

run_tests good skips skips_all
tap_is 'skipped tests' "$STATUS $LAST" '0 3 passed, 0 failed, 2 skipped'
tap_like 'say why' "$OUT" '# SKIP needs root'

CI_WANTED=true
run_tests good skips skips_all
tap_is 'in CI a skip is a failure' "$STATUS $LAST" '1 3 passed, 2 failed'
tap_like 'and says so' "$OUT" 'SKIP needs root \(a skip is a failure with CI=true\)'
CI_WANTED=

run_tests skips_all
tap_is 'nothing but skips is no success' "$STATUS $LAST" '1 0 passed, 0 failed, 1 skipped'
run_tests
tap_is 'no program is no success' "$STATUS $LAST" '1 0 passed, 0 failed'

fails 'echo ok 1; echo 1..2' 'planned 2 tests, ran 1'
fails 'echo ok 1' 'no plan'
fails 'echo "100%: Checks: 0"; echo 1..0' 'no test was run'
fails 'echo ok 1; echo 1..1; exit 3' 'exit status 3'
fails 'kill -SEGV $$' 'exit status 139'
fails 'echo 1..1; echo ok 1; echo "Bail out! the disk is full"' 'Bail out! the disk is full'
run_tests good absent
tap_is 'a program that is not there fails' "$STATUS $LAST" '1 2 passed, 1 failed'
TEST_TIMEOUT=1
program broken 'echo 1..1; echo ok 1; exec sleep 30'
run_tests broken                        # alone: another can take a second too
tap_is 'one that hangs: it fails' "$STATUS ${LAST#* passed, }" '1 1 failed'
tap_like 'one that hangs: it says so' "$OUT" 'killed with status 124'
TEST_TIMEOUT=30

program wrapped '[ "$WRAPPED" = yes ] && echo ok 1 && echo 1..1'
VALGRIND='env WRAPPED=yes' run_tests wrapped
tap_is 'VALGRIND goes before the program' "$STATUS $LAST" '0 1 passed, 0 failed'
tap_done
