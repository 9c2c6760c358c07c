#!/bin/bash
# The filter classes through sudo: what they allow happens for real, and what they must not allow does not happen.
set -eu
# shellcheck source=tests/functional/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/functional/support/programs.sh
. "$(dirname "$0")/support/programs.sh"

tree=$SANDBOX/tree
home=$SANDBOX/home/svc

# A program of svc's own under the name of an allowed one.
impostor() {
	printf '#!/bin/sh\ntouch %s\n' "$CANARY_MARK" >"$home/$1"
	chmod 0755 "$home/$1"
	chown svc: "$home/$1"
}

test_command() {
	policy <<-'END'
		printf: CommandFilter, /usr/bin/printf, root
		true: CommandFilter, true, app
	END
	impostor printf
	allowed 'CommandFilter: base name, any arguments' printf '%s' -anything
	tap_is 'CommandFilter: the arguments arrive' "$OUT" -anything
	allowed 'CommandFilter: path as in the filter' /usr/bin/printf x
	allowed 'CommandFilter: a bare name is looked up in exec_dirs' true
	refused 'CommandFilter: another program' id
	refused 'CommandFilter: path of a bare name' /usr/bin/true
	refused 'CommandFilter: another way to write the path' /usr/bin/../bin/printf x
	refused 'CommandFilter: same base name elsewhere' "$home/printf" x
	refused_from "$home" 'CommandFilter: relative path' ./printf x
	refused 'CommandFilter: empty name' ''
	refused 'CommandFilter: name with a newline' $'printf\n' x
	wrap_from "$home" printf own
	tap_is 'CommandFilter: the working directory is not searched' "$STATUS $OUT" '0 own'
	tap_is 'CommandFilter: the impostor never ran' "$(canary)" no
}

test_regexp() {
	policy <<-'END'
		owner: RegExpFilter, stat, root, stat, -c, %[ug], /etc/(passwd|group)
		either: RegExpFilter, echo, root, echo|print, one|two
	END
	allowed 'RegExpFilter: every pattern matches' stat -c %u /etc/passwd
	tap_is 'RegExpFilter: it ran' "$OUT" 0
	allowed 'RegExpFilter: the other branch' echo two
	allowed 'RegExpFilter: a pattern for the name' print one
	tap_is 'RegExpFilter: the filter'\''s program runs, whatever the name' "$OUT" one
	refused 'RegExpFilter: another argument' stat -c %u /etc/shadow
	refused 'RegExpFilter: one argument more' stat -c %u /etc/passwd /etc/group
	refused 'RegExpFilter: one argument fewer' stat -c %u
	refused 'RegExpFilter: an empty argument more' stat -c %u /etc/passwd ''
	refused 'RegExpFilter: newline at the end' stat -c %u $'/etc/passwd\n'
	refused 'RegExpFilter: text after the first branch' echo onemore
	refused 'RegExpFilter: text before the last branch' echo moretwo
	refused 'RegExpFilter: more than the name' echoes one
	refused 'RegExpFilter: bytes that are not UTF-8' stat -c %u $'/etc/passwd\xff'
}

make_tree() {
	mkdir -p "$tree/sub" "$tree-old" "$SANDBOX/outside"
	touch "$tree/file" "$tree/sub/file" "$tree-old/file" "$SANDBOX/outside/file" "$tree/svc-own"
	chown svc: "$tree" "$tree/svc-own"
	ln "$SANDBOX/outside/file" "$tree/hard"
	ln "$tree/svc-own" "$tree/sub/svc-own"
	as_svc ln -s "$SANDBOX/outside/file" "$tree/leading-out"
	as_svc ln -s "$SANDBOX/outside" "$tree/directory-out"
	as_svc ln -s sub/file "$tree/leading-in"
}

# given_to_app NAME FILE: and takes it back.
given_to_app() {
	tap_is "$1" "$(stat -c %U "$2")" app
	chown root: "$2"
}

test_path() {
	make_tree
	policy <<-END
		chown: PathFilter, chown, root, app, $tree
		chmod: PathFilter, chmod, root, pass, $tree
	END
	allowed 'PathFilter: a file inside' chown app "$tree/file"
	given_to_app 'PathFilter: its owner is changed' "$tree/file"
	allowed 'PathFilter: a link that stays inside' chown app "$tree/leading-in"
	given_to_app 'PathFilter: the file behind it is changed' "$tree/sub/file"
	allowed 'PathFilter: .. that stays inside' chown app "$tree/sub/../file"
	given_to_app 'PathFilter: that file is changed' "$tree/file"
	wrap_from "$tree/sub" chown app file
	tap_is 'PathFilter: relative, from inside' "$STATUS" 0
	given_to_app 'PathFilter: that file is changed, too' "$tree/sub/file"
	allowed 'PathFilter: one of two names of the caller'\''s own file' chown app "$tree/svc-own"
	test_path_outside
	allowed 'PathFilter: pass takes any word' chmod 0604 "$tree/file"
	tap_is 'PathFilter: the mode is changed' "$(stat -c %a "$tree/file")" 604
	refused 'PathFilter: pass takes no option' chmod --reference=/etc/passwd "$tree/file"
	tap_is 'PathFilter: the mode is not changed' "$(stat -c %a "$tree/file")" 604
}

