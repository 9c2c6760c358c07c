#include "filters/common.h"

#include <string.h>

#include "pattern/pattern.h"

int common_load(struct filter *filter, struct arena *arena, struct error *error)
{
	(void)arena;
	(void)error;
	filter->program = filter->fields[0];
	filter->run_as = filter->fields[1];
	filter->arguments = filter->fields + 2;
	filter->argument_count = filter->field_count - 2;
	return 0;
}

const char *common_program_of(const struct filter *filter)
{
	return filter->field_count > 0 ? filter->fields[0] : NULL;
}

int common_check_patterns(const struct filter *filter, size_t *field, struct error *error)
{
	for (size_t i = 0; i < filter->argument_count; i++) {
		*field = i + 3;
		if (pattern_check(filter->arguments[i], error) < 0)
			return -1;
	}
	return 0;
}

/* Whether a field ends inside "{m", or begins inside "n}". */
static bool has_half_a_repeat(const char *pattern)
{
	const char *open = strrchr(pattern, '{');
	const char *close = strchr(pattern, '}');

	if (open && (open == pattern || open[-1] != '\\') && open[1 + strspn(open + 1, "0123456789")] == '\0')
		return true;
	return close && strspn(pattern, "0123456789") == (size_t)(close - pattern);
}

int common_advise_patterns(const struct filter *filter, size_t *field, struct error *advice)
{
	for (size_t i = 0; i < filter->argument_count; i++) {
		*field = i + 3;
		if (has_half_a_repeat(filter->arguments[i]))
			return error_set(advice, "a comma always ends a field: write the repeat count without one");
	}
	return 0;
}

bool common_is_near(const struct filter *filter, const struct request *request, bool enough_arguments)
{
	struct error error;
	enum pattern_result result;

	if (filter_names_program(filter, request))
		return true;
	if (!enough_arguments || filter->argument_count == 0)
		return false;
	result = pattern_match(filter->arguments[0], request->argv[0], &error);
	return result != PATTERN_NO_MATCH;
}

bool common_concerns(const struct filter *filter, const struct request *request)
{
	return common_is_near(filter, request, true);
}

enum filter_result common_patterns_usable(const struct filter *filter, struct arena *arena, struct filter_match *match)
{
	struct error error;
	size_t field;

	if (common_check_patterns(filter, &field, &error) == 0)
		return FILTER_MATCH;
	match->why = arena_format(arena, "field %zu: %s", field, error.text);
	return FILTER_UNUSABLE;
}

enum filter_result common_match_patterns(const struct filter *filter, const struct filter_input *input,
					 struct filter_match *match)
{
	for (size_t i = 0; i < filter->argument_count; i++) {
		struct error error;

		switch (pattern_match(filter->arguments[i], input->request->argv[i], &error)) {
		case PATTERN_MATCH:
			continue;
		case PATTERN_NO_MATCH:
			return filter_mismatch(match, i, "it does not match the filter's pattern for it");
		case PATTERN_LIMIT:
			return filter_failed(match, FILTER_PATTERN_LIMIT, i, &error, input->arena);
		case PATTERN_UNUSABLE:
		case PATTERN_FAILED:
			break;
		}
		return filter_failed(match, FILTER_UNUSABLE, i, &error, input->arena);
	}
	return FILTER_MATCH;
}

bool common_concerns_ip(const struct filter *filter, const struct request *request)
{
	return strcmp(request->argv[0], "ip") == 0 || filter_names_program(filter, request);
}
