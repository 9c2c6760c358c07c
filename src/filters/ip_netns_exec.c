/* IpNetnsExecFilter: ip, root.  `ip netns exec NS command`, where another filter of root allows the command. */
#include <string.h>

#include "base/path.h"
#include "filters/classes.h"
#include "filters/common.h"
#include "policy/list.h"

/* netns and exec in the abbreviations that oslo.rootwrap takes. */
static enum filter_result match_ip_netns_exec(const struct filter *filter, const struct filter_input *input,
					      struct filter_match *match)
{
	static const char *const netns[] = { "net", "netn", "netns", NULL };
	static const char *const exec[] = { "e", "ex", "exe", "exec", NULL };
	const struct request *request = input->request;

	if (strcmp(request->argv[0], "ip") != 0)
		return filter_mismatch(match, 0, "it is not ip");
	if (strcmp(filter->run_as, "root") != 0)
		return filter_mismatch(match, 0, "the filter's user is not root");
	if (request->argc < 5)
		return filter_mismatch(match, request->argc, "it is not ip netns exec NAMESPACE COMMAND");
	if (!list_holds(netns, request->argv[1]))
		return filter_mismatch(match, 1, "it is not netns");
	if (!list_holds(exec, request->argv[2]))
		return filter_mismatch(match, 2, "it is not exec");
	/* A slash would make it a path to any namespace file; an option would not be a name. */
	if (!path_is_plain_name(request->argv[3]) || request->argv[3][0] == '-')
		return filter_mismatch(match, 3, "it is no name of a network namespace");
	match->inner = 4;
	filter_match_all_arguments(request, 0, match);
	return FILTER_MATCH;
}

static int advise_ip_netns_exec(const struct filter *filter, size_t *field, struct error *advice)
{
	*field = 2;
	if (strcmp(filter->run_as, "root") == 0)
		return 0;
	return error_set(advice, "the user must be root: for another this class allows nothing");
}

const struct filter_class filter_ip_netns_exec = {
	.name = "IpNetnsExecFilter",
	.fields = "ip, root",
	.min_fields = 2,
	.max_fields = 2,
	.chaining = true,
	.keeps_mounts = true,
	.load = common_load,
	.program_of = common_program_of,
	.concerns = common_concerns_ip,
	.advise = advise_ip_netns_exec,
	.match = match_ip_netns_exec,
};
