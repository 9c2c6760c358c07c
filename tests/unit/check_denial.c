#include "match/denial.h"

#include "suite.h"

static const struct filter filter = { .name = "name", .file = "/etc/app/a.filters", .line = 3, .program = "tool" };

static const struct {
	struct decision decision;
	const char *message;
} rows[] = {
	{ { .reason = REASON_NO_MATCH }, "Unauthorized command: tool 'a b' $'\\033' (no filter matched)" },
	/* zeroed, it is a denial that is told as one */
	{ { .reason = REASON_NONE }, "Unauthorized command: tool 'a b' $'\\033' (no filter matched)" },
	{ { .reason = REASON_NO_PROGRAM, .filter = &filter }, "Executable not found: tool (filter match = name)" },
	{ { .reason = REASON_UNSAFE_PROGRAM, .filter = &filter, .why = "cure" },
	  "Executable not found: tool (filter match = name): cure" },
	{ { .reason = REASON_TOO_LONG }, "Unauthorized command: over 262144 bytes" },
	/* what is wrong with a filter is for those who may read the policy */
	{ { .reason = REASON_BAD_FILTER, .filter = &filter, .why = "secret" },
	  "Unauthorized command: tool 'a b' $'\\033' (no filter matched): "
	  "the search ended at the filter /etc/app/a.filters:3" },
	{ { .reason = REASON_PATTERN_LIMIT, .filter = &filter, .why = "secret" },
	  "Unauthorized command: tool 'a b' $'\\033' (no filter matched): "
	  "the search ended at the filter /etc/app/a.filters:3" },
	{ { .reason = REASON_PATH_GUARD, .filter = &filter, .why = "cure" },
	  "Unauthorized command: tool 'a b' $'\\033' (no filter matched): cure" },
};

START_TEST(each_reason_is_told)
{
	static const char *const argv[] = { "tool", "a b", "\033", NULL };
	const struct request request = { .argv = argv, .argc = 3 };
	CLEANUP(strbuf_free) struct strbuf text = { 0 };

	denial_append_message(&text, &request, &rows[_i].decision);
	ck_assert_str_eq(text.text, rows[_i].message);
}
END_TEST

static void assert_hint(const char *const *argv, const char *hint)
{
	static const struct decision decision = { .reason = REASON_IMPLICIT_PRIVSEP };
	const struct request request = { .argv = argv, .argc = 2 };
	CLEANUP(strbuf_free) struct strbuf text = { 0 };

	denial_append_message(&text, &request, &decision);
	assert_contains(text.text, hint);
}

START_TEST(the_filter_that_is_missing_for_a_privsep_helper_is_told)
{
	static const char *const argv[] = { "privsep-helper", "--a", NULL };
	static const char *const not_utf8[] = { "privsep-helper", "\377", NULL };

	assert_hint(argv, "(no filter matched); to allow exactly this, add to a filter file: "
			  "privsep-helper: RegExpFilter");
	assert_hint(not_utf8, "$'\\377' (no filter matched)");
}
END_TEST

static void fill(TCase *tcase)
{
	add_table_test(tcase, each_reason_is_told, rows);
	tcase_add_test(tcase, the_filter_that_is_missing_for_a_privsep_helper_is_told);
}

static Suite *make_suite(void)
{
	Suite *suite = suite_create("denial");

	suite_add(suite, "denial", fill);
	return suite;
}

SUITE_MAIN(make_suite)
