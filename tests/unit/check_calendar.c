#include <stdlib.h>

#include "report/calendar.h"
#include "suite.h"

static const struct {
	int year, month, day;
	bool has;
} days[] = {
	{ 2026, 1, 1, true },    { 2026, 1, 31, true },   { 2026, 1, 32, false }, { 2026, 4, 31, false },
	{ 2026, 2, 28, true },   { 2026, 2, 29, false },  { 2024, 2, 29, true },  { 2024, 2, 30, false },
	{ 2000, 2, 29, true },   { 1900, 2, 29, false },  { 2026, 0, 1, false },  { 2026, 13, 1, false },
	{ 2026, -1, 1, false },  { 2026, 12, 31, true },  { 2026, 12, 0, false }, { 2026, 12, -1, false },
};

START_TEST(has_a_day_or_not)
{
	ck_assert_int_eq(calendar_has(days[_i].year, days[_i].month, days[_i].day), days[_i].has);
}
END_TEST

START_TEST(counts_the_seconds)
{
	struct tm first = { .tm_year = 70, .tm_mday = 1, .tm_hour = 1 };
	struct tm before = { .tm_year = 69, .tm_mon = 11, .tm_mday = 31, .tm_hour = 23, .tm_min = 59, .tm_sec = 59 };
	int64_t seconds;

	setenv("TZ", "TEST-1", 1);
	tzset();
	ck_assert(calendar_seconds(&first, true, &seconds));
	ck_assert_int_eq(seconds, 0);
	ck_assert(calendar_seconds(&first, false, &seconds));
	ck_assert_int_eq(seconds, 3600);
	ck_assert_msg(calendar_seconds(&before, false, &seconds), "the second before 1970 is no error");
	ck_assert_int_eq(seconds, -1);
}
END_TEST

static void fill(TCase *tcase)
{
	add_table_test(tcase, has_a_day_or_not, days);
	tcase_add_test(tcase, counts_the_seconds);
}

static Suite *make_suite(void)
{
	Suite *suite = suite_create("calendar");

	suite_add(suite, "calendar", fill);
	return suite;
}

SUITE_MAIN(make_suite)
