#!/bin/bash
# Only what root alone can change is policy, and only such a program is run.
set -eu
# shellcheck source=tests/functional/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/functional/support/programs.sh
. "$(dirname "$0")/support/programs.sh"

home=$SANDBOX/home/svc
safe=$SANDBOX/safe                      # a directory of root's

# distrusted NAME COMPONENT OWNER MODE: what `capture` saw ended with 97 because of that component.
distrusted() {
	local records

	records=$(audit_records)
	audit_mark
	tap_is "$1: refused" "$STATUS $(canary)" '97 no'
	tap_like "$1: the component is named" "$ERR" \
		"^privsep-wrap: Incorrect configuration file: (.*: )?$2: owned by uid $3, mode $4: "
	tap_like "$1: recorded" "$records" \
		"^<83>.* error .* reason=unsafe-path path=$2 owner=$3 mode=$4 argc=1 cmd=canary$"
}

# spoiled PATH OWNER MODE: with that owner and mode the policy is refused because of PATH.
spoiled() {
	local mode

	mode=$(stat -c %a "$1")
	chown "$2" "$1"
	chmod "$3" "$1"
	wrap canary
	chown root "$1"
	chmod "$mode" "$1"
	distrusted "$1 of $2, mode $3" "$1" "$(id -u "$2")" "$3"
}

test_policy_files() {
	local path

	for path in "$SANDBOX_CONF" "$SANDBOX_FILTERS/test.filters"; do
		spoiled "$path" svc 0644
		spoiled "$path" svc 0444
		spoiled "$path" root 0664
		spoiled "$path" root 0646
	done
	for path in /etc/app "$SANDBOX_FILTERS"; do
		spoiled "$path" svc 0755
		spoiled "$path" root 0775
		spoiled "$path" root 0777
	done
	spoiled "$SANDBOX_FILTERS" root 1777
	chmod 1777 /etc/app
	wrap canary
	chmod 0755 /etc/app
	distrusted 'conf in a directory where others can add names' "$SANDBOX_CONF" 0 0644
	allowed 'with all of it root'\''s' canary
	tap_is 'with all of it root'\''s: it runs' "$(canary)" yes
	audit_mark
}

# copy_policy DIRECTORY: a policy like ours in it.
copy_policy() {
	mkdir -p "$1/filters.d"
	sed "s|^filters_path = .*|filters_path = filters.d|" "$SANDBOX_CONF" >"$1/rootwrap.conf"
	cp "$SANDBOX_FILTERS/test.filters" "$1/filters.d/"
}

test_sticky_ancestor() {
	copy_policy "$TMPDIR/of-root"
	capture "$WRAPPER" "$TMPDIR/of-root/rootwrap.conf" canary
	tap_is 'a directory of root'\''s in one like /tmp: trusted' "$STATUS $(canary)" '0 yes'
	audit_mark
	copy_policy "$TMPDIR/of-svc"
	chown svc "$TMPDIR/of-svc"
	capture "$WRAPPER" "$TMPDIR/of-svc/rootwrap.conf" canary
	distrusted 'a directory of svc'\''s in one like /tmp' "$TMPDIR/of-svc" 2001 0755
	cp "$TMPDIR/of-root/rootwrap.conf" "$TMPDIR/rootwrap.conf"
	capture "$WRAPPER" "$TMPDIR/rootwrap.conf" canary
	distrusted 'a file in one like /tmp' "$TMPDIR/rootwrap.conf" 0 0644
}

