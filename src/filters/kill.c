/*
 * KillFilter: user, program, signal...  `kill [-SIG] PID` of a process that runs
 * the program, with one of the signals as written; without any listed, without a
 * signal.  What a process says of itself in its command line does not count.
 */
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "filters/classes.h"
#include "filters/common.h"
#include "filters/kill_target.h"

enum { MAX_PID_DIGITS = 7 };    /* the kernel's pid_max is at most 2^22 */

/* The number of a signal written as "-9", "-HUP" or "-SIGHUP".  Returns -1 for anything else. */
static int signal_number(const char *text)
{
	char *end;
	long number;

	if (text[0] != '-' || text[1] == '\0')
		return -1;
	text++;
	if (text[0] >= '0' && text[0] <= '9') {
		number = strtol(text, &end, 10);
		return *end == '\0' && number <= SIGRTMAX ? (int)number : -1;
	}
	if (strncasecmp(text, "SIG", 3) == 0)
		text += 3;
	for (int i = 1; i < NSIG; i++) {
		const char *name = sigabbrev_np(i);

		if (name && strcasecmp(name, text) == 0)
			return i;
	}
	return -1;
}

static int load_kill(struct filter *filter, struct arena *arena, struct error *error)
{
	const char *target = filter->fields[1];

	(void)arena;
	filter->program = "/bin/kill";
	filter->run_as = filter->fields[0];
	filter->arguments = filter->fields + 1;
	filter->argument_count = filter->field_count - 1;
	if (target[0] == '\0' || (target[0] != '/' && strchr(target, '/')))
		return error_set(error, "field 2: the program must be a bare name or an absolute path");
	for (size_t i = 1; i < filter->argument_count; i++) {
		if (signal_number(filter->arguments[i]) < 0)
			return error_set(error, "field %zu: a signal is written -9, -HUP or -SIGHUP", i + 2);
	}
	return 0;
}

static const char *kill_program(const struct filter *filter)
{
	(void)filter;
	return "/bin/kill";
}

/* Plain decimal digits above 1: no sign, blank or zero in front that kill(1) and we could read differently. */
static pid_t read_pid(const char *text)
{
	size_t length = strlen(text);

	if (length == 0 || length > MAX_PID_DIGITS || strspn(text, "0123456789") != length || text[0] == '0')
		return -1;
	return (pid_t)strtol(text, NULL, 10);
}

static bool signal_is_listed(const struct filter *filter, const char *signal)
{
	for (size_t i = 1; i < filter->argument_count; i++) {
		if (strcmp(filter->arguments[i], signal) == 0)
			return true;
	}
	return false;
}

/*
 * In our mount namespace the path must still lead to the very file that the
 * process runs.  In another one the text alone has to do; that is only safe if
 * it takes root to make such a namespace.
 */
static bool file_agrees(const struct kill_target *target)
{
	struct stat status;

	if (!target->same_mount_namespace)
		return target->same_user_namespace;
	if (target->deleted)
		return true;
	return stat(target->program, &status) == 0 && status.st_dev == target->device &&
	       status.st_ino == target->inode;
}

static bool runs_program(const struct kill_target *target, const char *wanted, const struct exec_dirs *exec_dirs)
{
	const char *slash = strrchr(target->program, '/');

	if (wanted[0] == '/')
		return strcmp(target->program, wanted) == 0;
	return target->program[0] == '/' && strcmp(slash + 1, wanted) == 0 &&
	       exec_dirs_hold(exec_dirs, target->program);
}

static enum filter_result match_process(const struct filter *filter, const struct filter_input *input,
					size_t position, struct filter_match *match)
{
	struct kill_target *target;
	struct error error;
	pid_t pid = read_pid(input->request->argv[position]);

	if (pid <= 1)
		return filter_mismatch(match, position, "it is not a process ID in plain digits above 1");
	target = arena_allocate(input->arena, 1, sizeof(*target));
	if (input->processes->open(pid, target, &error) < 0)
		return filter_failed(match, FILTER_NO_MATCH, position, &error, input->arena);
	if (!runs_program(target, filter->arguments[0], input->exec_dirs) || !file_agrees(target)) {
		kill_target_close(target);
		return filter_mismatch(match, position, "the process does not run the filter's program");
	}
	match->target = target;
	return FILTER_MATCH;
}

static enum filter_result match_kill(const struct filter *filter, const struct filter_input *input,
				     struct filter_match *match)
{
	const struct request *request = input->request;
	bool with_signal = request->argc == 3;

	if (strcmp(request->argv[0], "kill") != 0)
		return filter_mismatch(match, 0, "it is not kill");
	if (request->argc != 2 && !with_signal)
		return filter_mismatch(match, request->argc, "kill takes a signal and one process ID here");
	if (with_signal && !signal_is_listed(filter, request->argv[1]))
		return filter_mismatch(match, 1, "the filter does not list this signal");
	if (!with_signal && filter->argument_count > 1)
		return filter_mismatch(match, 1, "the filter asks for one of its signals");
	match->signal = with_signal ? signal_number(request->argv[1]) : SIGTERM;
	filter_match_all_arguments(request, 0, match);
	return match_process(filter, input, request->argc - 1, match);
}

const struct filter_class filter_kill = {
	.name = "KillFilter",
	.fields = "user, program, signal...",
	.min_fields = 2,
	.load = load_kill,
	.program_of = kill_program,
	.match = match_kill,
};
