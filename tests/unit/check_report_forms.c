#include <time.h>

#include "ctl/report_output.h"
#include "report/when.h"
#include "trail.h"

#define AT(seconds) ((int64_t)(1795671261 + (seconds)) * WHEN_SECOND)

static struct totals totals;
static struct strbuf text;

static void setup(void)
{
	ck_assert_int_eq(setenv("TZ", "UTC-1", 1), 0);
	tzset();
	totals_start(&totals, TOTALS_BY_FILTER);
}

static void teardown(void)
{
	totals_free(&totals);
	strbuf_free(&text);
	trail_free();
}

static void add(int64_t time, const char *head, const char *command)
{
	trail_add(&totals, time, head, command);
}

static void add_trail(void)
{
	add(AT(0), "allow id=1 filter=ip", "ip link show 'a b'");
	add(AT(1), "allow id=2 filter=ip", "ip addr");
	add(AT(2), "exit id=1 filter=ip status=2 signal=- ms=31", "");
	add(AT(3), "deny id=3 filter=- reason=no-match", "rm -rf '/x y'");
	totals.damaged = 2;
	totals.other_lines = 5;
	totals_finish(&totals);
}

/* The text with " for each `, which no expected text has otherwise. */
static const char *json(const char *expected)
{
	char *copy = arena_string(&trail_arena, expected);

	for (char *c = copy; *c; c++) {
		if (*c == '`')
			*c = '"';
	}
	return copy;
}

START_TEST(columns)
{
	add_trail();
	report_append_columns(&text, &totals);
	ck_assert_str_eq(text.text,
			 "total\t-\t2\t1\t0\t1\t1\t0\t31\t31\t2026-11-26T05:34:21Z\t2026-11-26T05:34:24Z\n"
			 "filter\tip\t2\t0\t0\t1\t1\t0\t31\t31\t2026-11-26T05:34:21Z\t2026-11-26T05:34:23Z\n"
			 "filter\t-\t0\t1\t0\t0\t0\t0\t0\t0\t2026-11-26T05:34:24Z\t2026-11-26T05:34:24Z\n"
			 "reason\t1\tdeny\tno-match\n"
			 "refused\t1\tdeny\tno-match\trm -rf '/x y'\n"
			 "slowest\t31\t2\t2026-11-26T05:34:23Z\tip\tip link show 'a b'\n"
			 "incomplete\t0\ndamaged\t2\nundated\t0\nother-lines\t5\n");
}
END_TEST

START_TEST(one_json_object)
{
	add_trail();
	report_append_json(&text, &totals);
	ck_assert_str_eq(
		text.text,
		json("{`total`:{`name`:null,`allowed`:2,`denied`:1,`errors`:0,`exits`:1,`failed`:1,`timed_out`:0,"
		     "`ms_total`:31,`ms_max`:31,`first`:`2026-11-26T05:34:21Z`,`last`:`2026-11-26T05:34:24Z`},"
		     "`by`:`filter`,`groups`:[{`name`:`ip`,`allowed`:2,`denied`:0,`errors`:0,`exits`:1,`failed`:1,"
		     "`timed_out`:0,`ms_total`:31,`ms_max`:31,`first`:`2026-11-26T05:34:21Z`,"
		     "`last`:`2026-11-26T05:34:23Z`},{`name`:null,`allowed`:0,`denied`:1,`errors`:0,`exits`:0,"
		     "`failed`:0,`timed_out`:0,`ms_total`:0,`ms_max`:0,`first`:`2026-11-26T05:34:24Z`,"
		     "`last`:`2026-11-26T05:34:24Z`}],`others`:null,"
		     "`reasons`:[{`count`:1,`record`:`deny`,`reason`:`no-match`}],`other_reasons`:0,"
		     "`refused`:[{`count`:1,`record`:`deny`,`reason`:`no-match`,`command`:`rm -rf '/x y'`}],"
		     "`other_refused`:0,"
		     "`slowest`:[{`ms`:31,`status`:`2`,`time`:`2026-11-26T05:34:23Z`,`filter`:`ip`,"
		     "`command`:`ip link show 'a b'`}],"
		     "`incomplete`:0,`damaged`:2,`undated`:0,`other_lines`:5}\n"));
}
END_TEST

