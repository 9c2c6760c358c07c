#!/bin/bash
# Attacks on what policy and programs are made of: files, directories and links that the caller can change.
# shellcheck disable=SC2317     # cases are called by name
set -eu
# shellcheck source=tests/attacks/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/attacks/support/caller.sh
. "$(dirname "$0")/support/caller.sh"

command -v strace >/dev/null || tap_skip_all 'needs strace'

FILTERS=$SANDBOX_FILTERS/test.filters
SAFE=$SANDBOX/safe                      # a directory of root's

# runs ASPECT, on a sound policy
runs() {
	permitted "$1" canary
	case_is "$1: it ran" "$(canary)" yes
}

# distrusted ASPECT COMPONENT: nothing runs, because of that part of the way to the policy.
distrusted() {
	refused_with 97 unsafe-path "$1" canary
	case_like "$1: the component is named" "$ERR" ": $2: owned by uid [0-9]+, mode [0-7]{4}: "
}

# spoiled PATH OWNER MODE: with that owner and mode the policy is distrusted because of PATH.
spoiled() {
	local owner mode

	read -r owner mode < <(stat -c '%u %a' "$1")
	chown "$2" "$1"
	chmod "$3" "$1"
	distrusted "$1 of $2, mode $3" "$1"
	chown "$owner" "$1"
	chmod "$mode" "$1"
}

attack_files_of_others() {
	local file

	for file in "$SANDBOX_CONF" "$FILTERS"; do
		spoiled "$file" root 0666
		spoiled "$file" root 0664
		spoiled "$file" root 0646
		spoiled "$file" svc 0644
		spoiled "$file" svc 0444
	done
	runs 'as it was'
}

attack_directories_of_others() {
	local directory

	for directory in "$SANDBOX_FILTERS" /etc/app /etc; do
		spoiled "$directory" svc 0755
		spoiled "$directory" root 0777
	done
	spoiled /etc/app root 0775
	spoiled "$SANDBOX_FILTERS" root 1777
	chmod 1777 /etc/app
	distrusted 'the conf in a directory such as /tmp' "$SANDBOX_CONF"
	chmod 0755 /etc/app
	install -d -o svc "$TMPDIR/theirs"
	install -d "$TMPDIR/theirs/filters.d" "$TMPDIR/ours"
	cp "$FILTERS" "$TMPDIR/ours/"
	printf '[DEFAULT]\nfilters_path = %s\nexec_dirs = %s\n' "$TMPDIR/theirs/filters.d" "$EXEC" | conf
	distrusted 'below a directory of the caller'\''s in one such as /tmp' "$TMPDIR/theirs"
	printf '[DEFAULT]\nfilters_path = %s\nexec_dirs = %s\n' "$TMPDIR/ours" "$EXEC" | conf
	runs 'a directory of root'\''s in one such as /tmp'
	conf_with <<<'audit_required = True'
}

attack_links() {
	cp "$FILTERS" "$SAFE/real"
	cp "$FILTERS" "$HOME_OF_SVC/of-root"
	cp "$FILTERS" "$SAFE/of-svc"
	chown svc "$SAFE/of-svc"
	ln -s "$SAFE/real" "$HOME_OF_SVC/link"
	ln -sf "$SAFE/of-svc" "$FILTERS"
	distrusted 'to a file of the caller'\''s' "$SAFE/of-svc"
	ln -sf "$HOME_OF_SVC/of-root" "$FILTERS"
	distrusted 'to a file of root'\''s in a directory of the caller'\''s' "$HOME_OF_SVC"
	ln -sf "$HOME_OF_SVC/link" "$FILTERS"
	distrusted 'through a link of the caller'\''s' "$HOME_OF_SVC"
	ln -sf "../../..$HOME_OF_SVC/../../safe/real" "$FILTERS"
	distrusted 'through a directory of the caller'\''s and out of it' "$HOME_OF_SVC"
	ln -sf "$SAFE/real" "$FILTERS"
	runs 'that only root can change'
	rm "$FILTERS"
	mv "$SANDBOX_FILTERS" "$SANDBOX_FILTERS.real"
	install -d "$HOME_OF_SVC/filters.d"
	ln -s "$HOME_OF_SVC/filters.d" "$SANDBOX_FILTERS"
	distrusted 'to a directory in one of the caller'\''s' "$HOME_OF_SVC"
	rm "$SANDBOX_FILTERS"
	mv "$SANDBOX_FILTERS.real" "$SANDBOX_FILTERS"
}

