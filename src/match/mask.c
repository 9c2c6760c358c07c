#include "match/mask.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/path.h"
#include "policy/context.h"

enum { TIME_LIMIT = 100 };      /* milliseconds of computing for the words of one request */

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
		if (argument[length] == '=' && masking->arguments[i] == argument)
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

static void make_copy(struct masking *masking)
{
	const struct request *request = masking->request;

	if (masking->arguments)
		return;
	masking->arguments = arena_allocate(masking->arena, request->argc + 1, sizeof(char *));
	memcpy(masking->arguments, request->argv, request->argc * sizeof(char *));
}

static void hide_from(struct masking *masking, size_t first)
{
	make_copy(masking);
	for (size_t i = first; i < masking->request->argc; i++)
		masking->arguments[i] = hidden;
}

static bool has_mask(const struct filter *filter)
{
	return filter->context->mask_count > 0 || filter->mask_is_lost;
}

/* What is known of the commands of a denied request. */
struct search {
	const struct filter_list *list;
	bool *concerned;        /* by number of the filter: a word names its program */
	long deadline;          /* of clock_computed_milliseconds() */
};

static bool is_late(const struct search *search)
{
	return clock_computed_milliseconds() > search->deadline;
}

/* Returns whether there was time for it. */
static bool mask_command_at(struct masking *masking, const struct search *search, size_t first)
{
	for (size_t i = 0; i < search->list->count; i++) {
		const struct filter *filter = search->list->filters[i];

		if (!has_mask(filter))
			continue;
		if (is_late(search))
			return false;
		if (!concerns_command_at(filter, masking->request, first))
			continue;
		search->concerned[i] = true;
		make_copy(masking);
		mask_positions(masking, filter->context, first);
		if (filter->mask_is_lost)
			hide_from(masking, 1);
	}
	return true;
}

/*
 * Every word counts that may begin a command which a filter is about.  A pattern
 * can take long for each of them, and the caller chooses how many there are: the
 * first ones, which say what was asked for, are looked at first, and what has not
 * been looked at in time is hidden.
 */
static bool mask_commands(struct masking *masking, const struct search *search)
{
	for (size_t i = 0; i < masking->request->argc; i++) {
		if (!mask_command_at(masking, search, i)) {
			hide_from(masking, i > 0 ? i : 1); /* the name of the command is no argument */
			return false;
		}
	}
	return true;
}

/* Of filters that share a context one stands for all. */
static bool is_first_of_context(const struct search *search, size_t number)
{
	struct filter *const *filters = search->list->filters;

	for (size_t i = 0; i < number; i++) {
		if (search->concerned[i] && filters[i]->context == filters[number]->context)
			return false;
	}
	return true;
}

static void mask_denied(struct masking *masking, const struct filter_list *list)
{
	const struct search search = {
		.list = list,
		.concerned = arena_allocate(masking->arena, list->count + 1, sizeof(bool)),
		.deadline = clock_computed_milliseconds() + TIME_LIMIT,
	};
	bool in_time = mask_commands(masking, &search);

	for (size_t i = 0; i < list->count; i++) {
		search.concerned[i] = search.concerned[i] || !in_time;
		if (search.concerned[i] && is_first_of_context(&search, i))
			mask_options(masking, list->filters[i]->context, 0);
	}
}

static bool is_masking(const struct filter_list *list)
{
	for (size_t i = 0; i < list->count; i++) {
		if (has_mask(list->filters[i]))
			return true;
	}
	return false;
}

/* The command that begins at a word, and no other that a word of the caller's may look like. */
static void mask_from(struct masking *masking, const struct context *context, size_t first)
{
	if (context->mask_count == 0)
		return;
	make_copy(masking);
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
	else if (is_masking(&policy->list))
		mask_denied(&masking, &policy->list);
	return masking.arguments ? masking.arguments : request->argv;
}