START_TEST(csv)
{
	add_trail();
	report_append_csv(&text, &totals);
	ck_assert_str_eq(text.text,
			 "filter,allowed,denied,errors,exits,failed,timed_out,ms_total,ms_max,first,last\r\n"
			 "ip,2,0,0,1,1,0,31,31,2026-11-26T05:34:21Z,2026-11-26T05:34:23Z\r\n"
			 ",0,1,0,0,0,0,0,0,2026-11-26T05:34:24Z,2026-11-26T05:34:24Z\r\n");
}
END_TEST

START_TEST(table)
{
	add_trail();
	report_append_table(&text, &totals, 80);
	ck_assert_str_eq(text.text,
			 "allowed 2, denied 1, errors 0, exits 1, failed 1\n"
			 "from 2026-11-26 06:34:21 to 2026-11-26 06:34:24\n"
			 "\n"
			 "FILTER        ALLOWED  DENIED  EXITS  FAILED  MS  LONGEST MS\n"
			 "ip                  2       0      1       1  31          31  ##################\n"
			 "-                   0       1      0       0   0           0  #########\n"
			 "\n"
			 "REASONS\n"
			 "         1  deny no-match\n"
			 "\n"
			 "REFUSED MOST OFTEN\n"
			 "         1  deny no-match  rm -rf '/x y'\n"
			 "\n"
			 "SLOWEST (ms, status, filter, command)\n"
			 "        31  2  ip  ip link show 'a b'\n"
			 "\n"
			 "NOT COUNTED, OR NOT WHOLE\n"
			 "         2  damaged lines\n"
			 "         5  lines of other programs\n");
}
END_TEST

START_TEST(nothing_is_a_report_too)
{
	totals_finish(&totals);
	report_append_table(&text, &totals, 80);
	ck_assert_str_eq(text.text, "allowed 0, denied 0, errors 0\n");
	text.length = 0;
	report_append_columns(&text, &totals);
	assert_contains(text.text, "total\t-\t0\t0\t0\t0\t0\t0\t0\t0\t-\t-\n");
}
END_TEST

/* Fills all that a report has with what a caller can choose. */
static void add_hostile(void)
{
	static char bytes[256];
	static struct entry_field fields[] = {
		{ "filter", bytes }, { "reason", bytes }, { "signal", bytes }, { "ms", "999999999999999999" },
		{ "user", bytes }, { bytes, bytes },
	};
	static const char *words[] = { bytes, bytes, NULL };
	static const char *const kinds[] = { "allow", "deny", "error", "exit", "more" };

	for (int i = 0; i < 255; i++)
		bytes[i] = (char)(i + 1);
	for (size_t i = 0; i < ARRAY_LENGTH(kinds); i++) {
		struct assembled record = {
			.entry = { .time = INT64_MAX - 1, .kind = kinds[i], .id = bytes, .fields = fields,
				   .field_count = ARRAY_LENGTH(fields), .words = words, .word_count = 2 },
			.parts = 3, .missing = 1,
		};

		totals_add(&totals, &record);
		report_append_record(&text, &record, false);
		report_append_record(&text, &record, true);
	}
	for (int i = 0; i < 50; i++)
		add(AT(0), arena_format(&trail_arena, "allow id=1 filter=%d%s", i, bytes + 32), "x");
	totals_finish(&totals);
}

static void assert_printable(const char *also)
{
	bool printable = true;

	for (size_t i = 0; i < text.length; i++) {
		char c = text.text[i];

		printable = printable && ((c >= 0x20 && c <= 0x7e) || (c != '\0' && strchr(also, c)));
	}
	ck_assert(printable);
	text.length = 0;
}

START_TEST(no_form_lets_a_byte_through)
{
	add_hostile();
	assert_printable("");
	report_append_columns(&text, &totals);
	assert_printable("\t\n");
	report_append_csv(&text, &totals);
	assert_printable("\r\n");
	report_append_json(&text, &totals);
	assert_printable("\n");
	report_append_table(&text, &totals, 80);
	assert_printable("\n");
}
END_TEST

static const size_t widths[] = { 40, 60, 80, 120, 200, 1000 };

