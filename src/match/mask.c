#include "match/mask.h"

#include <stdlib.h>
#include <string.h>

#include "base/path.h"
#include "policy/context.h"

static const char hidden[] = "***";

struct masking {
	const struct request *request;
	const char **arguments;         /* NULL: nothing is masked yet */
	struct arena *arena;
};

/*
 * "--password" hides the argument behind it, and the value in "--password=value".
 * It is looked for in what was asked for: a word that another entry has hidden may
 * be the option all the same.
 */
static void mask_option(struct masking *masking, const char *option, size_t first)
{
	const struct request *request = masking->request;
	size_t length = strlen(option);

	for (size_t i = first; i < request->argc; i++) {
		const char *argument = request->argv[i];

		if (strncmp(argument, option, length) != 0)
			continue;
		if (argument[length] == '=' && masking->arguments[i] != hidden)
			masking->arguments[i] = arena_format(masking->arena, "%s=%s", option, hidden);
		else if (argument[length] == '\0' && i + 1 < request->argc)
			masking->arguments[i + 1] = hidden;
	}
}

/* Once for all words: a request of nothing but names would take a step for each pair of them. */
static void mask_options(struct masking *masking, const struct context *context, size_t first)
{
	for (size_t i = 0; i < context->mask_count; i++) {
		if (context->mask[i][0] == '-')
			mask_option(masking, context->mask[i], first);
	}
}

/* first: where the command begins whose positions are meant. */
static void mask_positions(struct masking *masking, const struct context *context, size_t first)
{
	for (size_t i = 0; i < context->mask_count; i++) {
		const char *entry = context->mask[i];
		size_t position = entry[0] == '-' ? 0 : strtoul(entry, NULL, 10);

		if (position > 0 && position < masking->request->argc - first)
			masking->arguments[first + position] = hidden;
	}
}

static const char **copy_arguments(const struct request *request, struct arena *arena)
{
	const char **copy = arena_allocate(arena, request->argc + 1, sizeof(char *));

	memcpy(copy, request->argv, request->argc * sizeof(char *));
	return copy;
}

/*
 * Whether the command that begins at an argument is about the filter's program.
 * The inner command of a chain may be named by any path that leads to it, and
 * whoever is denied for such a path has not meant to give anything away.
 */
static bool concerns_command_at(const struct filter *filter, const struct request *request, size_t first)
{
	const char *const name[] = { path_base_name(request->argv[first]), NULL };
	const struct request by_name = { .argv = name, .argc = 1 };
	struct request command = *request;

	command.argv += first;
	command.argc -= first;
	if (filter_concerns(filter, &command))
		return true;
	return name[0] != command.argv[0] && filter_concerns(filter, &by_name);
}

/* Every word counts that may begin a command which the filter is about. */
static void mask_by_filter(struct masking *masking, const struct filter *filter)
{
	const struct request *request = masking->request;
	bool concerned = false;

	for (size_t i = 0; i < request->argc && filter->context->mask_count > 0; i++) {
		if (!concerns_command_at(filter, request, i))
			continue;
		concerned = true;
		if (!masking->arguments)
			masking->arguments = copy_arguments(request, masking->arena);
		mask_positions(masking, filter->context, i);
	}
	if (concerned)
		mask_options(masking, filter->context, 0);
}

/* The command that begins at a word, and no other that a word of the caller's may look like. */
static void mask_from(struct masking *masking, const struct context *context, size_t first)
{
	if (context->mask_count == 0)
		return;
	if (!masking->arguments)
		masking->arguments = copy_arguments(masking->request, masking->arena);
	mask_positions(masking, context, first);
	mask_options(masking, context, first);
}

static void mask_allowed(struct masking *masking, const struct decision *decision)
{
	mask_from(masking, decision->filter->context, decision->begins);
	if (decision->inner)
		mask_from(masking, decision->inner->context, decision->inner_begins);
}

const char *const *mask_arguments(const struct policy *policy, const struct request *request,
				  const struct decision *decision, struct arena *arena)
{
	struct masking masking = { .request = request, .arena = arena };

	if (decision->verdict == VERDICT_ALLOW)
		mask_allowed(&masking, decision);
	for (size_t i = 0; i < policy->list.count && decision->verdict != VERDICT_ALLOW; i++)
		mask_by_filter(&masking, policy->list.filters[i]);
	return masking.arguments ? masking.arguments : request->argv;
}
