#!/bin/bash
# Attacks on the way from the decision to the program: what runs is what was judged, by its own name.
# shellcheck disable=SC2317     # cases are called by name
set -eu
# shellcheck source=tests/attacks/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/attacks/support/caller.sh
. "$(dirname "$0")/support/caller.sh"

command -v cc >/dev/null || tap_skip_all 'needs a C compiler'
command -v strace >/dev/null || tap_skip_all 'needs strace'

# A program such as busybox does what its name says.
attack_name_for_the_program() {
	policy <<-END
		multi: RegExpFilter, state, root, sh|state, -c, .*
		path: RegExpFilter, $EXEC/state, root, $EXEC/st.*, .*
	END
	permitted 'a name of the caller'\''s choice' sh -c id
	case_is 'a name of the caller'\''s choice: the program gets its own' \
		"$(grep '^arg ' <<<"$OUT" | xargs)" "arg $EXEC/state arg -c arg id"
	permitted 'a path of the caller'\''s choice' "$EXEC/sticky" x
	case_is 'a path of the caller'\''s choice: the program gets its own' \
		"$(grep '^arg ' <<<"$OUT" | xargs)" "arg $EXEC/state arg x"
}

attack_script() {
	policy <<<'script: CommandFilter, script, root'
	wrap script a b
	case_like 'its name is its path' "$STATUS $OUT" "^0 name $EXEC/script a b$"
	case_record 'its name is its path: recorded' " allow .* exe=$EXEC/script argc=3 cmd=script a b$"
	case_is 'no descriptors but three' "$(sed -n 's/^fd \([0-9]*\) .*/\1/p' <<<"$OUT" | xargs)" '0 1 2'
	capture /usr/bin/python3 "$SANDBOX/hostile.py" descriptors "$WRAPPER" "$SANDBOX_CONF" script
	case_is 'no descriptors but three, whatever was open' \
		"$STATUS $(sed -n 's/^fd \([0-9]*\) .*/\1/p' <<<"$OUT" | xargs)" '0 0 1 2'
}

# When all is decided the caller tries to put its own program in the place of the one that was judged.
attack_swapped_program() {
	policy <<<'canary: CommandFilter, canary, app'
	impostor other
	pause setgroups 1
	as_svc mv -fT "$HOME_OF_SVC/other" "$EXEC/canary" 2>/dev/null && tap_fail "$CASE: replaced"
	as_svc mv -fT "$EXEC" "$SANDBOX/moved" 2>/dev/null && tap_fail "$CASE: moved away"
	as_svc ln -sfT "$HOME_OF_SVC" "$EXEC" 2>/dev/null && tap_fail "$CASE: linked"
	as_svc mount --bind "$HOME_OF_SVC" "$EXEC" 2>/dev/null && tap_fail "$CASE: mounted over"
	resume
	case_is 'what was judged ran' "$STATUS $(canary)" '0 yes'
	case_record 'what was judged ran: recorded' " allow .* exe=$EXEC/canary "
	chmod 0777 "$EXEC"
	refused_with 96 no-program 'where svc could have done any of it' canary
	chmod 0755 "$EXEC"
}

attack_relative_program() {
	install -d -o svc "$HOME_OF_SVC/bin"
	impostor bin/tool
	cp "$EXEC/canary" /etc/app/tool
	policy <<-'END'
		tool: CommandFilter, bin/tool, root
		dot: CommandFilter, ./dot, root
	END
	from_home 'by its base name' bad-filter tool
	from_home 'as it is written' bad-filter bin/tool
	from_home 'in the directory itself' bad-filter dot
	policy <<<'tool: CommandFilter, tool, root'
	# shellcheck disable=SC2016     # expanded by svc's shell
	capture as_svc sh -c 'cd "$1/bin" && PATH=$1/bin:.:/usr/bin exec sudo -n privsep-wrap "$2" tool' sh \
		"$HOME_OF_SVC" "$SANDBOX_CONF"
	case_is 'in the caller'\''s PATH: refused' "$STATUS ${OUT:-silence} $(canary)" '96 silence no'
	case_record 'in the caller'\''s PATH: recorded' ' deny .* exe=- reason=no-program '
}

# from_home ASPECT REASON COMMAND
from_home() {
	wrap_from "$HOME_OF_SVC" "$3"
	case_is "$1: refused" "$STATUS ${OUT:-silence} $(canary)" '99 silence no'
	case_record "$1: recorded" " deny .* reason=$2 "
}

attack_no_program() {
	mkdir "$SANDBOX/noexec"
	mount -t tmpfs -o noexec,mode=0755 tmpfs "$SANDBOX/noexec"
	cp "$EXEC/canary" "$SANDBOX/noexec/mounted"
	cp "$EXEC/canary" "$EXEC/plain"
	chmod 0644 "$EXEC/plain"
	mkdir "$EXEC/directory"
	policy <<-END
		gone: CommandFilter, gone, root
		plain: CommandFilter, plain, root
		directory: CommandFilter, directory, root
		mounted: CommandFilter, $SANDBOX/noexec/mounted, root
		first: CommandFilter, /nonexistent/second, root
		second: RegExpFilter, canary, root, second
	END
	refused_with 96 no-program 'missing' gone
	refused_with 96 no-program 'not to be executed' plain
	refused_with 96 unsafe-program 'a directory' directory
	wrap mounted
	case_is 'where nothing may be executed' "$STATUS ${OUT:-silence} $(canary)" '126 silence no'
	kinds_of_records
	case_is 'where nothing may be executed: recorded' "$KINDS" '1 allow 1 error'
	permitted 'a later filter has a program' second
	case_is 'a later filter has a program: it ran' "$(canary)" yes
}

attack_end() {
	local context pid

	filters <<-'END'
		[Filters]
		sh: CommandFilter, sh, root
		bash: CommandFilter, bash, root
		[Context kept]
		filters = bash
		log_exit = True
	END
	for context in sh bash; do
		# shellcheck disable=SC2016     # expanded by the command
		wrap "$context" -c 'kill -KILL $$'
		case_is "$context: by a signal" "$STATUS" 137
		wrap "$context" -c 'exit 255'
		case_is "$context: its own status" "$STATUS" 255
		wrap "$context" -c 'exit 99'
		case_is "$context: one such as the wrapper's" "$STATUS" 99
	done
	kinds_of_records
	case_is 'recorded' "$KINDS" '6 allow 3 exit'
	# shellcheck disable=SC2016     # expanded by the command
	"$WRAPPER" "$SANDBOX_CONF" sh -c 'kill -STOP $$; exit 7' &
	pid=$!
	case_ok 'stopped' wait_until grep -q '^State:.T' "/proc/$pid/status"
	kill -CONT "$pid"
	STATUS=0
	wait "$pid" || STATUS=$?
	case_is 'and continued: its own status' "$STATUS" 7
}

cc -std=c11 -D_GNU_SOURCE -O2 -o "$EXEC/state" "$(dirname "$0")/support/state.c"
cp "$(dirname "$0")/../functional/support/hostile.py" "$SANDBOX/"
program script <<-END
	#!/bin/sh
	echo "name \$0 \$*"
	exec $EXEC/state
END
attack EXEC-01 'a name that tells the program what to be' attack_name_for_the_program
attack EXEC-03 'a script instead of a program' attack_script
attack EXEC-04 'a program that is swapped after it was judged' attack_swapped_program
attack EXEC-05 'a relative path of a program' attack_relative_program
attack EXEC-06 'a program that cannot be executed' attack_no_program
attack EXEC-07 'the end of a command' attack_end
tap_done
