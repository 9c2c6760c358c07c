/*
 * A filter file and a command: "FILE\0WORD\0WORD...".  A denied request has
 * nothing to execute; an allowed one runs what its filters write, by an absolute
 * path; the request is what it was; and no record shows what a context masks.
 */
#include <string.h>

#include "base/path.h"
#include "filters/registry.h"
#include "fuzz.h"
#include "ini/ini.h"
#include "match/mask.h"
#include "match/match.h"
#include "policy/context.h"
#include "policy/context_section.h"
#include "policy/list.h"

/* With both at their end the work is bounded: filters by words by entries of a mask. */
enum { MAX_BYTES = 4096, FIRST_PRIVATE_PID = 5000 };

static int no_process(pid_t pid, struct kill_target *target, struct error *error)
{
	*target = (struct kill_target){ .pid = pid, .pidfd = -1, .directory = -1, .same_mount_namespace = false,
					.same_user_namespace = pid < FIRST_PRIVATE_PID };
	if (pid % 2 != 0)
		return error_set(error, "there is no such process");
	snprintf(target->program, sizeof(target->program), "/usr/sbin/dnsmasq");
	return 0;
}

static void read_filters(struct policy *policy, const char *text)
{
	const struct ini_option **items;
	struct problems problems = { 0 };
	struct error error;
	struct ini ini;
	unsigned line;

	if (ini_read(&ini, text, strlen(text), INI_DUPLICATES_LAST_WINS, &policy->arena, &line, &error) < 0)
		return;
	items = ini_items(&ini, "Filters", &policy->arena);
	for (; items && *items; items++) {
		size_t count;
		const char *const *fields = list_split((*items)->value, &policy->arena, &count);
		const struct filter_class *class = filter_registry_find(&filter_registry, fields[0]);

		if (class)
			filter_list_append(&policy->list,
					   filter_new(class, (*items)->name, "f", (*items)->line, fields + 1, count - 1,
						      &context_built_in, &policy->arena),
					   &policy->arena);
	}
	context_sections_apply(&ini, policy->list.filters, policy->list.count, &context_built_in, "f", &policy->arena,
			       &problems);
	problems_free(&problems);
}

/* As the filter writes it, or that name in the first of exec_dirs: nothing of it is the caller's. */
static void check_program(const struct policy *policy, const struct filter *filter, const char *program)
{
	FUZZ_ASSERT(filter && !filter->unusable && filter->program && program && program[0] == '/');
	if (filter->program[0] == '/') {
		FUZZ_ASSERT(strcmp(program, filter->program) == 0);
		return;
	}
	FUZZ_ASSERT(!strchr(filter->program, '/'));
	FUZZ_ASSERT(strcmp(path_base_name(program), filter->program) == 0);
	FUZZ_ASSERT(exec_dirs_hold(&policy->exec_dirs, program));
}

/* Where in argv, and so in the request, the inner command of a chain begins; 0: there is none. */
static size_t inner_of(const struct decision *decision)
{
	size_t inner = 0;

	for (size_t i = 1; i < decision->argc && decision->inner_program; i++) {
		if (decision->argv[i] == decision->inner_program)
			inner = i;
	}
	return inner;
}

static void check_allowed(const struct policy *policy, const struct decision *decision)
{
	FUZZ_ASSERT(decision->reason == REASON_NONE && decision->argc >= 1 && !decision->argv[decision->argc]);
	FUZZ_ASSERT(decision->argv[0] == decision->program);
	check_program(policy, decision->filter, decision->program);
	FUZZ_ASSERT(decision->filter->class->chaining == (decision->inner != NULL));
	FUZZ_ASSERT(decision->filter->class->chaining == (decision->inner_program != NULL));
	if (!decision->inner)
		return;
	check_program(policy, decision->inner, decision->inner_program);
	FUZZ_ASSERT(inner_of(decision) > 0);
	FUZZ_ASSERT(!decision->inner->class->chaining && !decision->target && !decision->file);
	FUZZ_ASSERT(strcmp(decision->inner->run_as, decision->filter->run_as) == 0);
}

static void check_denied(const struct decision *decision)
{
	FUZZ_ASSERT(decision->verdict == VERDICT_DENY && decision->reason != REASON_NONE && decision->argc == 0);
	FUZZ_ASSERT(!decision->program && !decision->argv && !decision->inner_program && !decision->inner);
	FUZZ_ASSERT(!decision->environment && !decision->file && !decision->target && decision->guards.count == 0);
}

