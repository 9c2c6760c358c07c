#include "fixture.h"

static const char netns_exec[] = "x: IpNetnsExecFilter, ip, root";

static const struct {
	const char *filter;
	const char *request;
	bool match;
	size_t failed;
} requests[] = {
	{ netns_exec, "ip netns exec blue ls", true, 0 },
	{ netns_exec, "ip netns exec blue ls -l /srv", true, 0 },
	{ netns_exec, "ip net exec blue ls", true, 0 },
	{ netns_exec, "ip netn exec blue ls", true, 0 },
	{ netns_exec, "ip netns e blue ls", true, 0 },
	{ netns_exec, "ip netns ex blue ls", true, 0 },
	{ netns_exec, "ip netns exe blue ls", true, 0 },
	{ netns_exec, "ip netns exec qdhcp-8a1b.c_d ls", true, 0 },
	{ netns_exec, "ip netns exec ... ls", true, 0 },
	{ netns_exec, "ip netns exec netns ip", true, 0 },
	{ netns_exec, "ip netns exec blue ''", true, 0 },

	{ netns_exec, "ip", false, 1 },
	{ netns_exec, "ip netns", false, 2 },
	{ netns_exec, "ip netns exec", false, 3 },
	{ netns_exec, "ip netns exec blue", false, 4 },
	{ netns_exec, "ip link show dev lo", false, 1 },
	{ netns_exec, "ip ne exec blue ls", false, 1 },
	{ netns_exec, "ip n exec blue ls", false, 1 },
	{ netns_exec, "ip netnss exec blue ls", false, 1 },
	{ netns_exec, "ip NETNS exec blue ls", false, 1 },
	{ netns_exec, "ip '' exec blue ls", false, 1 },
	{ netns_exec, "ip $'netns\\012' exec blue ls", false, 1 },
	{ netns_exec, "ip vrf exec blue ls", false, 1 },
	/* no option is known here: its value could hide the object */
	{ netns_exec, "ip -4 netns exec blue ls", false, 1 },
	{ netns_exec, "ip -all netns exec ls -l", false, 1 },
	{ netns_exec, "ip -n net netns exec blue ls", false, 1 },
	{ netns_exec, "ip -- netns exec blue ls", false, 1 },
	{ netns_exec, "ip -batch netns exec blue ls", false, 1 },
	{ netns_exec, "ip netns add blue ls x", false, 2 },
	{ netns_exec, "ip netns execs blue ls", false, 2 },
	{ netns_exec, "ip netns EXEC blue ls", false, 2 },
	{ netns_exec, "ip netns '' blue ls", false, 2 },
	{ netns_exec, "ip netns attach blue ls", false, 2 },
	{ netns_exec, "ip netns -all exec blue ls", false, 2 },
	/* a name, not the path of any namespace file */
	{ netns_exec, "ip netns exec '' ls", false, 3 },
	{ netns_exec, "ip netns exec . ls", false, 3 },
	{ netns_exec, "ip netns exec .. ls", false, 3 },
	{ netns_exec, "ip netns exec / ls", false, 3 },
	{ netns_exec, "ip netns exec /proc/1/ns/net ls", false, 3 },
	{ netns_exec, "ip netns exec ../../proc/1/ns/net ls", false, 3 },
	{ netns_exec, "ip netns exec blue/ ls", false, 3 },
	{ netns_exec, "ip netns exec ./blue ls", false, 3 },
	{ netns_exec, "ip netns exec -all ls", false, 3 },
	{ netns_exec, "ip netns exec - ls", false, 3 },
	/* ip by its name alone, and as root alone */
	{ netns_exec, "/sbin/ip netns exec blue ls", false, 0 },
	{ netns_exec, "./ip netns exec blue ls", false, 0 },
	{ netns_exec, "'' netns exec blue ls", false, 0 },
	{ netns_exec, "netns exec blue ls x", false, 0 },
	{ "x: IpNetnsExecFilter, /sbin/ip, root", "/sbin/ip netns exec blue ls", false, 0 },
	{ "x: IpNetnsExecFilter, /sbin/ip, root", "ip netns exec blue ls", true, 0 },
	{ "x: IpNetnsExecFilter, ip, app", "ip netns exec blue ls", false, 0 },
	{ "x: IpNetnsExecFilter, ip, ROOT", "ip netns exec blue ls", false, 0 },
	{ "x: IpNetnsExecFilter, ip, ", "ip netns exec blue ls", false, 0 },
};

START_TEST(command_in_a_named_namespace)
{
	struct filter_match match;
	const struct request request = fixture_request(requests[_i].request);
	enum filter_result result = fixture_match(requests[_i].filter, requests[_i].request, &match);

	ck_assert_int_eq(result, requests[_i].match ? FILTER_MATCH : FILTER_NO_MATCH);
	ck_assert_uint_eq(match.inner, requests[_i].match ? 4 : 0);
	ck_assert_uint_eq(match.failed_argument, requests[_i].failed);
	if (requests[_i].match)
		ck_assert_str_eq(fixture_line(match.arguments, match.argument_count),
				 fixture_line(request.argv + 1, request.argc - 1));
	else
		ck_assert_ptr_nonnull(match.why);
}
END_TEST

START_TEST(class_chains)
{
	ck_assert(fixture_filter(netns_exec)->class->chaining);
}
END_TEST

static const struct {
	const char *line;
	const char *why;
} unusable[] = {
	{ "x: IpNetnsExecFilter", "ip, root" },
	{ "x: IpNetnsExecFilter, ip", "ip, root" },
	{ "x: IpNetnsExecFilter, , root", "program is empty" },
	{ "x: IpNetnsExecFilter, sbin/ip, root", "bare name or an absolute path" },
};

START_TEST(faulty_line_cannot_be_used)
{
	fixture_expect_unusable(unusable[_i].line, unusable[_i].why);
}
END_TEST

static void fill(TCase *tcase)
{
	fixture_add(tcase);
	add_table_test(tcase, command_in_a_named_namespace, requests);
	tcase_add_test(tcase, class_chains);
	add_table_test(tcase, faulty_line_cannot_be_used, unusable);
}

static Suite *make_suite(void)
{
	Suite *suite = suite_create("ip netns exec filter");

	suite_add(suite, "ip netns exec filter", fill);
	return suite;
}

SUITE_MAIN(make_suite)
