/* RegExpFilter: program, user, pattern...  As many arguments as patterns, argv[0] included, each matched whole. */
#include "filters/classes.h"
#include "filters/common.h"

static enum filter_result match_regexp(const struct filter *filter, const struct filter_input *input,
				       struct filter_match *match)
{
	const struct request *request = input->request;
	bool same_count = request->argc == filter->argument_count;
	enum filter_result result;

	if (!common_is_near(filter, request, same_count))
		return filter_mismatch(match, 0, "it does not match the filter's pattern for it");
	result = common_patterns_usable(filter, input->arena, match);
	if (result != FILTER_MATCH)
		return result;
	if (!same_count)
		return filter_mismatch(match, request->argc, "there are not as many arguments as patterns");
	result = common_match_patterns(filter, input, match);
	if (result == FILTER_MATCH)
		filter_match_all_arguments(request, 0, match);
	return result;
}

const struct filter_class filter_regexp = {
	.name = "RegExpFilter",
	.fields = "program, user, pattern...",
	.min_fields = 3,
	.load = common_load,
	.program_of = common_program_of,
	.concerns = common_concerns,
	.check = common_check_patterns,
	.advise = common_advise_patterns,
	.match = match_regexp,
};