START_TEST(table_is_as_wide_as_the_terminal)
{
	const char *line;
	size_t longest = 0;

	add_hostile();
	text.length = 0;
	report_append_table(&text, &totals, widths[_i]);
	for (line = text.text; *line; line += strcspn(line, "\n") + 1) {
		size_t length = strcspn(line, "\n");

		longest = length > longest ? length : longest;
	}
	ck_assert_uint_le(longest, widths[_i]);
	ck_assert_uint_gt(longest, widths[_i] - 12);
	ck_assert_msg(strstr(text.text, "and 21 more\n") != NULL, "of 51 groups 30 are shown");
}
END_TEST

START_TEST(bars_show_even_the_smallest)
{
	for (int i = 0; i < 1000; i++)
		add(AT(0), "allow id=1 filter=often", "x");
	add(AT(0), "allow id=2 filter=seldom", "x");
	totals_finish(&totals);
	report_append_table(&text, &totals, 60);
	assert_contains(text.text, "often            1000  2026-11-26 06:34:21  ################\n");
	assert_contains(text.text, "seldom              1  2026-11-26 06:34:21  #\n");
}
END_TEST

START_TEST(wide_table_has_times)
{
	add_trail();
	report_append_table(&text, &totals, 130);
	assert_contains(text.text, "  FIRST                LAST\n");
	assert_contains(text.text, "31  2026-11-26 06:34:21  2026-11-26 06:34:23  ####");
}
END_TEST

START_TEST(what_had_no_room_is_shown)
{
	totals.groups.limit = 1;
	add_trail();
	report_append_columns(&text, &totals);
	assert_contains(text.text, "\nfilter\t(others)\t0\t1\t0\t0\t");
	report_append_csv(&text, &totals);
	assert_contains(text.text, "\r\n\"(others)\",0,1,0,");
	report_append_json(&text, &totals);
	assert_contains(text.text, json("`others`:{`name`:null,`allowed`:0,`denied`:1,"));
	report_append_table(&text, &totals, 80);
	assert_contains(text.text, "\n(others)            0       1 ");
}
END_TEST

START_TEST(refusals_that_had_no_room_are_shown)
{
	totals.reasons.limit = totals.refusals.limit = 1;
	add_trail();
	add(AT(4), "deny id=4 filter=- reason=bad-filter", "mv");
	add(AT(5), "error id=5 filter=- reason=exec-failed", "cp");
	report_append_columns(&text, &totals);
	assert_contains(text.text, "\nreason\t1\tdeny\tno-match\nreason\t2\t-\t(others)\n"
				   "refused\t1\tdeny\tno-match\trm -rf '/x y'\nrefused\t2\t-\t-\t(others)\n");
	report_append_json(&text, &totals);
	assert_contains(text.text, json("],`other_reasons`:2,`refused`:"));
	assert_contains(text.text, json("],`other_refused`:2,`slowest`:"));
	report_append_table(&text, &totals, 80);
	assert_contains(text.text, "\n         1  deny no-match\n         2  (others)\n");
	assert_contains(text.text, "  rm -rf '/x y'\n         2  (others)\n");
	assert_contains(text.text, "\n         2  refusals not told apart: too many different commands\n");
}
END_TEST

static const struct {
	const char *text;
	const char *cell;
} cells[] = {
	{ "", "" }, { "ip", "ip" }, { "/a/b.c:3", "/a/b.c:3" }, { "'a b'", "\"'a b'\"" }, { "a,b", "\"a,b\"" },
	{ "a\"b", "\"a\"\"b\"" }, { "a;b", "\"a;b\"" },
	/* no formula, whatever a spreadsheet reads */
	{ "=1+1", "\"'=1+1\"" }, { "+1", "\"'+1\"" }, { "-1", "'-1" }, { "@SUM", "\"'@SUM\"" }, { "=", "\"'=\"" },
	{ "a=b", "\"a=b\"" }, { "\t=1", "\"'\t=1\"" },
};

START_TEST(cell_is_no_formula)
{
	report_append_cell(&text, cells[_i].text);
	ck_assert_str_eq(strbuf_text(&text), cells[_i].cell);
}
END_TEST

static const char head[] = "deny id=5f2c91a07be4 user=svc uid=1001 auid=- mode=0770 ppid=007 argc=3";

