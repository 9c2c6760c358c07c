#include "filters/common.h"

#include "fixture.h"

static const char usable[] = "x: RegExpFilter, /bin/x, root, x|y, [0-9]+";
static const char bad_first[] = "x: RegExpFilter, /bin/x, root, (x, [0-9]+";
static const char bad_second[] = "x: RegExpFilter, /bin/x, root, x|y, [0-9";
static const char no_pattern[] = "x: CommandFilter, /bin/x, root";
static const char endless[] = "x: RegExpFilter, /bin/x, root, ([a-z]+)+x, [0-9]+";

START_TEST(loads_program_user_and_arguments)
{
	static const char *const fields[] = { "/bin/x", "app", "one", "", NULL };
	struct filter filter = { .fields = fields, .field_count = 4 };
	struct error error;

	ck_assert_int_eq(common_load(&filter, &fixture_arena, &error), 0);
	ck_assert_str_eq(filter.program, "/bin/x");
	ck_assert_str_eq(filter.run_as, "app");
	ck_assert_uint_eq(filter.argument_count, 2);
	ck_assert_ptr_eq(filter.arguments, fields + 2);
}
END_TEST

START_TEST(program_is_the_first_field_if_there_is_one)
{
	static const char *const fields[] = { "/bin/x", NULL };
	struct filter filter = { .fields = fields, .field_count = 1 };

	ck_assert_str_eq(common_program_of(&filter), "/bin/x");
	filter.field_count = 0;
	ck_assert_ptr_null(common_program_of(&filter));
}
END_TEST

static const struct {
	const char *filter;
	size_t field; /* that is faulty; 0: none */
} checked[] = {
	{ usable, 0 },
	{ no_pattern, 0 },
	{ endless, 0 },
	{ bad_first, 3 },
	{ bad_second, 4 },
	{ "x: RegExpFilter, x, root, (, )", 3 },
	{ "x: RegExpFilter, x, root, x, y, z, \\", 6 },
};

START_TEST(first_faulty_pattern_is_found)
{
	const struct filter *filter = fixture_filter(checked[_i].filter);
	struct error error = { .text = "" };
	size_t field = 0;

	if (checked[_i].field == 0) {
		ck_assert_int_eq(common_check_patterns(filter, &field, &error), 0);
		return;
	}
	ck_assert_int_eq(common_check_patterns(filter, &field, &error), -1);
	ck_assert_uint_eq(field, checked[_i].field);
	ck_assert_str_ne(error.text, "");
}
END_TEST

START_TEST(usable_patterns_are_told_from_faulty_ones)
{
	const struct filter *filter = fixture_filter(checked[_i].filter);
	struct filter_match match = { 0 };
	enum filter_result result = common_patterns_usable(filter, &fixture_arena, &match);

	if (checked[_i].field == 0) {
		ck_assert_int_eq(result, FILTER_MATCH);
		return;
	}
	ck_assert_int_eq(result, FILTER_UNUSABLE);
	assert_contains(match.why, arena_format(&fixture_arena, "field %zu: ", checked[_i].field));
}
END_TEST

static const struct {
	const char *filter;
	const char *request;
	bool near;
	bool near_with_enough;
} nearness[] = {
	{ usable, "x", true, true },
	{ usable, "/bin/x", true, true },
	{ usable, "y", false, true },
	{ usable, "z", false, false },
	{ usable, "''", false, false },
	{ usable, "xy", false, false },
	{ usable, "$'x\\012'", false, false },
	{ usable, "./x", false, false },
	{ no_pattern, "x", true, true },
	{ no_pattern, "y", false, false },
	/* a faulty pattern may have meant anything, one that runs into the limit too */
	{ bad_first, "x", true, true },
	{ bad_first, "z", false, true },
	{ bad_second, "y", false, true },
	{ bad_second, "z", false, false },
	{ endless, "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa:", false, true },
};

START_TEST(request_comes_near)
{
	const struct filter *filter = fixture_filter(nearness[_i].filter);
	const struct request request = fixture_request(nearness[_i].request);

	ck_assert_int_eq(common_is_near(filter, &request, false), nearness[_i].near);
	ck_assert_int_eq(common_is_near(filter, &request, true), nearness[_i].near_with_enough);
}
END_TEST

