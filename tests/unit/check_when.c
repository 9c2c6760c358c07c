#include <time.h>

#include "report/when.h"
#include "suite.h"

#define SECONDS(number) ((int64_t)(number) * WHEN_SECOND)

/* Thursday, 2026-11-26 05:34:21.5 UTC */
static const int64_t now = SECONDS(1795671261) + 500000;

/* The end of summer time in 2026 is on October 25. */
static const char berlin[] = "CET-1CEST,M3.5.0,M10.5.0/3";

static void set_zone(const char *zone)
{
	ck_assert_int_eq(setenv("TZ", zone, 1), 0);
	tzset();
}

static const struct {
	const char *zone;
	const char *text;
	int64_t time;
} rows[] = {
	{ "UTC0", "2026-11-26", SECONDS(1795651200) },
	{ "UTC0", "2026-11-26 05:34", SECONDS(1795671240) },
	{ "UTC0", "2026-11-26T05:34:21", SECONDS(1795671261) },
	{ "UTC0", "2026-11-26 05:34:21.5", SECONDS(1795671261) + 500000 },
	{ "UTC0", "2026-11-26T05:34:21.000001Z", SECONDS(1795671261) + 1 },
	{ "UTC0", "2026-11-26T05:34:21.1234567890", SECONDS(1795671261) + 123456 },
	/* a zone that is written holds, whatever the local one is */
	{ berlin, "2026-11-26T05:34:21Z", SECONDS(1795671261) },
	{ berlin, "2026-11-26T06:34:21+01:00", SECONDS(1795671261) },
	{ berlin, "2026-11-26T06:34:21+0100", SECONDS(1795671261) },
	{ berlin, "2026-11-26T00:04:21.25-05:30", SECONDS(1795671261) + 250000 },
	{ berlin, "2026-11-26 05:34Z", SECONDS(1795671240) },
	/* the local one otherwise, in summer and in winter */
	{ berlin, "2026-11-26", SECONDS(1795647600) },
	{ berlin, "2026-11-26T06:34:21", SECONDS(1795671261) },
	{ berlin, "2026-07-01 02:00", SECONDS(1782864000) },
	/* days as the calendar has them */
	{ "UTC0", "2024-02-29", SECONDS(1709164800) },
	{ "UTC0", "2000-02-29", SECONDS(951782400) },
	{ "UTC0", "1970-01-01", 0 },
	{ "UTC0", "9999-12-31T23:59:59Z", SECONDS(253402300799) },
	{ "UTC-1", "1970-01-01T00:59:59", SECONDS(-1) },
	{ "UTC0", "@0", 0 },
	{ "UTC0", "@1795671261", SECONDS(1795671261) },
	{ "UTC0", "@1795671261.000250", SECONDS(1795671261) + 250 },
	{ "UTC0", "now", SECONDS(1795671261) + 500000 },
	{ "UTC0", "today", SECONDS(1795651200) },
	{ "UTC0", "yesterday", SECONDS(1795564800) },
	{ berlin, "today", SECONDS(1795647600) },
	{ "UTC0", "0s", SECONDS(1795671261) + 500000 },
	{ "UTC0", "90s", SECONDS(1795671171) + 500000 },
	{ "UTC0", "15m", SECONDS(1795670361) + 500000 },
	{ "UTC0", "2h", SECONDS(1795664061) + 500000 },
	{ "UTC0", "7d", SECONDS(1795066461) + 500000 },
};

START_TEST(time_is_read)
{
	struct error error;
	int64_t time = -1;

	set_zone(rows[_i].zone);
	ck_assert_msg(when_parse(rows[_i].text, now, &time, &error) == 0, "%s: %s", rows[_i].text, error.text);
	ck_assert_msg(time == rows[_i].time, "%s: %lld, not %lld", rows[_i].text, (long long)time,
		      (long long)rows[_i].time);
}
END_TEST

