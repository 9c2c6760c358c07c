#include "execute/environment.h"

#include <search.h>
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

static int compare_names(const void *one, const void *other)
{
	const char *a = one;
	const char *b = other;

	while (*a == *b && *a != '=' && *a != '\0') {
		a++;
		b++;
	}
	return (*a == '=' ? 0 : (unsigned char)*a) - (*b == '=' ? 0 : (unsigned char)*b);
}

static void free_nothing(void *variable)
{
	(void)variable;
}

/*
 * Of a name that the caller passes twice the first counts, as for getenv(3).  The
 * caller chooses how many there are: each is looked up in a tree.
 */
static void keep(struct variables *variables, const struct policy *policy, const struct context *context,
		 const struct request *request)
{
	struct variables fixed = *variables;
	void *names = NULL;

	for (const char *const *variable = request->environment; variable && *variable; variable++) {
		const char **own = find(&fixed, *variable);
		const char *const *first;

		if (!is_kept(policy, context, *variable))
			continue;
		first = tsearch(*variable, &names, compare_names);
		if (!first || *first != *variable)
			continue;
		if (own)
			*own = *variable;
		else
			variables->list[variables->count++] = *variable;
	}
	tdestroy(names, free_nothing);
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
