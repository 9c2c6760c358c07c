#include "fixture.h"

static const char ls[] = "ls: RegExpFilter, /bin/ls, root, ls, -l|-a, /srv/[a-z]+";
static const char cat_or_tac[] = "cat: RegExpFilter, cat, root, cat|tac, .*";
static const char empty[] = "e: RegExpFilter, echo, root, echo, ";
static const char any[] = "any: RegExpFilter, echo, root, echo, .*";
static const char path[] = "cat: RegExpFilter, /bin/cat, root, (/bin/)?cat, /srv/b/a|/srv/b/b";

static const struct {
	const char *filter;
	const char *request;
	const char *arguments; /* NULL: no match */
	size_t failed;
} requests[] = {
	{ ls, "ls -l /srv/img", "-l /srv/img", 0 },
	{ ls, "ls -a /srv/x", "-a /srv/x", 0 },
	{ cat_or_tac, "tac f", "f", 0 },
	{ empty, "echo ''", "''", 0 },
	{ any, "echo ''", "''", 0 },
	{ any, "echo $'\\303\\251'", "$'\\303\\251'", 0 },
	{ path, "/bin/cat /srv/b/b", "/srv/b/b", 0 },
	{ path, "cat /srv/b/a", "/srv/b/a", 0 },

	/* exactly as many arguments as patterns */
	{ ls, "ls", NULL, 1 },
	{ ls, "ls -l", NULL, 2 },
	{ ls, "ls -l /srv/x /srv/y", NULL, 4 },
	{ ls, "ls -l /srv/x ''", NULL, 4 },
	{ ls, "ls -l -a", NULL, 2 },
	{ empty, "echo", NULL, 1 },
	{ any, "echo", NULL, 1 },
	{ any, "echo '' ''", NULL, 3 },
	/* argv[0] has a pattern of its own */
	{ ls, "/bin/ls -l /srv/x", NULL, 0 },
	{ ls, "lsx -l /srv/x", NULL, 0 },
	{ ls, "''", NULL, 0 },
	{ cat_or_tac, "catANYTHING f", NULL, 0 },
	{ cat_or_tac, "Xtac f", NULL, 0 },
	{ path, "/home/app/cat /srv/b/a", NULL, 0 },
	{ path, "/bin/../bin/cat /srv/b/a", NULL, 0 },
	/* each pattern takes its whole argument, its alternatives too */
	{ ls, "ls -la /srv/x", NULL, 1 },
	{ ls, "ls x-a /srv/x", NULL, 1 },
	{ ls, "ls -lx /srv/x", NULL, 1 },
	{ ls, "ls -l /srv/x/../../etc", NULL, 2 },
	{ ls, "ls -l $'/srv/x\\012'", NULL, 2 },
	{ ls, "ls -l $'/srv/x\\012/etc'", NULL, 2 },
	{ ls, "ls -l x/srv/x", NULL, 2 },
	{ ls, "ls -l ''", NULL, 2 },
	{ path, "cat /srv/b/aEVIL", NULL, 1 },
	{ path, "cat /srv/b/a/../../etc/shadow", NULL, 1 },
	{ path, "cat /etc/srv/b/b", NULL, 1 },
	{ path, "cat $'/srv/b/b\\012'", NULL, 1 },
	{ empty, "echo x", NULL, 1 },
	{ empty, "echo $'\\012'", NULL, 1 },
	{ any, "echo $'a\\012b'", NULL, 1 },
	/* not UTF-8 */
	{ any, "echo $'\\377'", NULL, 1 },
	{ any, "echo $'\\303('", NULL, 1 },
};

START_TEST(request_is_matched_whole)
{
	fixture_expect(requests[_i].filter, requests[_i].request, requests[_i].arguments, requests[_i].failed);
}
END_TEST

static const char bad_last[] = "x: RegExpFilter, /bin/x, root, x|y, a+, (";
static const char bad_name[] = "x: RegExpFilter, /bin/x, root, x), a+";

