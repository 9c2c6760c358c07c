#include "fixture.h"

static const char with_nice[] = "nice: ChainingRegExpFilter, nice, root, nice, -?[0-9]+";
static const char only_name[] = "n: ChainingRegExpFilter, /bin/nohup, root, nohup";

static const struct {
	const char *filter;
	const char *request;
	size_t inner;  /* where the inner command begins; 0: no match */
	size_t failed;
} requests[] = {
	{ with_nice, "nice 5 ls", 2, 0 },
	{ with_nice, "nice -5 ls -l ''", 2, 0 },
	{ with_nice, "nice 5 nice 5 ls", 2, 0 },
	/* whether there is a command at all, the search decides */
	{ with_nice, "nice 5", 2, 0 },
	{ only_name, "nohup ls", 1, 0 },
	{ only_name, "nohup", 1, 0 },

	{ with_nice, "nice", 0, 1 },
	{ with_nice, "ls", 0, 0 },
	{ with_nice, "ls 5 ls", 0, 0 },
	{ with_nice, "/bin/nice 5 ls", 0, 0 },
	{ with_nice, "nicer 5 ls", 0, 0 },
	{ with_nice, "nice ls 5", 0, 1 },
	{ with_nice, "nice 5x ls", 0, 1 },
	{ with_nice, "nice x5 ls", 0, 1 },
	{ with_nice, "nice '' ls", 0, 1 },
	{ with_nice, "nice $'5\\012' ls", 0, 1 },
	{ with_nice, "nice $'5\\377' ls", 0, 1 },
	{ with_nice, "nice --5 ls", 0, 1 },
	{ only_name, "/bin/nohup ls", 0, 0 },
	{ only_name, "ls nohup", 0, 0 },
	{ only_name, "''", 0, 0 },
};

START_TEST(leading_arguments_are_matched)
{
	struct filter_match match;
	const struct request request = fixture_request(requests[_i].request);
	enum filter_result result = fixture_match(requests[_i].filter, requests[_i].request, &match);

	ck_assert_int_eq(result, requests[_i].inner > 0 ? FILTER_MATCH : FILTER_NO_MATCH);
	ck_assert_uint_eq(match.inner, requests[_i].inner);
	ck_assert_uint_eq(match.failed_argument, requests[_i].failed);
	if (result != FILTER_MATCH) {
		ck_assert_ptr_nonnull(match.why);
		return;
	}
	ck_assert_str_eq(fixture_line(match.arguments, match.argument_count),
			 fixture_line(request.argv + 1, request.argc - 1));
}
END_TEST

static const char bad_last[] = "x: ChainingRegExpFilter, /bin/x, root, x|y, (";

static const struct {
	const char *request;
	enum filter_result result;
} faulty[] = {
	{ "x", FILTER_UNUSABLE },
	{ "/bin/x", FILTER_UNUSABLE },
	{ "x 1 ls", FILTER_UNUSABLE },
	{ "y 1", FILTER_UNUSABLE },
	{ "y 1 ls -l", FILTER_UNUSABLE },
	{ "y", FILTER_NO_MATCH },
	{ "z 1 ls", FILTER_NO_MATCH },
};

START_TEST(faulty_pattern_stops_what_comes_near)
{
	struct filter_match match;

	ck_assert_int_eq(fixture_match(bad_last, faulty[_i].request, &match), faulty[_i].result);
	if (faulty[_i].result == FILTER_UNUSABLE)
		assert_contains(match.why, "field 4: ");
}
END_TEST

START_TEST(pattern_that_cannot_be_decided_is_no_mismatch)
{
	struct filter_match match;

	ck_assert_int_eq(fixture_match("x: ChainingRegExpFilter, x, root, x, ([a-z]+)+x",
				       "x aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa: ls", &match),
			 FILTER_PATTERN_LIMIT);
	ck_assert_uint_eq(match.failed_argument, 1);
}
END_TEST

static const struct {
	const char *line;
	const char *why;
} unusable[] = {
	{ "x: ChainingRegExpFilter", "program, user, pattern..." },
	{ "x: ChainingRegExpFilter, nice", "program, user, pattern..." },
	{ "x: ChainingRegExpFilter, nice, root", "program, user, pattern..." },
	{ "x: ChainingRegExpFilter, , root, .*", "program is empty" },
	{ "x: ChainingRegExpFilter, ./nice, root, .*", "bare name or an absolute path" },
};

START_TEST(faulty_line_cannot_be_used)
{
	fixture_expect_unusable(unusable[_i].line, unusable[_i].why);
}
END_TEST

START_TEST(class_chains)
{
	ck_assert(fixture_filter(with_nice)->class->chaining);
}
END_TEST

/* Unusable for another reason, it still stands for all that comes near it. */
START_TEST(unusable_filter_concerns_what_its_first_pattern_takes)
{
	const struct filter *filter = fixture_filter("x: ChainingRegExpFilter, /bin/x, root, x|y, a");
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
	add_table_test(tcase, leading_arguments_are_matched, requests);
	add_table_test(tcase, faulty_pattern_stops_what_comes_near, faulty);
	tcase_add_test(tcase, pattern_that_cannot_be_decided_is_no_mismatch);
	add_table_test(tcase, faulty_line_cannot_be_used, unusable);
	tcase_add_test(tcase, unusable_filter_concerns_what_its_first_pattern_takes);
	tcase_add_test(tcase, class_chains);
}

static Suite *make_suite(void)
{
	Suite *suite = suite_create("chaining regexp filter");

	suite_add(suite, "chaining regexp filter", fill);
	return suite;
}

SUITE_MAIN(make_suite)