START_TEST(record_as_text)
{
	struct assembled record = trail_record(AT(0) + 5, head, "rm '/x y' $'\\012'");

	report_append_record(&text, &record, false);
	ck_assert_str_eq(text.text,
			 "2026-11-26T05:34:21.000005Z - privsep-wrap: deny id=5f2c91a07be4 user=svc uid=1001 "
			 "auid=- mode=0770 ppid=007 argc=3 cmd=rm '/x y' $'\\012'");
	text.length = 0;
	record.entry.time = ENTRY_NO_TIME;
	record.parts = 5;
	record.missing = 2;
	report_append_record(&text, &record, false);
	ck_assert_str_eq(text.text, "deny id=5f2c91a07be4 user=svc uid=1001 auid=- mode=0770 ppid=007 argc=3 "
				    "incomplete=2/5 cmd=rm '/x y' $'\\012'");
}
END_TEST

START_TEST(record_as_json)
{
	struct assembled record = trail_record(AT(0) + 5, head, "rm '/x y' $'\\012'");

	report_append_record(&text, &record, true);
	ck_assert_str_eq(text.text, json("{`time`:`2026-11-26T05:34:21.000005Z`,`record`:`deny`,`id`:`5f2c91a07be4`,"
					 "`user`:`svc`,`uid`:1001,`auid`:null,`mode`:`0770`,`ppid`:`007`,`argc`:3,"
					 "`cmd`:[`rm`,`/x y`,`\\u000a`]}"));
	text.length = 0;
	record.entry.time = ENTRY_NO_TIME;
	record.parts = 5;
	record.missing = 2;
	report_append_record(&text, &record, true);
	assert_contains(text.text, json("{`time`:null,`record`:`deny`,"));
	assert_contains(text.text, json("`argc`:3,`missing`:2,`parts`:5,`cmd`:[`rm`"));
}
END_TEST

/* A caller may be named like that: it must not pass for nobody. */
START_TEST(hyphen_is_no_unknown_value)
{
	struct assembled record = trail_record(ENTRY_NO_TIME, "exit id=1", "");
	const struct entry_field fields[] = { { "filter", "-" }, { "signal", NULL } };

	record.entry.fields = fields;
	record.entry.field_count = ARRAY_LENGTH(fields);
	report_append_record(&text, &record, false);
	ck_assert_str_eq(text.text, "exit id=1 filter='-' signal=-");
	totals_add(&totals, &record);
	report_append_columns(&text, &totals);
	assert_contains(text.text, "\nfilter\t'-'\t0\t");
}
END_TEST

START_TEST(exit_has_no_command)
{
	struct assembled record = trail_record(ENTRY_NO_TIME, "exit id=1 filter=f status=0 signal=- ms=6", "");

	report_append_record(&text, &record, false);
	ck_assert_str_eq(text.text, "exit id=1 filter=f status=0 signal=- ms=6");
	text.length = 0;
	report_append_record(&text, &record, true);
	ck_assert_str_eq(text.text, json("{`time`:null,`record`:`exit`,`id`:`1`,`filter`:`f`,`status`:0,`signal`:null,"
					 "`ms`:6}"));
}
END_TEST

static void fill(TCase *tcase)
{
	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_test(tcase, columns);
	tcase_add_test(tcase, one_json_object);
	tcase_add_test(tcase, csv);
	tcase_add_test(tcase, table);
	tcase_add_test(tcase, nothing_is_a_report_too);
	tcase_add_test(tcase, no_form_lets_a_byte_through);
	add_table_test(tcase, table_is_as_wide_as_the_terminal, widths);
	tcase_add_test(tcase, bars_show_even_the_smallest);
	tcase_add_test(tcase, wide_table_has_times);
	tcase_add_test(tcase, what_had_no_room_is_shown);
	tcase_add_test(tcase, refusals_that_had_no_room_are_shown);
	add_table_test(tcase, cell_is_no_formula, cells);
	tcase_add_test(tcase, record_as_text);
	tcase_add_test(tcase, record_as_json);
	tcase_add_test(tcase, hyphen_is_no_unknown_value);
	tcase_add_test(tcase, exit_has_no_command);
}

static Suite *make_suite(void)
{
	Suite *suite = suite_create("report forms");

	suite_add(suite, "report forms", fill);
	return suite;
}

SUITE_MAIN(make_suite)
