/*
 * Decides as `privsep-wrapctl explain --batch` does, but for the callers and
 * processes of a test.
 *
 *     decide assumed|real CONF PROCESSES <REQUESTS
 *
 * assumed: every program exists; real: it is looked up.  Policy files and
 * programs may be the user's own in both cases.  PROCESSES is a file with a line
 * "PID PROGRAM" for each process; it runs that program in namespaces of its own,
 * so that the text of the path decides.  Each request is a line
 *
 *     CWD UID COMMAND [ARGUMENT...]
 *
 * with an empty CWD for one that is gone; words are quoted as in records.  The
 * answer is a line of JSON.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/quote.h"
#include "ctl/explain_output.h"
#include "filters/registry.h"
#include "match/match.h"

/* What a test says of the machine. */
static struct {
	struct arena arena;
	struct process {
		pid_t pid;
		const char *program;
		struct process *next;
	} *processes;
} machine;

static int open_process(pid_t pid, struct kill_target *target, struct error *error)
{
	for (const struct process *process = machine.processes; process; process = process->next) {
		if (process->pid != pid)
			continue;
		*target = (struct kill_target){ .pid = pid, .pidfd = -1, .directory = -1, .same_user_namespace = true };
		snprintf(target->program, sizeof(target->program), "%s", process->program);
		target->deleted = kill_target_strip_suffix(target->program);
		return 0;
	}
	return error_set(error, "there is no such process");
}

static const struct process_source processes = { .open = open_process };

static void fail(const char *what, const char *why)
{
	fprintf(stderr, "decide: %s: %s\n", what, why);
	exit(EXIT_FAILURE);
}

/* A line as words in the arena; at least minimum of them. */
static const char *const *read_words(const char *line, size_t minimum, struct arena *arena, size_t *count)
{
	const char *const *words;
	struct error error;

	if (quote_read_words(line, arena, &words, count, &error) < 0)
		fail(line, error.text);
	if (*count < minimum)
		fail(line, "words are missing");
	return words;
}

static void read_processes(const char *path)
{
	FILE *file = fopen(path, "r");
	char *line = NULL;
	size_t size = 0;
	size_t count;

	if (!file)
		fail(path, "cannot be opened");
	while (getline(&line, &size, file) >= 0) {
		const char *const *words = read_words(line, 2, &machine.arena, &count);
		struct process *process = arena_allocate(&machine.arena, 1, sizeof(*process));

		process->pid = (pid_t)strtol(words[0], NULL, 10);
		process->program = words[1];
		process->next = machine.processes;
		machine.processes = process;
	}
	free(line);
	fclose(file);
}

static void load(struct policy *policy, const char *conf, struct trust *trust, bool assumed)
{
	struct problems problems = { 0 };

	policy_initialise(policy);
	if (policy_load(policy, conf, &filter_registry, trust, assumed, &problems) < 0)
		fail(problem_fatal(&problems)->file, problem_fatal(&problems)->text);
	problems_free(&problems);
}

static void decide(const struct policy *policy, const struct match_means *means, const char *line)
{
	static const char *const no_environment[] = { NULL };
	CLEANUP(arena_free) struct arena arena = { 0 };
	CLEANUP(decision_free) struct decision decision = { 0 };
	CLEANUP(strbuf_free) struct strbuf out = { 0 };
	size_t count;
	const char *const *words = read_words(line, 3, &arena, &count);
	const struct request request = {
		.argc = count - 2,
		.argv = words + 2,
		.environment = no_environment,
		.cwd = words[0][0] ? words[0] : NULL,
		.caller = { .uid = (uid_t)strtoul(words[1], NULL, 10) },
	};

	match_decide(policy, &request, means, &decision);
	explain_append_json(&out, &request, &decision);
	strbuf_append_char(&out, '\n');
	fputs(out.text, stdout);
}

int main(int argc, char **argv)
{
	bool assumed = argc == 4 && strcmp(argv[1], "assumed") == 0;
	struct trust trust = { .any_owner = true };
	struct match_means means = {
		.trust = &trust, .processes = &processes, .assume_programs = assumed, .find_near_misses = true,
	};
	struct policy policy;
	char *line = NULL;
	size_t size = 0;

	if (argc != 4 || (!assumed && strcmp(argv[1], "real") != 0))
		fail("usage", "decide assumed|real CONF PROCESSES");
	load(&policy, argv[2], &trust, assumed);
	read_processes(argv[3]);
	while (getline(&line, &size, stdin) >= 0)
		decide(&policy, &means, line);
	free(line);
	policy_free(&policy);
	trust_free(&trust);
	arena_free(&machine.arena);
	return fflush(stdout) == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
