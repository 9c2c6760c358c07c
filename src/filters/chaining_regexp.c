/*
 * ChainingRegExpFilter: program, user, pattern...  The leading arguments match
 * the patterns, the rest is a command that another filter of the same user allows.
 */
#include "filters/classes.h"
#include "filters/common.h"

static enum filter_result match_chaining_regexp(const struct filter *filter, const struct filter_input *input,
						struct filter_match *match)
{
	const struct request *request = input->request;
	bool enough = request->argc >= filter->argument_count;
	enum filter_result result;

	if (!common_is_near(filter, request, enough))
		return filter_mismatch(match, 0, "it does not match the filter's pattern for it");
	result = common_patterns_usable(filter, input->arena, match);
	if (result != FILTER_MATCH)
		return result;
	if (!enough)
		return filter_mismatch(match, request->argc, "there are fewer arguments than patterns");
	result = common_match_patterns(filter, input, match);
	if (result != FILTER_MATCH)
		return result;
	match->inner = filter->argument_count;
	filter_match_all_arguments(request, 0, match);
	return FILTER_MATCH;
}

const struct filter_class filter_chaining_regexp = {
	.name = "ChainingRegExpFilter",
	.fields = "program, user, pattern...",
	.min_fields = 3,
	.chaining = true,
	.load = common_load,
	.program_of = common_program_of,
	.concerns = common_concerns,
	.check = common_check_patterns,
	.advise = common_advise_patterns,
	.match = match_chaining_regexp,
};
