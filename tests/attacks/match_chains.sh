#!/bin/bash
# Attacks on chains: the inner command must be what its own filter says, for that filter's user, and nothing else.
# shellcheck disable=SC2317     # cases are called by name
set -eu
# shellcheck source=tests/attacks/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/attacks/support/caller.sh
. "$(dirname "$0")/support/caller.sh"

command -v ip >/dev/null || tap_skip_all 'needs ip'
command -v cc >/dev/null || tap_skip_all 'needs a C compiler'
BASE=$HOME_OF_SVC/base                  # the caller's
VICTIM=$SANDBOX/victim                  # root's

# permitted_as ASPECT OUTPUT COMMAND [ARG...]
permitted_as() {
	permitted "$1" "${@:3}"
	case_is "$1: what ran" "$OUT" "$2"
}

attack_own_program_inside() {
	policy <<-'END'
		netns: IpNetnsExecFilter, ip, root
		where: CommandFilter, where, root
	END
	permitted_as 'the filter'\''s own path' "$EXEC/where" ip netns exec net where
	permitted_as 'whatever path of exec_dirs is given' "$EXEC/where" ip netns exec net /usr/bin/where
	denied 'the caller'\''s program' ip netns exec net "$HOME_OF_SVC/where"
	denied 'a detour' ip netns exec net "$EXEC/../exec/where"
	denied 'a namespace by a path' ip netns exec ../../proc/1/ns/net where
	denied 'an option for a namespace' ip netns exec -all where
	denied 'a command that no filter allows' ip netns exec net canary
	denied 'no command' ip netns exec net
	denied 'an empty one' ip netns exec net ''
	wrap_from "$HOME_OF_SVC" ip netns exec net ./where
	case_is 'a relative path: denied' "$STATUS $OUT$(canary)" '99 no'
	case_record 'a relative path: recorded' ' deny .* reason=no-match '
}

attack_paths_inside() {
	policy <<-END
		netns: IpNetnsExecFilter, ip, root
		where: PathFilter, where, root, pass, $BASE
		chown: PathFilter, chown, root, svc, $BASE
	END
	permitted_as 'the command gets what was checked' "$EXEC/where x $BASE/dir/file" \
		ip netns exec net where x "$BASE/alias/../dir/./file"
	denied 'a link that leads out' ip netns exec net chown svc "$BASE/out"
	denied 'a directory that leads out' ip netns exec net chown svc "$BASE/outside/file"
	denied 'an option' ip netns exec net where -x "$BASE/dir/file"
	capture "$SANDBOX/swap_at_exec" "$BASE/dir" "$BASE/outside" \
		"$WRAPPER" "$SANDBOX_CONF" ip netns exec net chown svc "$BASE/dir/file"
	case_is 'the directory swapped for a link after the check' "$(readlink "$BASE/dir")" "$VICTIM"
	case_is 'what is root'\''s stays root'\''s' "$(stat -c %U "$VICTIM/file")" root
	case_record 'the request is recorded' " allow .* filter=netns .* cmd=ip netns exec net chown svc $BASE/dir/file$"
}

attack_patterns_inside() {
	local sleeper

	policy <<-END
		nice: ChainingRegExpFilter, nice, root, nice, -?\d+
		where: CommandFilter, where, root
		kill: KillFilter, root, $EXEC/sleeper, -9
	END
	permitted_as 'the filter'\''s own path' "$EXEC/where" nice -5 where
	permitted_as 'whatever path of exec_dirs is given' "$EXEC/where" nice -5 /usr/bin/where
	denied 'the caller'\''s program' nice -5 "$HOME_OF_SVC/where"
	denied 'another leading argument' nice -x where
	denied 'a digit with a newline' nice $'-5\n' where
	denied 'a chain in a chain' nice -5 nice -5 where
	denied 'no command' nice -5
	denied 'nothing at all' nice
	denied 'a command that no filter allows' nice -5 canary
	"$EXEC/sleeper" 600 &
	sleeper=$!
	denied 'a process by a number that can be another'\''s by then' nice -5 kill -9 "$sleeper"
	case_ok 'it lives on' kill -0 "$sleeper"
	permitted 'without the chain' kill -9 "$sleeper"
	wait "$sleeper" 2>/dev/null || true
}

attack_other_user_inside() {
	policy <<-'END'
		nice: ChainingRegExpFilter, nice, root, nice, -?\d+
		theirs: ChainingRegExpFilter, stdbuf, app, stdbuf, -o0
		netns: IpNetnsExecFilter, ip, root
		app: CommandFilter, id, app
		root: CommandFilter, where, root
	END
	permitted 'by itself' id -u
	case_is 'by itself: as its own user' "$OUT" 2002
	denied 'as the chain'\''s user' nice -5 id -u
	denied 'in a namespace' ip netns exec net id -u
	denied 'root'\''s command in another'\''s chain' stdbuf -o0 where
	permitted_as 'the same user in both' 2002 stdbuf -o0 id -u
}

# Nobody wrote a filter for it; oslo.rootwrap would run it, and it takes code from the caller.
attack_implicit_helper() {
	rm -f "$SANDBOX_FILTERS"/*
	cp "$EXEC/canary" "$EXEC/privsep-helper"
	refused_with 99 implicit-privsep 'no filters at all' privsep-helper --log-config-append "$HOME_OF_SVC/log.ini" \
		--privsep_context x --privsep_sock_path y
	policy <<<'where: CommandFilter, where, root'
	refused_with 99 implicit-privsep 'other filters' privsep-helper
	denied 'by its path' "$EXEC/privsep-helper"
	policy <<<'helper: RegExpFilter, privsep-helper, root, privsep-helper, only'
	refused_with 99 implicit-privsep 'a filter for other words' privsep-helper other
	permitted 'a filter for these words' privsep-helper only
	case_is 'a filter for these words: it ran' "$(canary)" yes
}

program where <<-'END'
	#!/bin/sh
	echo "$0${1:+ $*}"
END
cp /usr/bin/sleep "$EXEC/sleeper"
impostor where
helper swap_at_exec
mkdir "$VICTIM"
touch "$VICTIM/file"
as_svc mkdir -p "$BASE/dir"
as_svc touch "$BASE/dir/file"
as_svc ln -s dir "$BASE/alias"
as_svc ln -s "$VICTIM/file" "$BASE/out"
as_svc ln -s "$VICTIM" "$BASE/outside"
ip netns add net
attack MATCH-18 'a program of the caller'\''s in a namespace' attack_own_program_inside
attack MATCH-20 'paths of an inner command' attack_paths_inside
attack MATCH-21 'a program of the caller'\''s behind patterns' attack_patterns_inside
attack MATCH-22 'an inner command of another user' attack_other_user_inside
attack MATCH-23 'a helper that nobody allowed' attack_implicit_helper
tap_done
