/* ReadFileFilter: path.  Exactly `cat path`, as root. */
#include <string.h>

#include "filters/classes.h"
#include "filters/common.h"

static int load_read_file(struct filter *filter, struct arena *arena, struct error *error)
{
	(void)arena;
	filter->program = "/bin/cat";
	filter->run_as = "root";
	filter->arguments = filter->fields;
	filter->argument_count = filter->field_count;
	if (filter->fields[0][0] != '/')
		return error_set(error, "the file must be an absolute path");
	return 0;
}

static const char *read_file_program(const struct filter *filter)
{
	(void)filter;
	return "/bin/cat";
}

static enum filter_result match_read_file(const struct filter *filter, const struct filter_input *input,
					  struct filter_match *match)
{
	const struct request *request = input->request;

	if (strcmp(request->argv[0], "cat") != 0)
		return filter_mismatch(match, 0, "it is not cat");
	if (request->argc != 2)
		return filter_mismatch(match, request->argc > 2 ? 2 : 1, "cat takes exactly one file here");
	if (strcmp(request->argv[1], filter->arguments[0]) != 0)
		return filter_mismatch(match, 1, "it is not the filter's file");
	match->file = filter->arguments[0];
	filter_match_all_arguments(request, 0, match);
	return FILTER_MATCH;
}

const struct filter_class filter_read_file = {
	.name = "ReadFileFilter",
	.fields = "path",
	.min_fields = 1,
	.max_fields = 1,
	.load = load_read_file,
	.program_of = read_file_program,
	.match = match_read_file,
};