/* A request that comes near a filter with a faulty pattern must not reach a later, wider one. */
static const struct {
	const char *filter;
	const char *request;
	enum filter_result result;
} faulty[] = {
	{ bad_last, "x a b", FILTER_UNUSABLE },
	{ bad_last, "x", FILTER_UNUSABLE },
	{ bad_last, "x 1 2 3 4", FILTER_UNUSABLE },
	{ bad_last, "/bin/x", FILTER_UNUSABLE },
	{ bad_last, "y a b", FILTER_UNUSABLE },
	{ bad_last, "y nothing fits", FILTER_UNUSABLE },
	{ bad_last, "y a", FILTER_NO_MATCH },
	{ bad_last, "z a b", FILTER_NO_MATCH },
	{ bad_last, "z", FILTER_NO_MATCH },
	{ bad_name, "x", FILTER_UNUSABLE },
	{ bad_name, "z a", FILTER_UNUSABLE },
	{ bad_name, "z", FILTER_NO_MATCH },
};

START_TEST(faulty_pattern_stops_what_comes_near)
{
	struct filter_match match;

	ck_assert_int_eq(fixture_match(faulty[_i].filter, faulty[_i].request, &match), faulty[_i].result);
	if (faulty[_i].result == FILTER_UNUSABLE)
		assert_contains(match.why, "field ");
}
END_TEST

START_TEST(pattern_that_cannot_be_decided_is_no_mismatch)
{
	struct filter_match match;

	ck_assert_int_eq(fixture_match("x: RegExpFilter, echo, root, echo, ([a-z]+)+x",
				       "echo aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa:", &match),
			 FILTER_PATTERN_LIMIT);
	ck_assert_uint_eq(match.failed_argument, 1);
	assert_contains(match.why, "too many steps");
}
END_TEST

static const struct {
	const char *line;
	const char *why;
} unusable[] = {
	{ "x: RegExpFilter", "program, user, pattern..." },
	{ "x: RegExpFilter, ls", "program, user, pattern..." },
	{ "x: RegExpFilter, ls, root", "program, user, pattern..." },
	{ "x: RegExpFilter, , root, .*", "program is empty" },
	{ "x: RegExpFilter, bin/ls, root, .*", "bare name or an absolute path" },
};

START_TEST(faulty_line_cannot_be_used)
{
	fixture_expect_unusable(unusable[_i].line, unusable[_i].why);
}
END_TEST

/* Unusable for another reason, it still stands for all that comes near it. */
START_TEST(unusable_filter_concerns_what_its_first_pattern_takes)
{
	const struct filter *filter = fixture_filter("x: RegExpFilter, /bin/x, root, x|y, a");
	static const char *const concerned[] = { "x", "/bin/x", "y", "y b c d" };
	static const char *const others[] = { "z", "xy", "./x", "''", "a" };

	for (size_t i = 0; i < ARRAY_LENGTH(concerned); i++) {
		const struct request request = fixture_request(concerned[i]);

		ck_assert(filter_concerns(filter, &request));
	}
	for (size_t i = 0; i < ARRAY_LENGTH(others); i++) {
		const struct request request = fixture_request(others[i]);

		ck_assert(!filter_concerns(filter, &request));
	}
}
END_TEST

static void fill(TCase *tcase)
{
	fixture_add(tcase);
	add_table_test(tcase, request_is_matched_whole, requests);
	add_table_test(tcase, faulty_pattern_stops_what_comes_near, faulty);
	tcase_add_test(tcase, pattern_that_cannot_be_decided_is_no_mismatch);
	add_table_test(tcase, faulty_line_cannot_be_used, unusable);
	tcase_add_test(tcase, unusable_filter_concerns_what_its_first_pattern_takes);
}

static Suite *make_suite(void)
{
	Suite *suite = suite_create("regexp filter");

	suite_add(suite, "regexp filter", fill);
	return suite;
}

SUITE_MAIN(make_suite)
