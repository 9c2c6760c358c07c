#include "ctl/report.h"
#include "report/when.h"
#include "suite.h"

static struct report_options options;
static struct error error;

enum { MAX_WORDS = 16 };

static const int64_t now = (int64_t)1795671261 * WHEN_SECOND;

/* Words with one blank between them. */
static int read_line(const char *line)
{
	static char text[256];
	static char *words[MAX_WORDS + 1];
	int count = 0;

	snprintf(text, sizeof(text), "%s", line);
	for (char *word = strtok(text, " "); word && count < MAX_WORDS; word = strtok(NULL, " "))
		words[count++] = word;
	words[count] = NULL;
	return report_read_options(count, words, now, &options, &error);
}

START_TEST(nothing_written)
{
	ck_assert_int_eq(read_line("log"), 0);
	ck_assert_int_eq(options.since, INT64_MIN);
	ck_assert_int_eq(options.until, INT64_MAX);
	ck_assert_int_eq(options.by, TOTALS_BY_FILTER);
	ck_assert_int_eq(options.format, REPORT_TEXT);
	ck_assert(!options.denied && !options.reassemble && !options.unused && !options.assume_programs);
	ck_assert_uint_eq(options.file_count, 1);
	ck_assert_str_eq(options.files[0], "log");
	ck_assert_int_eq(options.now, now);
}
END_TEST

START_TEST(each_option_is_taken)
{
	ck_assert_int_eq(read_line("--since 2h --until=@1795671261.5 --by user --denied --json a - b"), 0);
	ck_assert_int_eq(options.since, now - (int64_t)7200 * WHEN_SECOND);
	ck_assert_int_eq(options.until, now + WHEN_SECOND / 2);
	ck_assert_int_eq(options.by, TOTALS_BY_USER);
	ck_assert_int_eq(options.format, REPORT_JSON);
	ck_assert(options.denied);
	ck_assert_uint_eq(options.file_count, 3);
	ck_assert_str_eq(options.files[1], "-");
	ck_assert_str_eq(options.files[2], "b");
	ck_assert_int_eq(read_line("--by=command --unused conf --csv --assume-programs log"), 0);
	ck_assert_int_eq(options.by, TOTALS_BY_COMMAND);
	ck_assert_str_eq(options.unused, "conf");
	ck_assert_int_eq(options.format, REPORT_CSV);
	ck_assert(options.assume_programs);
	ck_assert_int_eq(read_line("--reassemble --json --by unit log"), 0);
	ck_assert(options.reassemble);
	ck_assert_int_eq(options.by, TOTALS_BY_UNIT);
}
END_TEST

/* Options may follow the files, but nothing after "--" is one. */
START_TEST(options_and_files_may_be_mixed)
{
	ck_assert_int_eq(read_line("a --denied b --csv -- --json --"), 0);
	ck_assert(options.denied);
	ck_assert_int_eq(options.format, REPORT_CSV);
	ck_assert_uint_eq(options.file_count, 4);
	ck_assert_str_eq(options.files[1], "b");
	ck_assert_str_eq(options.files[2], "--json");
	ck_assert_str_eq(options.files[3], "--");
}
END_TEST

static const struct {
	const char *line;
	const char *error;
} wrong[] = {
	{ "--x log", "unknown option --x" },
	{ "-x log", "unknown option -x" },
	{ "--sinc 2h log", "unknown option --sinc" },
	{ "--=2h log", "unknown option --=2h" },
	{ "--\033[2J", "unknown option $'--\\033[2J'" },
	{ "--since", "the value of --since is missing" },
	{ "log --by", "the value of --by is missing" },
	{ "--denied=yes log", "--denied takes no value" },
	{ "--since= log", "'' is not a time" },
	{ "--since soon log", "soon is not a time" },
	{ "--until 2026-02-30 log", "2026-02-30 is not a time" },
	{ "--by host log", "--by takes filter, user, unit or command" },
	{ "--by Filter log", "--by takes filter, user, unit or command" },
	{ "--json --csv log", "--json and --csv exclude each other" },
	{ "--since now --until 2h log", "--since must be before --until" },
	{ "--since now --until now log", "--since must be before --until" },
	{ "--reassemble --csv log", "--reassemble prints text" },
	{ "--reassemble --unused conf log", "exclude each other" },
	{ "--denied --unused conf log", "--denied leaves out" },
};

START_TEST(wrong_line_is_refused)
{
	ck_assert_msg(read_line(wrong[_i].line) == -1, "%s", wrong[_i].line);
	assert_contains(error.text, wrong[_i].error);
}
END_TEST

START_TEST(standard_input_is_the_default)
{
	ck_assert_ptr_nonnull(freopen("/dev/null", "r", stdin));
	ck_assert_int_eq(read_line(""), 0);
	ck_assert_uint_eq(options.file_count, 1);
	ck_assert_str_eq(options.files[0], "-");
}
END_TEST

static void fill(TCase *tcase)
{
	tcase_add_test(tcase, nothing_written);
	tcase_add_test(tcase, each_option_is_taken);
	tcase_add_test(tcase, options_and_files_may_be_mixed);
	add_table_test(tcase, wrong_line_is_refused, wrong);
	tcase_add_test(tcase, standard_input_is_the_default);
}

static Suite *make_suite(void)
{
	Suite *suite = suite_create("report options");

	suite_add(suite, "report options", fill);
	return suite;
}

SUITE_MAIN(make_suite)