test_links() {
	local filters=$SANDBOX_FILTERS/test.filters

	mkdir "$safe"
	mv "$filters" "$safe/real"
	ln -s "$safe/real" "$safe/second"
	ln -s ../../../run/sandbox/safe/second "$filters"
	allowed 'links that only root can change' canary
	tap_is 'links that only root can change: it runs' "$(canary)" yes
	audit_mark
	cp "$safe/real" "$home/real"
	ln -sf "$home/real" "$safe/second"
	wrap canary
	distrusted 'a link to a file of root'\''s in a directory of svc'\''s' "$home" 2001 0755
	cp "$safe/real" "$safe/of-svc"
	chown svc "$safe/of-svc"
	ln -sf of-svc "$safe/second"
	wrap canary
	distrusted 'a link to a file of svc'\''s' "$safe/of-svc" 2001 0644
	ln -s "$safe/real" "$home/link"
	ln -sf "$home/link" "$safe/second"
	wrap canary
	distrusted 'a link through a link of svc'\''s' "$home" 2001 0755
	ln -sf second "$safe/second"
	wrap canary
	tap_is 'a link to itself: refused' "$STATUS $(canary)" '97 no'
	rm "$filters"
	mv "$safe/real" "$filters"
	audit_mark
	mv "$SANDBOX_FILTERS" "$home/filters.d"
	ln -s "$home/filters.d" "$SANDBOX_FILTERS"
	wrap canary
	distrusted 'a link to a directory in one of svc'\''s' "$home" 2001 0755
	rm "$SANDBOX_FILTERS"
	mv "$home/filters.d" "$SANDBOX_FILTERS"
}

# Nothing else of what editors and package managers leave behind counts, whoever owns it, and no FIFO is waited for.
test_other_names() {
	local name

	rm "$SANDBOX_FILTERS/test.filters"
	for name in canary.filters~ .canary.filters .canary.filters.swp '#canary.filters#' canary.filters.dpkg-old \
		canary.filters.rpmsave canary.filters.bak canary.FILTERS canary README; do
		filters_named "$name"
	done
	mkdir "$SANDBOX_FILTERS/directory.filters"
	mkfifo "$SANDBOX_FILTERS/fifo.filters"
	mknod "$SANDBOX_FILTERS/device.filters" c 1 5
	wrap canary
	tap_is 'other names, and what is no file: left out' "$STATUS $(canary)" '99 no'
	filters_named canary.filters
	chown root "$SANDBOX_FILTERS/canary.filters"
	allowed 'and the right name' canary
	tap_is 'and the right name: it runs' "$(canary)" yes
	rm -r "${SANDBOX_FILTERS:?}" && mkdir "$SANDBOX_FILTERS"
}

filters_named() {
	printf '[Filters]\ncanary: CommandFilter, canary, root\n' >"$SANDBOX_FILTERS/$1"
	chown svc "$SANDBOX_FILTERS/$1"
}

# What came of one run, in a line.
outcome() {
	direct echo same
	case $STATUS$ERR in
	97*': it was replaced while it was looked at '*) echo replaced ;;
	*) echo "$STATUS $OUT$ERR" ;;
	esac
}

# Two versions of a file, each of which allows the command at another line, take turns as fast as can be.
test_replaced() {
	local filler outcomes replacing

	filler=$(printf 'filler%d: CommandFilter, nothing, root\n' {1..300})
	printf '[Filters]\nfirst: CommandFilter, echo, root\n%s\n' "$filler" >/etc/app/first
	printf '[Filters]\n%s\nlast: CommandFilter, echo, root\n' "$filler" >/etc/app/last
	cp /etc/app/first "$SANDBOX_FILTERS/test.filters"
	/usr/bin/python3 -c '
import os, sys
target, new = sys.argv[1:3]
while True:
    for version in sys.argv[3:]:
        os.link(version, new)
        os.rename(new, target)' "$SANDBOX_FILTERS/test.filters" "$SANDBOX_FILTERS/new" /etc/app/first /etc/app/last &
	replacing=$!
	audit_mark
	outcomes=$(for _ in {1..200}; do outcome; done | sort -u)
	kill "$replacing"
	tap_is 'a file that is replaced all the time: allowed, or refused for that' \
		"$(grep -vx -e '0 same' -e replaced <<<"$outcomes")" ''
	tap_is 'a file that is replaced all the time: each decision is that of one version' \
		"$(audit_records | sed -n 's/.* allow .* filter=\([^ ]*\) src=[^ ]*:\([0-9]*\) .*/\1:\2/p' | sort -u | tr '\n' ' ')" \
		'first:2 last:302 '
	audit_mark
}

