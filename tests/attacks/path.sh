#!/bin/bash
# Attacks on PathFilter by the argument alone: what is outside of the filter's directory does not pass for inside.
# shellcheck disable=SC2317     # functions are called by name
set -eu
# shellcheck source=tests/attacks/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/attacks/support/paths.sh
. "$(dirname "$0")/support/paths.sh"

victim=$PROTECTED/tree/file
neighbour=$BASE-evil

attack_neighbour() {
	local path

	as_root_owned "$neighbour/x"
	for path in "$neighbour/x" "$neighbour" "${BASE}X" "$BASE.old" "${BASE%?}" / ''; do
		no_match "'$path'" chown app "$path"
	done
	no_match 'a second path' chown app "$TREE/dir/file" "$victim"
	no_match 'no path' chown app
	no_match 'another word' chown svc "$TREE/dir/file"
	case_is 'the neighbour' "$(owner "$neighbour/x") $(owner "$victim")" 'root root'
	permitted 'a file inside' chown app "$TREE/dir/file"
	case_is 'a file inside' "$(owner "$TREE/dir/file")" app
	chown svc "$TREE/dir/file"
}

# as_root_owned FILE
as_root_owned() {
	mkdir -p "${1%/*}"
	: >"$1"
}

attack_spelling() {
	gets 'the directory itself' "$BASE" look "$BASE"
	gets 'with a slash behind it' "$BASE" look "$BASE/"
	gets 'with a dot behind it' "$BASE" look "$BASE/."
	gets 'with more slashes' "$TREE/dir/file" look "/${BASE//\//\/\/}//tree/./dir///file"
	gets 'with a slash behind a file' "$TREE/dir/file" look "$TREE/dir/file/"
	gets 'what is not there' "$TREE/none/at/all" look "$TREE/none//at/all"
}

attack_dots() {
	no_match 'out at once' look "$BASE/../protected/tree/file"
	no_match 'out from below' look "$TREE/../../protected/tree/file"
	no_match 'up to the root directory and beyond' look "$BASE/../../../../../../etc/passwd"
	no_match 'out by what is not there' look "$BASE/none/../../protected/tree/file"
	no_match 'out by a file' look "$TREE/dir/file/../../../../protected/tree/file"
	no_match 'out by a link' look "$TREE/evil/../tree/file"
	gets 'up, and in again' "$TREE/dir/file" look "$TREE/../../data/tree/dir/sub/../file"
	wrap_from "$TREE/dir" look file
	case_record 'relative, from inside: recorded' ': allow .* cwd=/run/sandbox/data/tree/dir '
	case_is 'relative, from inside: it gets' "$(sed -n 's/^arg //p' <<<"$OUT" | tail -n 1)" "$TREE/dir/file"
	wrap_from "$TREE/dir" look ../../../protected/tree/file
	case_is 'relative, out: denied' "$STATUS$OUT" 99
	case_record 'relative, out: recorded' ': deny .* reason=no-match '
	wrap_from "$TREE/evil" look file
	case_is 'relative, from outside: denied' "$STATUS$OUT" 99
	case_record 'relative, from outside: recorded' ': deny .* cwd=/run/sandbox/protected/tree .* reason=no-match '
}

attack_links() {
	as_svc ln -s "$neighbour" "$TREE/beside"
	as_svc ln -s ../../protected/tree "$TREE/relative"
	as_svc ln -s /etc "$TREE/etc"
	as_svc ln -s relative "$TREE/twice"
	as_svc ln -s round "$TREE/round"
	as_svc ln -s dir "$TREE/inside"
	no_match 'a directory'\''s link' chown app "$TREE/evil/file"
	no_match 'a relative one' chown app "$TREE/relative/file"
	no_match 'one to another' chown app "$TREE/twice/file"
	no_match 'one to the neighbour' chown app "$TREE/beside/x"
	no_match 'one to the system' chown app "$TREE/etc/shadow"
	no_match 'one to itself' chown app "$TREE/round/file"
	no_match 'a file'\''s link' chown app "$TREE/dir/evil-file"
	no_match 'the link itself' chown app "$TREE/evil"
	no_match 'one of the kernel'\''s' look "/proc/self/root$victim"
	case_is 'the file of root' "$(owner "$victim")" root
	gets 'one that stays inside' "$TREE/dir/file" look "$TREE/inside/file"
	gets 'one of the kernel'\''s' "$TREE/dir/file" look "/proc/self/cwd$TREE/dir/file"
}

