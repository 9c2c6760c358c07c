#!/bin/bash
# What `privsep-wrapctl` says of a policy that can be used: what may not do what was meant, and nothing else.
set -eu
# shellcheck source=tests/functional/lib.sh
. "$(dirname "$0")/lib.sh"

# check_says ASPECT STATUS ERE <TEXT: of the filters TEXT; ERE is of the first line.
check_says() {
	{
		echo '[Filters]'
		cat
	} | filters test
	capture as_svc privsep-wrapctl check "$SANDBOX_CONF"
	tap_like "$1" "$STATUS ${OUT%%$'\n'*}$ERR" "^$2 $3\$"
}

# warns ASPECT ERE <TEXT: one warning, of the first filter.
warns() {
	check_says "$1" 1 "$SANDBOX_FILTERS/test.filters:2: warning: f: $2"
}

quiet() {
	check_says "$1" 0 ''
}

test_fields() {
	local filter

	for filter in 'CommandFilter, ls, root, -l' 'IpFilter, ip, root, -l' 'IpNetnsExecFilter, ip, root, -l'; do
		warns "surplus: $filter" 'field 3: fields from here on have no effect: .*: -l' <<<"f: $filter"
	done
	warns 'surplus: ReadFileFilter' 'field 2: fields from here on have no effect: .*: /b' <<<'f: ReadFileFilter, /etc/a, /b'
	quiet 'each field counts' <<<'f: RegExpFilter, ls, root, ls, -l'
	warns 'a user for whom it allows nothing' 'field 2: the user must be root: .*: app' <<<'f: IpNetnsExecFilter, ip, app'
	quiet 'a user for whom it does' <<<'f: IpNetnsExecFilter, ip, root'
	check_says 'a user who is not there' 2 '.*:2: error: f: .*: create the user: nobodyatall' \
		<<<'f: CommandFilter, ls, nobodyatall'
}

test_contexts() {
	local few=$'\n[Context few]\nfilters = f\ncapabilities = cap_chown'

	warns 'root with few capabilities' 'root with few capabilities still owns root.s files: .*' \
		<<<"f: CommandFilter, ls, root$few"
	quiet 'another user with them' <<<"f: CommandFilter, ls, app$few"
	quiet 'root, where no other user can be' <<<"f: ReadFileFilter, /etc/a$few"
	check_says 'a bad entry of a list' 2 '.*:5: error: context: capabilities: entry 2: no name of .*: .cap_chown, cap_nix.' \
		<<<$'f: CommandFilter, ls, app\n[Context x]\nfilters = f\ncapabilities = cap_chown, cap_nix'
	check_says 'no section of a context' 2 '.*:3: error: context: it is written \[Context NAME\].*' \
		<<<$'f: CommandFilter, ls, app\n[Contexts x]\nfilters = f'
	capture privsep-wrapctl explain "$SANDBOX_CONF" ls
	tap_like 'a filter of a bad context names it' "$OUT" '  because  *something is wrong with its context \(line 3\)'
}

test_directories() {
	local above='field [34]: others can change a directory above it; commands are held inside that, not inside this: .*'

	local directory=$SANDBOX/of-svc

	install -d -o svc "$directory" "$directory/images"
	warns 'the way is of others' "$above" <<<"f: PathFilter, chmod, root, 0644, $directory/images"
	quiet 'the directory itself is' <<<"f: PathFilter, chmod, root, 0644, $directory"
	quiet 'the same, with a slash behind it' <<<"f: PathFilter, chmod, root, 0644, $directory/"
	check_says 'a program that no guard holds' 2 '.*: error: f: its program mounts .* path_guard = off' \
		<<<'f: PathFilter, mount, root, /srv'
}

test_exec_dirs() {
	conf <<-END
		[DEFAULT]
		filters_path = $SANDBOX_FILTERS
		exec_dirs = /opt/nowhere, /opt/nor-here
	END
	check_says 'no directory of programs' 2 "$SANDBOX_CONF: error: exec_dirs: none of its directories is there .*" \
		<<<'f: CommandFilter, /bin/true, root'
	conf_default
}

test_usage() {
	capture privsep-wrapctl check --frobnicate "$SANDBOX_CONF"
	tap_is 'an unknown option is named' "$STATUS $OUT$ERR" \
		'2 privsep-wrapctl: unknown option --frobnicate; see privsep-wrapctl --help'
	capture privsep-wrapctl check
	tap_is 'no CONF' "$STATUS $OUT$ERR" '2 privsep-wrapctl: CONF is missing; see privsep-wrapctl --help'
}

test_explain() {
	filters test <<<$'[Filters]\nf: ReadFileFilter, /etc/a'
	capture privsep-wrapctl explain "$SANDBOX_CONF" cat /etc/a
	tap_like 'explain: a file is read' "$OUT" '^  reads  */etc/a$'
	tap_unlike 'explain: no cat runs' "$OUT" 'runs'
	filters test <<<$'[Filters]\nf: CommandFilter, no-such-program, root'
	capture privsep-wrapctl explain "$SANDBOX_CONF" no-such-program
	tap_like 'explain: what is not there' "$STATUS $OUT" '^  not there  *no-such-program$'
}

test_fields
test_explain
test_contexts
test_directories
test_exec_dirs
test_usage
tap_done