/* Of a filter that cannot be used nobody knows how many arguments it would have taken. */
START_TEST(unusable_filter_concerns_whatever_comes_near)
{
	const struct request request = fixture_request(nearness[_i].request);

	ck_assert_int_eq(common_concerns(fixture_filter(nearness[_i].filter), &request), nearness[_i].near_with_enough);
}
END_TEST

/* A repeat count with a comma in it becomes two fields: which one is to blame, or 0. */
static const struct {
	const char *patterns;
	size_t field;
} advised[] = {
	{ "x, a{1,2}", 4 },
	{ "x, a{1, y", 4 },
	{ "x{,3}", 3 },
	{ "x, 2}, y", 4 },
	{ "x, }", 4 },
	{ "x, a{", 4 },
	{ "x, a{3}", 0 },
	{ "x, a\\{1", 0 },
	{ "x, a{b", 0 },
	{ "x, a}", 0 },
	{ "x, [a-z]+", 0 },
	{ "x", 0 },
};

START_TEST(half_a_repeat_is_told)
{
	const char *line = arena_format(&fixture_arena, "x: RegExpFilter, x, root, %s", advised[_i].patterns);
	struct error advice = { .text = "" };
	size_t field = 0;
	int result = common_advise_patterns(fixture_filter(line), &field, &advice);

	if (advised[_i].field == 0) {
		ck_assert_int_eq(result, 0);
		return;
	}
	ck_assert_int_eq(result, -1);
	ck_assert_uint_eq(field, advised[_i].field);
	assert_contains(advice.text, "comma");
}
END_TEST

static const struct {
	const char *filter;
	const char *request;
	enum filter_result result;
	size_t failed;
} matched[] = {
	{ usable, "x 1", FILTER_MATCH, 0 },
	{ usable, "y 12345", FILTER_MATCH, 0 },
	{ usable, "x 1 more", FILTER_MATCH, 0 },
	{ no_pattern, "z", FILTER_MATCH, 0 },
	{ usable, "z 1", FILTER_NO_MATCH, 0 },
	{ usable, "xx 1", FILTER_NO_MATCH, 0 },
	{ usable, "x ''", FILTER_NO_MATCH, 1 },
	{ usable, "x 1a", FILTER_NO_MATCH, 1 },
	{ usable, "x a1", FILTER_NO_MATCH, 1 },
	{ usable, "x $'1\\012'", FILTER_NO_MATCH, 1 },
	{ usable, "x $'1\\377'", FILTER_NO_MATCH, 1 },
	{ bad_first, "x 1", FILTER_UNUSABLE, 0 },
	{ bad_second, "x 1", FILTER_UNUSABLE, 1 },
	{ bad_second, "z 1", FILTER_NO_MATCH, 0 },
	{ endless, "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa: 1", FILTER_PATTERN_LIMIT, 0 },
};

START_TEST(arguments_are_matched_in_order)
{
	const struct request request = fixture_request(matched[_i].request);
	const struct filter_input input = { .request = &request, .arena = &fixture_arena };
	struct filter_match match = { 0 };

	ck_assert_int_eq(common_match_patterns(fixture_filter(matched[_i].filter), &input, &match), matched[_i].result);
	ck_assert_uint_eq(match.failed_argument, matched[_i].failed);
	ck_assert_int_eq(match.why != NULL, matched[_i].result != FILTER_MATCH);
}
END_TEST

static void fill(TCase *tcase)
{
	fixture_add(tcase);
	tcase_add_test(tcase, loads_program_user_and_arguments);
	tcase_add_test(tcase, program_is_the_first_field_if_there_is_one);
	add_table_test(tcase, first_faulty_pattern_is_found, checked);
	add_table_test(tcase, usable_patterns_are_told_from_faulty_ones, checked);
	add_table_test(tcase, request_comes_near, nearness);
	add_table_test(tcase, unusable_filter_concerns_whatever_comes_near, nearness);
	add_table_test(tcase, half_a_repeat_is_told, advised);
	add_table_test(tcase, arguments_are_matched_in_order, matched);
}

static Suite *make_suite(void)
{
	Suite *suite = suite_create("what filter classes share");

	suite_add(suite, "patterns", fill);
	return suite;
}

SUITE_MAIN(make_suite)