# unsafe NAME COMPONENT: the program is found, not trusted and not run, and none is looked for further on.
unsafe() {
	wrap canary
	tap_is "program: $1: refused" "$STATUS $(canary)" '96 no'
	tap_like "program: $1: the component is named" "$ERR" \
		"^privsep-wrap: Executable not found: canary \(filter match = canary\): $2: owned by uid [0-9]+, mode [0-7]{4}: "
	tap_like "program: $1: recorded" "$(audit_records)" '^<85>.* deny .* filter=canary .* exe=- reason=unsafe-program '
	audit_mark
}

test_program() {
	local program=$EXEC/canary

	install -m 0755 "$program" /usr/bin/canary
	chown svc "$program"
	unsafe 'of svc' "$program"
	chown root "$program"
	chmod 0775 "$program"
	unsafe 'that the group can change' "$program"
	chmod 0757 "$program"
	unsafe 'that others can change' "$program"
	install -o svc -m 0755 "$program" "$home/canary"
	ln -sf "$home/canary" "$program"
	unsafe 'a link into a directory of svc'\''s' "$home"
	install -m 0755 /usr/bin/canary "$safe/canary"
	ln -sf "$safe/canary" "$program"
	allowed 'program: a link that only root can change' canary
	tap_is 'program: a link that only root can change: it runs' "$(canary)" yes
	rm "$program"
	policy <<<"canary: CommandFilter, $home/canary, root"
	wrap canary
	tap_is 'program: an absolute path below a directory of svc'\''s' "$STATUS $(canary)" '96 no'
	policy <<<'canary: CommandFilter, canary, root'
	audit_mark
}

# passed_over NAME DIRECTORY COMPONENT: nothing is run from it, and the message says so.
passed_over() {
	conf_with <<<''
	sed -i "s|^exec_dirs = .*|exec_dirs = $2, /usr/sbin|" "$SANDBOX_CONF"
	wrap canary
	tap_is "exec_dirs: $1: passed over" "$STATUS $(canary)" '96 no'
	tap_like "exec_dirs: $1: named" "$ERR" \
		"\(filter match = canary\): $2 was passed over: $3: owned by uid [0-9]+, mode [0-7]{4}: "
	wrap /usr/bin/printenv PATH
	tap_is "exec_dirs: $1: not in PATH" "$OUT" /usr/sbin
}

test_exec_dirs() {
	local dir=$SANDBOX/programs

	mkdir "$dir"
	cp /usr/bin/canary "$dir/"
	rm /usr/bin/canary
	policy <<-'END'
		canary: CommandFilter, canary, root
		printenv: CommandFilter, /usr/bin/printenv, root
	END
	chown svc "$dir"
	passed_over 'of svc' "$dir" "$dir"
	chown root "$dir"
	chmod 0775 "$dir"
	passed_over 'that the group can change' "$dir" "$dir"
	chmod 1777 "$dir"
	passed_over 'where others can add names' "$dir" "$dir"
	chmod 0755 "$dir"
	cp -r "$dir" "$home/programs"
	passed_over 'below one of svc'\''s' "$home/programs" "$home"
	ln -s "$home/programs" "$SANDBOX/linked"
	passed_over 'a link to it' "$SANDBOX/linked" "$home"
	ln -sfn "$dir" "$SANDBOX/linked"
	sed -i "s|^exec_dirs = .*|exec_dirs = $SANDBOX/linked|" "$SANDBOX_CONF"
	allowed 'exec_dirs: a link that only root can change' canary
	tap_is 'exec_dirs: a link that only root can change: it runs' "$(canary)" yes
}

policy <<<'canary: CommandFilter, canary, root'
audit_mark
test_policy_files
test_sticky_ancestor
test_links
test_other_names
policy <<<'canary: CommandFilter, canary, root'
test_program
test_replaced
test_exec_dirs
tap_done
