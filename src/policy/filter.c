#include "policy/filter.h"

#include <string.h>

#include "base/path.h"

const struct filter_class *filter_registry_find(const struct filter_registry *registry, const char *name)
{
	for (const struct filter_class *const *class = registry->classes; *class; class++) {
		if (strcmp((*class)->name, name) == 0)
			return *class;
	}
	return NULL;
}

/* A relative path would be looked up in the caller's directory. */
static bool is_relative_path(const char *program)
{
	return program[0] != '/' && strchr(program, '/');
}

static int load(struct filter *filter, struct arena *arena, struct error *error)
{
	const struct filter_class *class = filter->class;

	if (filter->field_count < class->min_fields) {
		filter->program = class->program_of ? class->program_of(filter) : NULL;
		return error_set(error, "%s needs the fields %s", class->name, class->fields);
	}
	if (class->load(filter, arena, error) < 0)
		return -1;
	if (!filter->program || filter->program[0] == '\0')
		return error_set(error, "the program is empty");
	if (is_relative_path(filter->program))
		return error_set(error, "the program must be a bare name or an absolute path");
	return 0;
}

struct filter *filter_new(const struct filter_class *class, const char *name, const char *file, unsigned line,
			  const char *const *fields, size_t field_count, const struct context *context,
			  struct arena *arena)
{
	struct filter *filter = arena_allocate(arena, 1, sizeof(*filter));
	struct error error;

	filter->class = class;
	filter->name = name;
	filter->file = file;
	filter->line = line;
	filter->fields = fields;
	filter->field_count = field_count;
	filter->context = context;
	if (load(filter, arena, &error) < 0)
		filter->unusable = arena_string(arena, error.text);
	if (filter->program && filter->program[0] == '\0')
		filter->program = NULL;
	return filter;
}

bool filter_names_program(const struct filter *filter, const struct request *request)
{
	return strcmp(filter->program, request->argv[0]) == 0 ||
	       strcmp(path_base_name(filter->program), request->argv[0]) == 0;
}

bool filter_concerns(const struct filter *filter, const struct request *request)
{
	if (!filter->program)
		return true;
	if (filter->class->concerns)
		return filter->class->concerns(filter, request);
	return filter_names_program(filter, request);
}

void filter_match_all_arguments(const struct request *request, size_t skip, struct filter_match *match)
{
	match->arguments = request->argv + skip + 1;
	match->argument_count = request->argc - skip - 1;
}

enum filter_result filter_mismatch(struct filter_match *match, size_t argument, const char *why)
{
	match->failed_argument = argument;
	match->why = why;
	return FILTER_NO_MATCH;
}

enum filter_result filter_failed(struct filter_match *match, enum filter_result result, size_t argument,
				 const struct error *error, struct arena *arena)
{
	match->failed_argument = argument;
	match->why = arena_string(arena, error->text);
	return result;
}

enum filter_result filter_wrong_program(struct filter_match *match)
{
	return filter_mismatch(match, 0, "it is neither the filter's program as written nor its base name");
}