test_path_outside() {
	refused 'PathFilter: a file outside' chown app "$SANDBOX/outside/file"
	refused 'PathFilter: a link that leads out' chown app "$tree/leading-out"
	refused 'PathFilter: through a directory that leads out' chown app "$tree/directory-out/file"
	refused 'PathFilter: .. that leads out' chown app "$tree/../outside/file"
	refused 'PathFilter: .. behind a link that leads out' chown app "$tree/directory-out/../outside/file"
	refused 'PathFilter: a directory whose name begins the same' chown app "$tree-old/file"
	refused 'PathFilter: one of two names of another'\''s file' chown app "$tree/hard"
	refused 'PathFilter: another user' chown svc "$tree/file"
	refused 'PathFilter: one argument more' chown app "$tree/file" "$tree/sub/file"
	refused 'PathFilter: one argument fewer' chown app
	refused 'PathFilter: empty path' chown app ''
	refused_from "$SANDBOX/outside" 'PathFilter: relative, from outside' chown app file
	refused_from "$tree/sub" 'PathFilter: relative, leading out' chown app ../../outside/file
	tap_is 'PathFilter: nothing outside was changed' \
		"$(stat -c %U "$SANDBOX/outside" "$SANDBOX/outside/file" "$tree-old" "$tree-old/file" | sort -u)" root
}

test_read_file() {
	local secret=$SANDBOX/secret

	(umask 077 && echo treasure >"$secret")
	as_svc ln -s /etc/shadow "$home/secret"
	policy <<-END
		secret: ReadFileFilter, $secret
	END
	allowed 'ReadFileFilter: the file' cat "$secret"
	tap_is 'ReadFileFilter: its content' "$OUT" treasure
	refused 'ReadFileFilter: another file' cat /etc/shadow
	refused 'ReadFileFilter: another way to write it' cat "/run/../$secret"
	refused 'ReadFileFilter: a second file' cat "$secret" /etc/shadow
	refused 'ReadFileFilter: an option' cat -n "$secret"
	refused 'ReadFileFilter: another program' head "$secret"
	refused_from "$home" 'ReadFileFilter: its base name' cat secret
}

test_env() {
	policy <<-'END'
		env: EnvFilter, env, app, TAG=, MODE=, printenv
		loader: EnvFilter, env, root, LD_PRELOAD=, id
	END
	allowed 'EnvFilter: the variables that it names' env TAG=a=b 'MODE=two words' printenv TAG MODE
	tap_is 'EnvFilter: their values arrive' "$OUT" $'a=b\ntwo words'
	allowed 'EnvFilter: without env, in another order' MODE=1 TAG=2 printenv
	tap_like 'EnvFilter: as the run-as user' "$OUT" '^USER=app$'
	refused 'EnvFilter: one is missing' env TAG=a printenv TAG USER
	refused 'EnvFilter: one more' env TAG=a MODE=b LD_PRELOAD=/tmp/x.so printenv
	refused 'EnvFilter: one instead of another' env TAG=a LD_PRELOAD=/tmp/x.so printenv
	refused 'EnvFilter: one twice' env TAG=a TAG=b printenv
	refused 'EnvFilter: one twice, and all there' env TAG=a MODE=b TAG=c printenv
	refused 'EnvFilter: another program' env TAG=a MODE=b id
	refused 'EnvFilter: no variable' printenv TAG MODE
	refused 'EnvFilter: an option of env' env -i TAG=a MODE=b printenv
	refused 'EnvFilter: env twice' env env TAG=a MODE=b printenv
	refused 'EnvFilter: a variable of the loader' env LD_PRELOAD=/tmp/x.so id
	tap_like 'EnvFilter: such a filter is unusable' "$(audit_records | tail -n 1)" \
		' filter=loader src=[^ ]*:3 .* reason=bad-filter .* cmd=env LD_PRELOAD='
}

test_chaining_regexp() {
	policy <<-'END'
		nice: ChainingRegExpFilter, nice, root, nice, -n, \d+
		where: CommandFilter, where, root
		id: CommandFilter, id, app
	END
	impostor where
	allowed 'ChainingRegExpFilter: an inner command' nice -n 7 where
	tap_is 'ChainingRegExpFilter: its own filter'\''s path runs, as asked' "$OUT" "$EXEC/where 7"
	allowed 'ChainingRegExpFilter: by a path of exec_dirs' nice -n 3 "/usr/bin/where"
	tap_is 'ChainingRegExpFilter: the filter'\''s path runs all the same' "$OUT" "$EXEC/where 3"
	refused 'ChainingRegExpFilter: another leading argument' nice -n -7 where
	refused 'ChainingRegExpFilter: no inner command' nice -n 7
	refused 'ChainingRegExpFilter: an inner command that no filter allows' nice -n 7 whoami
	refused 'ChainingRegExpFilter: an inner command of another user'\''s filter' nice -n 7 id
	refused 'ChainingRegExpFilter: a chain in a chain' nice -n 7 nice -n 7 where
	refused 'ChainingRegExpFilter: the caller'\''s program of that name' nice -n 7 "$home/where"
	refused_from "$home" 'ChainingRegExpFilter: the same, relative' nice -n 7 ./where
	tap_is 'ChainingRegExpFilter: the impostor never ran' "$(canary)" no
}

program where <<-'END'
	#!/bin/sh
	echo "$0 $(nice)"
END

test_command
test_regexp
test_path
test_read_file
test_env
test_chaining_regexp
tap_done
