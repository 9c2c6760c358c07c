/* IpFilter: ip, user.  `ip`, but nothing that runs another command or reads a file that the caller names. */
#include <string.h>

#include "filters/classes.h"
#include "filters/common.h"
#include "filters/ip_grammar.h"
#include "policy/list.h"

/* oslo.rootwrap looks for these two words side by side, wherever they stand; what it refuses is refused here. */
static bool is_refused_by_words(const struct request *request, size_t *index)
{
	static const char *const netns[] = { "net", "netn", "netns", NULL };
	static const char *const exec[] = { "e", "ex", "exe", "exec", NULL };

	for (*index = 1; *index + 1 < request->argc; (*index)++) {
		if (list_holds(netns, request->argv[*index]))
			return list_holds(exec, request->argv[*index + 1]);
	}
	return false;
}

static enum filter_result match_ip(const struct filter *filter, const struct filter_input *input,
				   struct filter_match *match)
{
	const struct request *request = input->request;
	struct error error;
	size_t index;

	(void)filter;
	if (strcmp(request->argv[0], "ip") != 0)
		return filter_mismatch(match, 0, "it is not ip");
	if (ip_grammar_check(request->argv + 1, request->argc - 1, &index, &error) < 0)
		return filter_failed(match, FILTER_NO_MATCH, index + 1, &error, input->arena);
	if (is_refused_by_words(request, &index))
		return filter_mismatch(match, index, "netns and exec side by side are refused wherever they stand");
	filter_match_all_arguments(request, 0, match);
	return FILTER_MATCH;
}

const struct filter_class filter_ip = {
	.name = "IpFilter",
	.fields = "ip, user",
	.min_fields = 2,
	.max_fields = 2,
	.load = common_load,
	.program_of = common_program_of,
	.concerns = common_concerns_ip,
	.match = match_ip,
};
