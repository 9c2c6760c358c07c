# shellcheck shell=bash
#
# Sourced after programs.sh: commands that PathFilters hold below a directory of svc's, with the path guard and
# without, and trees where svc can put links to what is root's in their way.

BASE=$SANDBOX/data                      # svc's
PROTECTED=$SANDBOX/protected            # root's
ARCHIVE=$SANDBOX/archive.tar

# Name, the target's name, whether a link in its place is enough, what the command does to it, program and arguments;
# @ is the target.  No PathFilter can hold dd: `of=PATH` is not a path.  truncate(1) opens as it does.
commands() {
	cat <<-END
		chown file yes kept chown app @
		chmod file yes kept chmod 0777 @
		cp file yes kept cp /etc/hostname @
		tee file yes kept tee @
		truncate file yes kept truncate -s 7 @
		touch file yes kept touch @
		rm file no file rm @
		mkdir new no absent mkdir @
		tar sub yes kept tar -xf $ARCHIVE -C @
		chown-R sub no kept chown -R app @
		chmod-R sub no kept chmod -R 0777 @
		rm-r sub no directory rm -rf @
	END
}

# each_command FUNCTION [ARG...]: calls it with these five behind its own arguments.
each_command() {
	local name target last does words

	while read -r name target last does words; do
		"$@" "$name" "$target" "$last" "$does" "$words"
	done < <(commands)
}

# add_filter PREFIX NAME TARGET LAST DOES WORDS: commas for the blanks, the base for the target.
add_filter() {
	local words

	read -ra words <<<"$1${6//@/$BASE}"
	printf '%s%s: PathFilter, %s, root' "$1" "$2" "${words[0]}"
	printf ', %s' "${words[@]:1}"
	echo
	[ -z "$1" ] || [ -e "$EXEC/${words[0]}" ] || cp "$(command -v "${6%% *}")" "$EXEC/${words[0]}"
}

# guarded_policy [<TEXT]: filters for all the commands, and for the same as off-COMMAND with the path guard off; the
# text's lines are more filters, those named off-... unguarded.
guarded_policy() {
	local more

	more=$(cat)
	{
		echo '[Filters]'
		each_command add_filter ''
		each_command add_filter off-
		printf '%s\n[Context off]\npath_guard = off\n' "$more"
		sed -n 's/^\(off-[^:]*\):.*/\1/p' <<<"$more" | cat - <(commands | sed 's/^\([^ ]*\) .*/off-\1/') |
			paste -sd , | sed 's/^/filters = /'
	} | filters test
}

# tree NAME: what svc has at $BASE/NAME, and what is root's at $PROTECTED/NAME; the links to it are in place.
tree() {
	mkdir -p "$PROTECTED/$1/sub"
	echo secret | tee "$PROTECTED/$1/file" >"$PROTECTED/$1/sub/file"
	chmod 0600 "$PROTECTED/$1/file"
	as_svc mkdir -p "$BASE/$1/dir/sub"
	as_svc touch "$BASE/$1/dir/file" "$BASE/$1/dir/sub/file"
	as_svc ln -s "$PROTECTED/$1" "$BASE/$1/evil"
	as_svc ln -s "$PROTECTED/$1/sub" "$BASE/$1/dir/evil-sub"
	as_svc ln -s "$PROTECTED/$1/file" "$BASE/$1/dir/evil-file"
}

# All that can be seen of root's tree.
look_at() {
	find "$PROTECTED/$1" -printf '%p %u %g %m %s %T@ %C@\n' | sort
	find "$PROTECTED/$1" -type f -exec cat {} + | sha256sum
}

# names directory|last TREE TARGET: the two names that are swapped.
names() {
	if [ "$1" = directory ]; then
		echo "$BASE/$2/dir" "$BASE/$2/evil"
	else
		echo "$BASE/$2/dir/$3" "$BASE/$2/dir/evil-$3"
	fi
}

# can_swap directory|last TARGET: what does not exist cannot be exchanged.
can_swap() {
	[ "$1" = directory ] || [ "$2" != new ]
}

mkdir "$PROTECTED"
install -d -o svc -g svc "$BASE"
echo extracted >"$SANDBOX/extracted"
tar -cf "$ARCHIVE" -C "$SANDBOX" extracted
