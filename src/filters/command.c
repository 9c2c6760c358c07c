/* CommandFilter: program, user.  The program with any arguments. */
#include "filters/classes.h"
#include "filters/common.h"

static enum filter_result match_command(const struct filter *filter, const struct filter_input *input,
					struct filter_match *match)
{
	if (!filter_names_program(filter, input->request))
		return filter_wrong_program(match);
	filter_match_all_arguments(input->request, 0, match);
	return FILTER_MATCH;
}

const struct filter_class filter_command = {
	.name = "CommandFilter",
	.fields = "program, user",
	.min_fields = 2,
	.max_fields = 2,
	.load = common_load,
	.program_of = common_program_of,
	.match = match_command,
};
