#include "report/timestamp.h"

#include <time.h>

#include "suite.h"

#define NONE INT64_MIN
#define SECONDS(seconds) ((seconds) * INT64_C(1000000))

/* 2026-11-26 12:00:00 UTC */
#define NOON SECONDS(1795694400)

static const char utc[] = "UTC0";
static const char berlin[] = "CET-1CEST,M3.5.0,M10.5.0/3";

static const struct {
	const char *zone;
	int64_t now;
	const char *text;
	const char *rest; /* after the time */
	int64_t time;
} rows[] = {
	{ utc, NOON, "Nov 26 05:34:21 host", " host", SECONDS(1795671261) },
	{ utc, NOON, "Nov  6 05:34:21 host", " host", SECONDS(1793943261) },
	{ utc, NOON, "Nov 06 05:34:21", "", SECONDS(1793943261) },
	{ utc, NOON, "Nov 26 05:34:21.123456 host", " host", SECONDS(1795671261) + 123456 },
	{ berlin, NOON, "Nov 26 05:34:21 host", " host", SECONDS(1795667661) },
	/* the year: at most a day after now */
	{ utc, NOON, "Nov 27 12:00:00", "", SECONDS(1795780800) },
	{ utc, NOON, "Nov 27 12:00:01", "", SECONDS(1764244801) },
	{ utc, NOON, "Nov 28 12:00:00", "", SECONDS(1764331200) },
	{ utc, SECONDS(1798804800), "Dec 31 23:59:59", "", SECONDS(1798761599) },
	{ utc, SECONDS(1798761599), "Jan  1 00:00:01", "", SECONDS(1798761601) },
	{ utc, NOON, "Feb 29 12:00:00", "", SECONDS(1709208000) },
	{ utc, NOON, "2026-11-26T05:34:21Z host", " host", SECONDS(1795671261) },
	{ utc, NOON, "2026-11-26T05:34:21.123456Z host", " host", SECONDS(1795671261) + 123456 },
	{ utc, NOON, "2026-11-26T05:34:21.5Z", "", SECONDS(1795671261) + 500000 },
	{ utc, NOON, "2026-11-26T05:34:21,5Z", "", SECONDS(1795671261) + 500000 },
	{ utc, NOON, "2026-11-26T05:34:21.123456789Z", "", SECONDS(1795671261) + 123456 },
	{ berlin, NOON, "2026-11-26T05:34:21Z", "", SECONDS(1795671261) },
	{ berlin, NOON, "2026-11-26T05:34:21", "", SECONDS(1795667661) },
	{ utc, NOON, "2026-11-26T05:34:21+01:00 host", " host", SECONDS(1795667661) },
	{ utc, NOON, "2026-11-26T05:34:21+0100 host", " host", SECONDS(1795667661) },
	{ utc, NOON, "2026-11-26T05:34:21+01 host", " host", SECONDS(1795667661) },
	{ utc, NOON, "2026-11-26T04:04:21-01:30 host", " host", SECONDS(1795671261) },
	{ utc, NOON, "2026-11-26T05:34:21.25+0000 host", " host", SECONDS(1795671261) + 250000 },
	{ utc, NOON, "2024-02-29T12:00:00Z", "", SECONDS(1709208000) },
	{ utc, NOON, "1970-01-01T00:00:00Z", "", 0 },
	{ utc, NOON, "9999-12-31T23:59:59Z", "", SECONDS(253402300799) },
	{ utc, NOON, "2026-11-26T05:33:60Z", "", SECONDS(1795671240) },
	{ berlin, NOON, "Thu 2026-11-26 05:34:21 UTC host", " host", SECONDS(1795671261) },
	{ berlin, NOON, "Thu 2026-11-26 05:34:21 CET host", " host", SECONDS(1795667661) },
	{ berlin, NOON, "Thu 2026-11-26 05:34:21.000007 CET host", " host", SECONDS(1795667661) + 7 },
	{ utc, NOON, "", "", NONE },
	{ utc, NOON, "host privsep-wrap[1]: x", "", NONE },
	{ utc, NOON, "Nov", "", NONE },
	{ utc, NOON, "Nov 26", "", NONE },
	{ utc, NOON, "Nov 26 ", "", NONE },
	{ utc, NOON, "Nov 26 05:34", "", NONE },
	{ utc, NOON, "Nov 26 05:34:2", "", NONE },
	{ utc, NOON, "Nov 6 05:34:21", "", NONE },
	{ utc, NOON, "Nov  26 05:34:21", "", NONE },
	{ utc, NOON, "nov 26 05:34:21", "", NONE },
	{ utc, NOON, "Nov 31 05:34:21", "", NONE },
	{ utc, NOON, "Feb 30 05:34:21", "", NONE },
	{ utc, NOON, "Nov  0 05:34:21", "", NONE },
	{ utc, NOON, "Nov 26 24:34:21", "", NONE },
	{ utc, NOON, "Nov 26 05:60:21", "", NONE },
	{ utc, NOON, "Nov 26 05:34:61", "", NONE },
	{ utc, NOON, "Nov 26 05:34:21. host", "", NONE },
	{ utc, INT64_MIN, "Nov 26 05:34:21", "", NONE },
	{ utc, INT64_MAX, "Nov 26 05:34:21", "", NONE },
	{ utc, NOON, "2026-11-26", "", NONE },
	{ utc, NOON, "2026-11-26 05:34:21Z", "", NONE },
	{ utc, NOON, "2026-13-26T05:34:21Z", "", NONE },
	{ utc, NOON, "2026-00-26T05:34:21Z", "", NONE },
	{ utc, NOON, "2026-11-31T05:34:21Z", "", NONE },
	{ utc, NOON, "2025-02-29T05:34:21Z", "", NONE },
	{ utc, NOON, "1969-12-31T05:34:21Z", "", NONE },
	{ utc, NOON, "0000-01-01T00:00:00Z", "", NONE },
	{ utc, NOON, "12026-11-26T05:34:21Z", "", NONE },
	{ utc, NOON, "2026-11-26T05:34:21+1", "", NONE },
	{ utc, NOON, "2026-11-26T05:34:21+24:00", "", NONE },
	{ utc, NOON, "2026-11-26T05:34:21+01:60", "", NONE },
	{ utc, NOON, "2026-11-26T05:34:21+01:", "", NONE },
	{ utc, NOON, "2026-11-26T05:34:21.Z", "", NONE },
	{ utc, NOON, "Thu 2026-11-26 05:34:21", "", NONE },
	{ utc, NOON, "Thu 2026-11-26 05:34:21  host", "", NONE },
	{ utc, NOON, "Thu 2026-11-31 05:34:21 UTC host", "", NONE },
};

START_TEST(reads_a_time)
{
	int64_t time = NONE;
	size_t length;

	setenv("TZ", rows[_i].zone, 1);
	tzset();
	length = timestamp_read(rows[_i].text, rows[_i].now, &time);
	if (rows[_i].time == NONE) {
		ck_assert_uint_eq(length, 0);
		return;
	}
	ck_assert_str_eq(rows[_i].text + length, rows[_i].rest);
	ck_assert_int_eq(time, rows[_i].time);
}
END_TEST

static void fill(TCase *tcase)
{
	add_table_test(tcase, reads_a_time, rows);
}

static Suite *make_suite(void)
{
	Suite *suite = suite_create("timestamp");

	suite_add(suite, "timestamp", fill);
	return suite;
}

SUITE_MAIN(make_suite)
