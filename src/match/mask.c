#include "match/mask.h"

#include <stdlib.h>
#include <string.h>

#include "policy/context.h"

static const char hidden[] = "***";

struct masking {
	const char **arguments;
	size_t count;
	struct arena *arena;
};

/* "--password" hides the argument behind it, and the value in "--password=value". */
static void mask_option(struct masking *masking, const char *option)
{
	size_t length = strlen(option);

	for (size_t i = 0; i < masking->count; i++) {
		const char *argument = masking->arguments[i];

		if (strncmp(argument, option, length) != 0)
			continue;
		if (argument[length] == '=')
			masking->arguments[i] = arena_format(masking->arena, "%s=%s", option, hidden);
		else if (argument[length] == '\0' && i + 1 < masking->count)
			masking->arguments[++i] = hidden;
	}
}

/* first: where the command begins whose positions are meant. */
static void mask_by(struct masking *masking, const struct context *context, size_t first)
{
	for (size_t i = 0; i < context->mask_count; i++) {
		const char *entry = context->mask[i];
		size_t position = entry[0] == '-' ? 0 : strtoul(entry, NULL, 10);

		if (entry[0] == '-')
			mask_option(masking, entry);
		else if (position < masking->count - first)
			masking->arguments[first + position] = hidden;
	}
}

static const char **copy_arguments(const struct request *request, struct arena *arena)
{
	const char **copy = arena_allocate(arena, request->argc + 1, sizeof(char *));

	memcpy(copy, request->argv, request->argc * sizeof(char *));
	return copy;
}

/* The command that begins at an argument, for a look at what filters say of it. */
static struct request request_from(const struct request *request, size_t first)
{
	struct request inner = *request;

	inner.argv += first;
	inner.argc -= first;
	return inner;
}

static void mask_by_filter(struct masking *masking, const struct filter *filter, const struct request *request)
{
	for (size_t i = 0; i < request->argc; i++) {
		const struct request inner = request_from(request, i);

		if (!filter_concerns(filter, &inner))
			continue;
		if (!masking->arguments)
			masking->arguments = copy_arguments(request, masking->arena);
		mask_by(masking, filter->context, i);
	}
}

const char *const *mask_arguments(const struct policy *policy, const struct request *request, struct arena *arena)
{
	struct masking masking = { .count = request->argc, .arena = arena };

	for (size_t i = 0; i < policy->list.count; i++) {
		if (policy->list.filters[i]->context->mask_count > 0)
			mask_by_filter(&masking, policy->list.filters[i], request);
	}
	return masking.arguments ? masking.arguments : request->argv;
}