static bool is_hidden(const char *shown)
{
	return strcmp(shown, "***") == 0;
}

/* What the option hides behind the word at which the command begins, looked for in what was asked for. */
static void check_option(const struct request *request, const char *option, size_t first, const char *const *shown)
{
	size_t length = strlen(option);

	for (size_t i = first; i < request->argc; i++) {
		if (strncmp(request->argv[i], option, length) != 0)
			continue;
		if (request->argv[i][length] == '\0' && i + 1 < request->argc)
			FUZZ_ASSERT(is_hidden(shown[i + 1]));
		if (request->argv[i][length] == '=')
			FUZZ_ASSERT(is_hidden(shown[i]) ||
				    (strncmp(shown[i], option, length) == 0 && strcmp(shown[i] + length, "=***") == 0));
	}
}

/* An EnvFilter's command begins behind its variables. */
static size_t beginning_of(const struct request *request, const struct filter *filter, size_t first)
{
	if (strcmp(filter->class->name, "EnvFilter") != 0)
		return first;
	if (strcmp(request->argv[first], "env") == 0)
		first++;
	while (first < request->argc && strchr(request->argv[first], '='))
		first++;
	return first;
}

/* What the filter's context hides of the command that begins at first. */
static void check_mask(const struct request *request, const struct filter *filter, size_t first,
		       const char *const *shown)
{
	const struct context *context = filter->context;

	first = beginning_of(request, filter, first);
	for (size_t i = 0; i < context->mask_count; i++) {
		unsigned long position = strtoul(context->mask[i], NULL, 10);

		if (context->mask[i][0] == '-')
			check_option(request, context->mask[i], first, shown);
		else if (position < request->argc - first)
			FUZZ_ASSERT(position > 0 && is_hidden(shown[first + position]));
	}
}

/* Of a denied request every word can be the program of a filter. */
static void check_denied_mask(const struct policy *policy, const struct request *request, const char *const *shown)
{
	for (size_t i = 0; i < policy->list.count; i++) {
		const struct filter *filter = policy->list.filters[i];

		for (size_t first = 0; first < request->argc && filter->program && !filter->unusable; first++) {
			if (strcmp(request->argv[first], filter->program) == 0 &&
			    strcmp(filter->class->name, "EnvFilter") != 0)
				check_mask(request, filter, first, shown);
		}
	}
}

static void check_shown(const struct policy *policy, const struct request *request, const struct decision *decision)
{
	CLEANUP(arena_free) struct arena arena = { 0 };
	const char *const *shown = mask_arguments(policy, request, decision, &arena);

	for (size_t i = 0; i < request->argc; i++)
		FUZZ_ASSERT(shown[i] == request->argv[i] || strstr(shown[i], "***"));
	FUZZ_ASSERT(!shown[request->argc]);
	if (decision->verdict != VERDICT_ALLOW) {
		check_denied_mask(policy, request, shown);
		return;
	}
	check_mask(request, decision->filter, 0, shown);
	if (decision->inner)
		check_mask(request, decision->inner, inner_of(decision), shown);
}

static void check_decision(const struct policy *policy, const struct request *request)
{
	static const struct process_source processes = { .open = no_process };
	const struct match_means means = { .processes = &processes, .assume_programs = true, .find_near_misses = true };
	CLEANUP(decision_free) struct decision decision = { 0 };

	match_decide(policy, request, &means, &decision);
	if (decision.verdict == VERDICT_ALLOW)
		check_allowed(policy, &decision);
	else
		check_denied(&decision);
	check_shown(policy, request, &decision);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const directories[] = { "/usr/bin", "/sbin" };
	struct policy policy;
	struct arena arena = { 0 };
	const char *bytes = arena_copy(&arena, (const char *)data, size);
	const char **words = arena_allocate(&arena, size + 2, sizeof(*words));
	struct request request = { .argv = words, .cwd = "/" };
	size_t at = strlen(bytes) + 1;

	policy_initialise(&policy);
	exec_dirs_judge(&policy.exec_dirs, directories, 2, NULL, &policy.arena);
	for (; at < size; at += strlen(bytes + at) + 1)
		words[request.argc++] = bytes + at;
	if (request.argc > 0 && size <= MAX_BYTES) {
		read_filters(&policy, bytes);
		check_decision(&policy, &request);
		FUZZ_ASSERT(memcmp(bytes, data, size) == 0);
	}
	policy_free(&policy);
	arena_free(&arena);
	return 0;
}