static const char *const wrong[] = {
	"", " ", "x", "26.11.2026", "2026", "2026-11", "2026-11-", "2026-11-2", "2026-11-266", "26-11-26",
	"2026-00-01", "2026-13-01", "2026-11-00", "2026-11-31", "2026-02-29", "1900-02-29", "2100-02-29",
	"1969-12-31", "10000-01-01", "2026/11/26", "2026-11-26T", "2026-11-26 ", "2026-11-26T05", "2026-11-26T5:34",
	"2026-11-26T24:00", "2026-11-26T05:60", "2026-11-26T05:34:60", "2026-11-26T05:34:", "2026-11-26T05:34:2",
	"2026-11-26T05:34:21.", "2026-11-26T05:34:21.x", "2026-11-26T05:34.5", "2026-11-26Z", "2026-11-26T05:34:21z",
	"2026-11-26T05:34:21+", "2026-11-26T05:34:21+1", "2026-11-26T05:34:21+01:60", "2026-11-26T05:34:21+15:00",
	"2026-11-26T05:34:21+01:00Z", "2026-11-26T05:34:21 Z", " 2026-11-26", "2026-11-26\n", "@", "@x", "@-1",
	"@1795671261x", "@1795671261.", "@1795671261000", "@1795671261000000000000000", "5", "s", "5 m", "5M", "5min",
	"5mm", "-5m", "+5m", "1.5h", "1h30m", "99999999999999999999s", "999999999999d", "tomorrow", "Today", "now ",
};

START_TEST(wrong_time_is_refused)
{
	struct error error = { "" };
	int64_t time;

	set_zone("UTC0");
	ck_assert_msg(when_parse(wrong[_i], now, &time, &error) == -1, "%s", wrong[_i]);
	assert_contains(error.text, "is not a time: write 2026-11-26,");
	assert_contains(error.text, "7d");
}
END_TEST

/* What a person pasted does not move the cursor. */
START_TEST(error_quotes_the_text)
{
	struct error error;
	int64_t time;

	ck_assert_int_eq(when_parse("\033[2J", now, &time, &error), -1);
	assert_contains(error.text, "$'\\033[2J' is not a time");
}
END_TEST

/* The day after the end of summer time was 25 hours long. */
START_TEST(yesterday_is_a_day_of_the_calendar)
{
	struct error error;
	int64_t time;

	set_zone(berlin);
	ck_assert_int_eq(when_parse("yesterday", SECONDS(1793012400) /* 2026-10-26 12:00 */, &time, &error), 0);
	ck_assert_int_eq(time, SECONDS(1792879200));
}
END_TEST

static const struct {
	int64_t time;
	const char *utc;
	const char *exact;
	const char *local;
} written[] = {
	{ 0, "1970-01-01T00:00:00Z", "1970-01-01T00:00:00.000000Z", "1970-01-01 01:00:00" },
	{ SECONDS(1795671261) + 42, "2026-11-26T05:34:21Z", "2026-11-26T05:34:21.000042Z", "2026-11-26 06:34:21" },
	{ -1, "1969-12-31T23:59:59Z", "1969-12-31T23:59:59.999999Z", "1970-01-01 00:59:59" },
};

START_TEST(time_is_written)
{
	CLEANUP(strbuf_free) struct strbuf utc = { 0 };
	CLEANUP(strbuf_free) struct strbuf exact = { 0 };
	CLEANUP(strbuf_free) struct strbuf local = { 0 };

	set_zone(berlin);
	when_append_utc(&utc, written[_i].time);
	when_append_exact(&exact, written[_i].time);
	when_append_local(&local, written[_i].time);
	ck_assert_str_eq(utc.text, written[_i].utc);
	ck_assert_str_eq(exact.text, written[_i].exact);
	ck_assert_str_eq(local.text, written[_i].local);
}
END_TEST

/* A log can hold any number. */
START_TEST(any_time_can_be_written)
{
	CLEANUP(strbuf_free) struct strbuf text = { 0 };

	when_append_exact(&text, INT64_MAX);
	when_append_local(&text, INT64_MAX);
	when_append_exact(&text, INT64_MIN + 1);
	when_append_local(&text, INT64_MIN + 1);
	ck_assert_uint_gt(text.length, 80);
}
END_TEST

static void fill(TCase *tcase)
{
	add_table_test(tcase, time_is_read, rows);
	add_table_test(tcase, wrong_time_is_refused, wrong);
	tcase_add_test(tcase, error_quotes_the_text);
	tcase_add_test(tcase, yesterday_is_a_day_of_the_calendar);
	add_table_test(tcase, time_is_written, written);
	tcase_add_test(tcase, any_time_can_be_written);
}

static Suite *make_suite(void)
{
	Suite *suite = suite_create("when");

	suite_add(suite, "when", fill);
	return suite;
}

SUITE_MAIN(make_suite)