attack_hard_link() {
	ln "$victim" "$TREE/hard"
	as_svc ln "$TREE/dir/file" "$TREE/own"
	no_match 'one of root'\''s file' chown app "$TREE/hard"
	case_is 'the file of root' "$(owner "$victim")" root
	permitted 'one of svc'\''s own file' look "$TREE/own"
	rm "$TREE/hard" "$TREE/own"
}

# from_gone COMMAND [ARG...]: from a directory that svc has removed.
from_gone() {
	# shellcheck disable=SC2016     # expanded by svc's shell
	capture as_svc sh -c 'mkdir "$1" && cd "$1" && rmdir "$1" && shift && exec sudo -n privsep-wrap "$@"' sh \
		"$TREE/gone" "$SANDBOX_CONF" "$@"
}

attack_directory_gone() {
	local path

	for path in file ../dir/file "${TREE#/}/dir/file" .; do
		from_gone look "$path"
		case_is "gone, $path: denied" "$STATUS$OUT" 99
		case_record "gone, $path: recorded" ': deny .* cwd=- .* reason=no-match '
	done
	from_gone look "$TREE/dir/file"
	case_is 'gone, an absolute path: runs' "$STATUS" 0
	audit_mark
	as_svc mkdir "$TREE/shut"
	as_svc touch "$TREE/shut/file"
	# shellcheck disable=SC2016     # expanded by svc's shell
	capture as_svc sh -c 'cd "$1" && chmod 0 . && shift && exec sudo -n privsep-wrap "$@"' sh \
		"$TREE/shut" "$SANDBOX_CONF" look file
	case_is 'shut: it gets the path all the same' "$(sed -n 's/^arg //p' <<<"$OUT" | tail -n 1)" "$TREE/shut/file"
}

# probe PATH: status and text, without the path's last component.
probe() {
	wrap look "$1"
	echo "$STATUS $OUT ${ERR//${1##*/}/NAME}"
}

# What is behind a directory that only root may search cannot be told from what is not.
attack_oracle() {
	local name wanted

	mkdir -m 0700 "$SANDBOX/secret" "$SANDBOX/secret/dir"
	: >"$SANDBOX/secret/file"
	ln -s file "$SANDBOX/secret/link"
	ln -s none "$SANDBOX/secret/dangling"
	ln -s round "$SANDBOX/secret/round"
	ln "$SANDBOX/secret/file" "$SANDBOX/secret/hard"
	as_svc ln -s "$SANDBOX/secret" "$TREE/door"
	for name in secret tree/door; do
		wanted=$(probe "$(place "$name")/absent")
		case_like "$name: it is denied" "$wanted" \
			"^99  privsep-wrap: Unauthorized command: .*/NAME \(no filter matched\)$"
		case_is "$name: a directory" "$(probe "$(place "$name")/dir")" "$wanted"
		case_is "$name: a file" "$(probe "$(place "$name")/file")" "$wanted"
		case_is "$name: a link" "$(probe "$(place "$name")/link")" "$wanted"
		case_is "$name: a dangling link" "$(probe "$(place "$name")/dangling")" "$wanted"
		case_is "$name: a link to itself" "$(probe "$(place "$name")/round")" "$wanted"
		case_is "$name: a hard link" "$(probe "$(place "$name")/hard")" "$wanted"
	done
}

place() {
	case $1 in
	secret) echo "$SANDBOX/secret" ;;
	*) echo "$BASE/$1" ;;
	esac
}

policy <<-END
	look: PathFilter, look, root, $BASE
	chown: PathFilter, chown, root, app, $BASE
END
attack PATH-01 'a path that begins as the directory does, and is not in it' attack_neighbour
attack PATH-02 'other spellings of the directory and of paths in it' attack_spelling
attack PATH-03 'out of the directory by .., and relative paths' attack_dots
attack PATH-04 'symbolic links out of the directory' attack_links
attack PATH-09 'a hard link to a file of somebody else' attack_hard_link
attack PATH-11 'relative paths from a directory that is gone, or shut' attack_directory_gone
attack PATH-19 'a look behind a directory that only root may search' attack_oracle
tap_done
