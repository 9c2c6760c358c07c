/*
 * A filter file and a command: "FILE\0WORD\0WORD...".  A denied request has
 * nothing to execute; an allowed one runs an absolute path, and so does what it
 * chains to; the request is what it was.
 */
#include <string.h>

#include "filters/registry.h"
#include "fuzz.h"
#include "ini/ini.h"
#include "match/match.h"
#include "policy/list.h"

static int no_process(pid_t pid, struct kill_target *target, struct error *error)
{
	*target = (struct kill_target){ .pid = pid, .pidfd = -1, .directory = -1, .same_mount_namespace = false,
					.same_user_namespace = true };
	if (pid % 2 != 0)
		return error_set(error, "there is no such process");
	strcpy(target->program, "/usr/sbin/dnsmasq");
	return 0;
}

static void read_filters(struct policy *policy, const char *text)
{
	const struct ini_option **items;
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
}

static void check_decision(const struct policy *policy, const struct request *request)
{
	static const struct process_source processes = { .open = no_process };
	const struct match_means means = { .processes = &processes, .assume_programs = true, .find_near_misses = true };
	CLEANUP(decision_free) struct decision decision = { 0 };

	match_decide(policy, request, &means, &decision);
	if (decision.verdict == VERDICT_ALLOW) {
		FUZZ_ASSERT(decision.reason == REASON_NONE && decision.filter && !decision.filter->unusable);
		FUZZ_ASSERT(decision.argc >= 1 && !decision.argv[decision.argc]);
		FUZZ_ASSERT(decision.program[0] == '/' && decision.argv[0] == decision.program);
		FUZZ_ASSERT(!decision.inner_program || decision.inner_program[0] == '/');
		FUZZ_ASSERT(!decision.inner || strcmp(decision.inner->run_as, decision.filter->run_as) == 0);
	} else {
		FUZZ_ASSERT(decision.verdict == VERDICT_DENY && decision.reason != REASON_NONE);
		FUZZ_ASSERT(!decision.program && !decision.argv && !decision.environment && !decision.target);
	}
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
	if (request.argc > 0 && size > 0) {
		read_filters(&policy, bytes);
		check_decision(&policy, &request);
	}
	policy_free(&policy);
	arena_free(&arena);
	return 0;
}
