#!/bin/bash
# Attacks on PathFilter by what its command does with the path: it works as ever on what is the caller's, and reaches
# nothing else by the links that are there.
# shellcheck disable=SC2317     # functions are called by name
set -eu
# shellcheck source=tests/attacks/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/attacks/support/paths.sh
. "$(dirname "$0")/support/paths.sh"

own=$TREE/dir/file
home=$SANDBOX/home/svc

# owners: of the trees' own files, and of root's.
owners() {
	owner "$own" && owner "$TREE/dir/sub/file" && owner "$PROTECTED/tree/file" && owner "$PROTECTED/tree/sub/file"
}

attack_recursion() {
	local option

	for option in -RL -RH -LR -hR --recursive '-R -L'; do
		no_match "$option for -R" chown "$option" app "$TREE"
	done
	no_match 'an option more' chown -R -L app "$TREE"
	case_is 'nobody'\''s owner' "$(owners | paste -sd ' ')" 'svc svc root root'
	unharmed '-R' permitted '-R' chown -R app "$TREE"
	case_is '-R: the tree'\''s owner' "$(owners | paste -sd ' ')" 'app app root root'
	unharmed '-RL' wrap follow -RL svc "$TREE"
	case_is '-RL: it does what it can' "$STATUS $(owners | paste -sd ' ')" '1 svc svc root root'
	case_record '-RL: recorded' ': allow '
	unharmed 'tar -h' wrap archive -chf /dev/null "$TREE"
	case_like 'tar -h: root'\''s file is not read' "$ERR" 'evil-file: .*Too many levels of symbolic links'
	audit_mark
}

# What a name in /proc would do nothing to, is done.
attack_effects() {
	as_svc touch "$TREE/old" "$TREE/moved" "$TREE/gone"
	as_svc mkdir "$TREE/empty"
	as_svc ln -s "$PROTECTED/tree" "$TREE/dir/to-root"
	unharmed 'chown -h' permitted 'chown -h' chown -h app "$own"
	case_is 'chown -h: done' "$(owner "$own")" app
	unharmed 'cp -a' permitted 'cp -a' cp -a "$TREE/dir" "$TREE/copy"
	case_is 'cp -a: done' "$(owner "$TREE/copy/file") $(readlink "$TREE/copy/to-root")" "app $PROTECTED/tree"
	permitted 'stat' stat -c %n-%F "$TREE/dir/sub"
	case_is 'stat: done' "$OUT" "$TREE/dir/sub-directory"
	permitted 'ln' ln "$TREE/old" "$TREE/new"
	case_ok 'ln: done' test "$TREE/old" -ef "$TREE/new"
	permitted 'mv' mv "$TREE/moved" "$TREE/dir/moved"
	case_ok 'mv: done' test -e "$TREE/dir/moved" -a ! -e "$TREE/moved"
	permitted 'rm' rm "$TREE/gone"
	case_ok 'rm: done' test ! -e "$TREE/gone"
	permitted 'rmdir' rmdir "$TREE/empty"
	case_ok 'rmdir: done' test ! -e "$TREE/empty"
	unharmed 'rm -r' permitted 'rm -r' rm -r "$TREE/copy"
	case_ok 'rm -r: done' test ! -e "$TREE/copy"
	as_svc rm "$TREE/dir/to-root"
}

# Of what a file says of other files no path tells; the words that keep the command from looking can be fixed.
attack_content() {
	permitted 'the words as they are' convert -f raw "$own" "$TREE/out"
	no_match 'another format' convert -f qcow2 "$own" "$TREE/out"
	no_match 'no format' convert "$own" "$TREE/out"
	no_match 'a format more' convert -f raw -f qcow2 "$own" "$TREE/out"
	no_match 'a format behind' convert "$own" "$TREE/out" -f raw
	no_match 'joined words' convert '-f raw' "$own" "$TREE/out"
	no_match 'a description in the place of a path' convert -f raw \
		"json:{\"file\":\"$PROTECTED/tree/file\"}" "$TREE/out"
	no_match 'a protocol in the place of a path' convert -f raw "file:$own" "$TREE/out"
}

# The filter's directory lies in one that is the caller's.
attack_directory_above() {
	as_svc mkdir -p "$home/held"
	as_svc touch "$home/held/file"
	gets 'as it was' "$home/held/file" look-home "$home/held/file"
	capture privsep-wrapctl check "$SANDBOX_CONF"
	case_like 'privsep-wrapctl check tells' "$OUT$ERR" 'look-home: .*others can change a directory above it'
	as_svc mv "$home/held" "$home/kept"
	as_svc ln -s "$PROTECTED/tree" "$home/held"
	no_match 'a link in its place' look-home "$home/held/file"
	no_match 'a link in its place, itself' look-home "$home/held"
	as_svc rm "$home/held"
	as_svc mv "$home/kept" "$home/held"
}

own_copy follow chown
own_copy archive tar
cp "$EXEC/look" "$EXEC/look-home"
cp "$EXEC/look" "$EXEC/convert"
policy <<-END
	chown: PathFilter, chown, root, -R, app, $BASE
	chown-link: PathFilter, chown, root, -h, app, $BASE
	follow: PathFilter, follow, root, -RL, svc, $BASE
	archive: PathFilter, archive, root, -chf, /dev/null, $BASE
	cp: PathFilter, cp, root, -a, $BASE, $BASE
	stat: PathFilter, stat, root, -c, %n-%F, $BASE
	ln: PathFilter, ln, root, $BASE, $BASE
	mv: PathFilter, mv, root, $BASE, $BASE
	rm: PathFilter, rm, root, $BASE
	rm-r: PathFilter, rm, root, -r, $BASE
	rmdir: PathFilter, rmdir, root, $BASE
	convert: PathFilter, convert, root, -f, raw, $BASE, $BASE
	look-home: PathFilter, look-home, root, $home/held
END
attack PATH-13 'recursion through links in a hostile tree' attack_recursion
attack PATH-15 'commands that look at the name they are given' attack_effects
attack PATH-17 'files that name other files' attack_content
attack PATH-20 'a directory that the caller can replace as a whole' attack_directory_above
tap_done

# Left out:
# PATH-17: what a file's content makes a command open; the manual says that no path check covers it.
