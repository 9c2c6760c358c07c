#include "policy/context_section.h"

#include <string.h>
#include <strings.h>

#include "policy/list.h"

/* The filters and problems of one file, while one of its sections is applied. */
struct application {
	struct filter *const *filters;
	size_t count;
	const struct ini_section *section;
	struct context *context;
	const char *file;
	struct arena *arena;
	struct problems *problems;
	bool good;
	bool misses_filter;     /* it names one that is not there, or none */
};

static void complain(struct application *application, unsigned line, const char *what, const char *detail)
{
	problem_add(application->problems, SEVERITY_ERROR, application->file, line,
		    "context: %s; its filters are denied", what)
		->detail = detail ? arena_string(&application->problems->arena, detail) : NULL;
	application->good = false;
}

/* A slip may have been made in a mask, however it looks: nobody knows what the records must not tell. */
static void make_filter_unusable(struct filter *filter, const char *why)
{
	filter->mask_is_lost = true;
	if (!filter->unusable)
		filter->unusable = why;
}

static void make_unusable(const struct application *application, const struct context *context)
{
	const char *why = arena_format(application->arena, "something is wrong with its context (line %u)",
				       application->section->line);

	for (size_t i = 0; i < application->count; i++) {
		if (application->filters[i]->context == context)
			make_filter_unusable(application->filters[i], why);
	}
}

/* Names of filters are in lower case, as Python's optionxform() makes them. */
static struct filter *find_filter(const struct application *application, const char *name)
{
	for (size_t i = 0; i < application->count; i++) {
		if (strcasecmp(application->filters[i]->name, name) == 0)
			return application->filters[i];
	}
	return NULL;
}

static void take_filter(struct application *application, const struct ini_option *option, const char *name,
			const struct context *inherited)
{
	struct filter *filter = find_filter(application, name);

	if (!filter) {
		complain(application, option->line, "there is no such filter in this file", name);
		application->misses_filter = true;
		return;
	}
	if (filter->context != inherited) {
		complain(application, option->line, "a filter can be in one context only", name);
		make_unusable(application, filter->context);
	}
	filter->context = application->context;
}

static void take_filters(struct application *application, const struct context *inherited)
{
	bool named = false;

	for (const struct ini_option *option = application->section->options; option; option = option->next) {
		size_t count;
		const char *const *names;

		if (strcmp(option->name, "filters") != 0)
			continue;
		named = true;
		names = list_split(option->value, application->arena, &count);
		for (size_t i = 0; i < count; i++)
			take_filter(application, option, names[i], inherited);
	}
	if (named)
		return;
	complain(application, application->section->line, "it names no filters", NULL);
	application->misses_filter = true;
}

/*
 * Of a key or section that stands twice only the last value is left: filters may
 * have lost their context, and nobody can tell which.
 */
static bool has_lost_something(const struct ini_section *section)
{
	bool lost = section->repeated;

	for (const struct ini_option *option = section->options; option; option = option->next)
		lost = lost || option->repeated;
	return lost;
}

static void make_all_unusable(const struct application *application)
{
	for (size_t i = 0; i < application->count; i++)
		make_filter_unusable(application->filters[i], "a context of its file stands twice, or a key of it");
}

/* One of those in no context was meant: with the privileges that it inherits it may do more than it should. */
static void make_others_unusable(struct filter *const *filters, size_t count, const struct context *inherited)
{
	for (size_t i = 0; i < count; i++) {
		if (filters[i]->context == inherited)
			make_filter_unusable(filters[i], "a context of its file names no filter, or one that is not "
							 "there: this one may be meant");
	}
}

static bool is_good_name(const char *name)
{
	return name[0] != '\0' && strcasecmp(name, "default") != 0;
}

void context_sections_apply(const struct ini *ini, struct filter *const *filters, size_t count,
			    const struct context *inherited, const char *file, struct arena *arena,
			    struct problems *problems)
{
	bool misses_filter = false;

	for (const struct ini_section *section = ini->sections; section; section = section->next) {
		struct application application = {
			.filters = filters, .count = count, .section = section, .file = file,
			.arena = arena, .problems = problems,
		};
		const char *name;

		if (!context_is_section(section, &name))
			continue;
		application.context = arena_allocate(arena, 1, sizeof(*application.context));
		application.good = context_read(application.context, section, name, inherited, file, SEVERITY_ERROR,
						arena, problems);
		if (!is_good_name(name))
			complain(&application, section->line,
				 "it is written [Context NAME], with a name of its own; default stands in the conf",
				 NULL);
		take_filters(&application, inherited);
		if (!application.good)
			make_unusable(&application, application.context);
		if (has_lost_something(section))
			make_all_unusable(&application);
		misses_filter = misses_filter || application.misses_filter;
	}
	if (misses_filter)
		make_others_unusable(filters, count, inherited);
}
