#include "execute/environment.h"

#include <string.h>

#include "policy/context.h"
#include "policy/environment.h"

struct variables {
	const char **list;
	size_t count;
};

static size_t count_strings(const char *const *strings)
{
	size_t count = 0;

	while (strings && strings[count])
		count++;
	return count;
}

static const char **find(const struct variables *variables, const char *assignment)
{
	size_t length = strcspn(assignment, "=") + 1;

	for (size_t i = 0; i < variables->count; i++) {
		if (strncmp(variables->list[i], assignment, length) == 0)
			return &variables->list[i];
	}
	return NULL;
}

static void set(struct variables *variables, const char *assignment)
{
	const char **old = find(variables, assignment);

	if (old)
		*old = assignment;
	else
		variables->list[variables->count++] = assignment;
}

static void set_fixed(struct variables *variables, const struct policy *policy, const struct identity *identity,
		      struct arena *arena)
{
	CLEANUP(strbuf_free) struct strbuf path = { 0 };

	exec_dirs_append_path(&policy->exec_dirs, &path);
	set(variables, arena_format(arena, "PATH=%s", strbuf_text(&path)));
	set(variables, arena_format(arena, "HOME=%s", identity->home));
	set(variables, arena_format(arena, "USER=%s", identity->name));
	set(variables, arena_format(arena, "LOGNAME=%s", identity->name));
	set(variables, arena_format(arena, "SHELL=%s", identity->shell));
	set(variables, "LANG=C.UTF-8");
}

static bool is_kept(const struct policy *policy, const struct context *context, const char *variable)
{
	return environment_is_kept(variable, policy->settings.env_keep, policy->settings.env_keep_count) ||
	       environment_is_kept(variable, context->env_keep, context->env_keep_count);
}

/* Of a name that the caller passes twice the first counts, as for getenv(3). */
static bool is_first(const char *const *environment, const char *const *variable)
{
	size_t length = strcspn(*variable, "=") + 1;

	for (; environment < variable; environment++) {
		if (strncmp(*environment, *variable, length) == 0)
			return false;
	}
	return true;
}

static void keep(struct variables *variables, const struct policy *policy, const struct context *context,
		 const struct request *request)
{
	for (const char *const *variable = request->environment; variable && *variable; variable++) {
		if (is_kept(policy, context, *variable) && is_first(request->environment, variable))
			set(variables, *variable);
	}
}

const char *const *command_environment(const struct policy *policy, const struct request *request,
				       const struct decision *decision, const struct identity *identity,
				       struct arena *arena)
{
	const struct context *context = decision->filter->context;
	bool keeps = policy->settings.env_keep_count > 0 || context->env_keep_count > 0;
	size_t room = 6 + decision->environment_count + 1 + (keeps ? count_strings(request->environment) : 0);
	struct variables variables = { .list = arena_allocate(arena, room, sizeof(*variables.list)) };

	set_fixed(&variables, policy, identity, arena);
	if (keeps)
		keep(&variables, policy, context, request);
	for (size_t i = 0; i < decision->environment_count; i++)
		set(&variables, decision->environment[i]);
	return variables.list;
}
