#include "fixture.h"

static const char bare[] = "ip: IpFilter, ip, root";
static const char absolute[] = "ip: IpFilter, /sbin/ip, root";

/* The grammar has a test of its own; here it is what the class makes of it. */
static const struct {
	const char *filter;
	const char *request;
	const char *arguments; /* NULL: no match */
	size_t failed;
} requests[] = {
	{ bare, "ip", "", 0 },
	{ bare, "ip link show", "link show", 0 },
	{ bare, "ip -n blue -6 route", "-n blue -6 route", 0 },
	{ bare, "ip l", "l", 0 },
	{ bare, "ip link set tap0 alias ''", "link set tap0 alias ''", 0 },
	{ absolute, "ip addr", "addr", 0 },

	/* ip by its name alone, as oslo.rootwrap */
	{ absolute, "/sbin/ip addr", NULL, 0 },
	{ bare, "/sbin/ip addr", NULL, 0 },
	{ bare, "./ip addr", NULL, 0 },
	{ bare, "IP addr", NULL, 0 },
	{ bare, "ip6 addr", NULL, 0 },
	{ bare, "i addr", NULL, 0 },
	{ bare, "'' addr", NULL, 0 },
	{ bare, "iplink show", NULL, 0 },
	{ bare, "bridge link", NULL, 0 },
	/* the offending argument, counted from the program */
	{ bare, "ip ''", NULL, 1 },
	{ bare, "ip sh -c x", NULL, 1 },
	{ bare, "ip -b -", NULL, 1 },
	{ bare, "ip -batch /etc/shadow", NULL, 1 },
	{ bare, "ip -4 -force link", NULL, 2 },
	{ bare, "ip netns exec blue sh", NULL, 2 },
	{ bare, "ip -l net netns exec blue sh", NULL, 4 },
	{ bare, "ip vrf exec red sh", NULL, 2 },
	{ bare, "ip monitor file /etc/shadow", NULL, 2 },
	{ bare, "ip -n ../../x link", NULL, 2 },
	{ bare, "ip link set eth0 xdp obj /tmp/x.o", NULL, 4 },
	/* what oslo.rootwrap refuses by two words side by side, wherever they stand */
	{ bare, "ip link set dev net e", NULL, 4 },
	{ bare, "ip link set tap0 netns exec", NULL, 4 },
	{ bare, "ip link show netns", "link show netns", 0 },
	{ bare, "ip link set tap0 netns blue alias exec", "link set tap0 netns blue alias exec", 0 },
	{ bare, "ip addr show dev exec", "addr show dev exec", 0 },
};

START_TEST(ip_without_other_commands_and_files)
{
	fixture_expect(requests[_i].filter, requests[_i].request, requests[_i].arguments, requests[_i].failed);
}
END_TEST

static const struct {
	const char *line;
	const char *why;
} unusable[] = {
	{ "x: IpFilter", "ip, user" },
	{ "x: IpFilter, ip", "ip, user" },
	{ "x: IpFilter, , root", "program is empty" },
	{ "x: IpFilter, sbin/ip, root", "bare name or an absolute path" },
};

START_TEST(faulty_line_cannot_be_used)
{
	fixture_expect_unusable(unusable[_i].line, unusable[_i].why);
}
END_TEST

/* It would have matched "ip", whatever its program is called: a later filter might give more. */
START_TEST(faulty_line_ends_requests_for_ip)
{
	const struct filter *filter = fixture_filter("x: IpFilter, /opt/iproute");
	const struct request link = fixture_request("ip link");
	const struct request own = fixture_request("iproute link");
	const struct request other = fixture_request("ls");

	ck_assert_ptr_nonnull(filter->unusable);
	ck_assert(filter_concerns(filter, &link));
	ck_assert(filter_concerns(filter, &own));
	ck_assert(!filter_concerns(filter, &other));
}
END_TEST

static void fill(TCase *tcase)
{
	fixture_add(tcase);
	add_table_test(tcase, ip_without_other_commands_and_files, requests);
	add_table_test(tcase, faulty_line_cannot_be_used, unusable);
	tcase_add_test(tcase, faulty_line_ends_requests_for_ip);
}

static Suite *make_suite(void)
{
	Suite *suite = suite_create("ip filter");

	suite_add(suite, "ip filter", fill);
	return suite;
}

SUITE_MAIN(make_suite)