attack_other_names() {
	local name

	rm -f "$SANDBOX_FILTERS"/*
	for name in old.filters~ x.filters.dpkg-old x.filters.rpmsave .x.filters .x.filters.swp '#x.filters#' README \
		filters; do
		printf '[Filters]\ncanary: CommandFilter, canary, root\n' >"$SANDBOX_FILTERS/$name"
	done
	mkdir "$SANDBOX_FILTERS/sub.filters"
	mkfifo "$SANDBOX_FILTERS/fifo.filters"
	denied 'left by editors and packages' canary
	capture privsep-wrapctl check "$SANDBOX_CONF"
	case_is 'check names them, but for the hidden ones' \
		"$(grep -c ': it is no regular file named \*\.filters: it is left out' <<<"$OUT$ERR")" 8
	rm -r "${SANDBOX_FILTERS:?}"
	mkdir "$SANDBOX_FILTERS"
	policy <<<'canary: CommandFilter, canary, root'
}

# The moments in which another file could take the place of the one that was looked at: it is judged in its turn, and
# the decision is that of one whole file.
attack_replaced_file() {
	pause openat 1 -P test.filters
	echo '[Filters]' >"$SAFE/new"
	mv "$SAFE/new" "$FILTERS"
	resume
	case_is 'after it was looked at: the new one decides' "$STATUS$(canary)" 99no
	case_record 'after it was looked at: recorded' ' deny .* reason=no-match '
	policy <<<'canary: CommandFilter, canary, root'
	pause openat 1 -P test.filters
	cp "$FILTERS" "$SAFE/new"
	chmod 0666 "$SAFE/new"
	mv "$SAFE/new" "$FILTERS"
	resume
	case_like 'by one that others can change' "$STATUS$(canary) $ERR" "^97no .*: $FILTERS: owned by uid 0, mode 0666: "
	case_record 'by one that others can change: recorded' " error .* reason=unsafe-path path=$FILTERS "
	rm "$FILTERS"
	policy <<<'canary: CommandFilter, canary, root'
	pause read 1 -P "$FILTERS"
	printf 'C' | dd "of=$FILTERS" bs=1 seek=10 conv=notrunc status=none
	resume
	case_like 'after it was read' "$STATUS$(canary) $ERR" "^97no .* $FILTERS: the file changed while it was read"
	case_record 'after it was read: recorded' " error .* reason=bad-config path=$FILTERS "
	policy <<<'canary: CommandFilter, canary, root'
}

# untrusted_program ASPECT COMPONENT: it is found and not run, nor one of the same name further on.
untrusted_program() {
	refused_with 96 unsafe-program "$1" canary
	case_like "$1: the component is named" "$ERR" " match = canary\): $2: owned by uid [0-9]+, mode [0-7]{4}: "
}

# passed_over ASPECT COMPONENT
passed_over() {
	refused_with 96 no-program "$1" canary
	case_like "$1: the component is named" "$ERR" " was passed over: $2: owned by uid [0-9]+, mode [0-7]{4}: "
}

attack_programs_of_others() {
	local program=$EXEC/canary

	cp "$program" /usr/bin/canary
	chown svc "$program"
	untrusted_program 'of the caller' "$program"
	chown root "$program"
	chmod 0775 "$program"
	untrusted_program 'that its group can change' "$program"
	chmod 0757 "$program"
	untrusted_program 'that everybody can change' "$program"
	chmod 0755 "$program"
	rm /usr/bin/canary
	chown svc "$EXEC"
	passed_over 'in a directory of the caller'\''s' "$EXEC"
	chown root "$EXEC"
	chmod 0777 "$EXEC"
	passed_over 'in a directory of everybody' "$EXEC"
	chmod 1777 "$EXEC"
	passed_over 'in a directory such as /tmp' "$EXEC"
	chmod 0755 "$EXEC"
	install -d "$HOME_OF_SVC/exec"
	cp "$program" "$HOME_OF_SVC/exec/"
	printf '[DEFAULT]\nfilters_path = %s\nexec_dirs = %s\n' "$SANDBOX_FILTERS" "$HOME_OF_SVC/exec" | conf
	passed_over 'below a directory of the caller'\''s' "$HOME_OF_SVC"
	conf_with <<<'audit_required = True'
	policy <<<"canary: CommandFilter, $HOME_OF_SVC/exec/canary, root"
	untrusted_program 'by its path' "$HOME_OF_SVC"
	policy <<<'canary: CommandFilter, canary, root'
	runs 'as it was'
}

attack_linked_programs() {
	local program=$EXEC/canary

	mkdir "$SAFE/alternatives"
	mv "$program" "$SAFE/canary"
	impostor canary
	chown root: "$HOME_OF_SVC/canary"
	ln -s "$SAFE/canary" "$SAFE/alternatives/canary"
	ln -s "$SAFE/alternatives/canary" "$program"
	permitted 'alternatives of root'\''s' canary
	case_is 'alternatives of root'\''s: it ran' "$(canary)" yes
	ln -sf "$HOME_OF_SVC/canary" "$SAFE/alternatives/canary"
	untrusted_program 'the last one leads to the caller'\''s' "$HOME_OF_SVC"
	ln -sf "$HOME_OF_SVC/canary" "$program"
	untrusted_program 'at once to the caller'\''s' "$HOME_OF_SVC"
	ln -sf canary "$program"
	refused_with 96 unsafe-program 'to itself' canary
	rm "$program"
	mv "$SAFE/canary" "$program"
	runs 'as it was'
}

attack_bad_values() {
	local value

	for value in 'use_syslog = maybe' 'syslog_log_level = loud' 'syslog_log_facility = mine' \
		'rlimit_nofile = 99999999999' 'rlimit_nofile = -1' 'audit_required = 2' 'env_keep = LD_PRELOAD'; do
		conf_with <<<"$value"
		refused_with 97 bad-config "$value" canary
	done
	conf_with <<<'audit_required = True'
}

attack_by_the_checker() {
	local command wanted

	printf '%s\n' 'canary: CommandFilter, canary, root' 'gone: CommandFilter, gone, root' | policy
	capture as_svc privsep-wrapctl check "$SANDBOX_CONF"
	case_is 'a sound policy' "$STATUS $OUT$ERR" '0 '
	for command in canary id gone; do
		wrap "$command"
		audit_mark
		wanted=$STATUS
		canary >/dev/null
		capture as_svc privsep-wrapctl explain "$SANDBOX_CONF" "$command"
		case_is "explain $command: the wrapper's verdict" "$STATUS $(canary)" "$wanted no"
	done
	chmod 0664 "$FILTERS"
	capture as_svc privsep-wrapctl check "$SANDBOX_CONF"
	case_like 'a policy that others can change' "$STATUS $OUT$ERR" "^2 .*$FILTERS: .*mode 0664"
	chmod 0644 "$FILTERS"
	kinds_of_records
	case_is 'nothing ran, nothing was recorded' "$(canary) $KINDS" 'no '
}

mkdir "$SAFE"
policy <<<'canary: CommandFilter, canary, root'
attack CONF-01 'files of the policy that others can change' attack_files_of_others
attack CONF-02 'directories of the policy that others can change' attack_directories_of_others
attack CONF-03 'links in the place of the policy' attack_links
attack CONF-04 'files of other names among the filters' attack_other_names
attack CONF-06 'a file that is replaced while it is read' attack_replaced_file
attack CONF-08 'programs that others can change' attack_programs_of_others
attack CONF-09 'links in the place of programs' attack_linked_programs
attack CONF-10 'values that the conf cannot mean' attack_bad_values
attack CONF-11 'the checker in the caller'\''s hands' attack_by_the_checker
tap_done
