#include "trail.h"

static struct totals totals;

static void setup(void)
{
	totals_start(&totals, TOTALS_BY_FILTER);
}

static void teardown(void)
{
	totals_free(&totals);
	trail_free();
}

static void add(int64_t time, const char *head, const char *command)
{
	trail_add(&totals, time, head, command);
}

/* The row of a key; NULL stands for unknown in any place.  The test fails if there is none. */
static const struct totals_row *row(const struct totals_table *table, const char *first, const char *second,
				    const char *third)
{
	const char *const key[TOTALS_KEY_PARTS] = { first, second, third };

	for (size_t i = 0; i < table->count; i++) {
		size_t same = 0;

		for (size_t part = 0; part < TOTALS_KEY_PARTS; part++) {
			const char *found = table->rows[i]->key[part];

			same += found && key[part] ? strcmp(found, key[part]) == 0 : found == key[part];
		}
		if (same == TOTALS_KEY_PARTS)
			return table->rows[i];
	}
	ck_abort_msg("no row %s %s %s", first ? first : "-", second ? second : "-", third ? third : "-");
	return NULL;
}

static const struct totals_row *group(const char *name)
{
	return row(&totals.groups, name, NULL, NULL);
}

/* Two requests of everybody's, a denial and an error, and how the requests ended. */
static void add_trail(void)
{
	add(10, "allow id=1 user=ann unit=a.service filter=ip src=f:1", "/sbin/ip link");
	add(20, "allow id=2 user=bob unit=- filter=mount src=f:2", "mount /x");
	add(30, "exit id=1 filter=ip status=0 signal=- ms=5", "");
	add(40, "deny id=3 user=ann unit=a.service filter=- src=- reason=no-match argc=1", "ip addr");
	add(50, "error id=4 user=- unit=- reason=bad-config", "");
	add(60, "exit id=2 filter=mount status=124 signal=- ms=7000", "");
	totals_finish(&totals);
}

START_TEST(records_are_counted)
{
	add_trail();
	ck_assert_uint_eq(totals.all.allowed, 2);
	ck_assert_uint_eq(totals.all.denied, 1);
	ck_assert_uint_eq(totals.all.errors, 1);
	ck_assert_uint_eq(totals.all.exits, 2);
	ck_assert_uint_eq(totals.all.failed, 0);
	ck_assert_uint_eq(totals.all.timed_out, 1);
	ck_assert_uint_eq(totals.all.ms_total, 7005);
	ck_assert_uint_eq(totals.all.ms_max, 7000);
	ck_assert_int_eq(totals.all.first, 10);
	ck_assert_int_eq(totals.all.last, 60);
	ck_assert_uint_eq(row(&totals.reasons, "deny", "no-match", NULL)->denied, 1);
	ck_assert_uint_eq(row(&totals.reasons, "error", "bad-config", NULL)->errors, 1);
	ck_assert_uint_eq(totals.reasons.count, 2);
}
END_TEST

static const struct {
	enum totals_by by;
	size_t groups;
	const char *name;       /* whose permission and end are counted */
	const char *refused;    /* who was denied */
	const char *failed;     /* whose error that was */
} groupings[] = {
	{ TOTALS_BY_FILTER, 3, "ip", NULL, NULL },
	{ TOTALS_BY_USER, 3, "ann", "ann", NULL },
	{ TOTALS_BY_UNIT, 2, "a.service", "a.service", NULL },
	{ TOTALS_BY_COMMAND, 3, "ip", "ip", NULL },
};

START_TEST(groups_get_their_counts)
{
	totals_start(&totals, groupings[_i].by);
	add_trail();
	ck_assert_uint_eq(totals.groups.count, groupings[_i].groups);
	ck_assert_uint_eq(group(groupings[_i].name)->allowed, 1);
	ck_assert_uint_eq(group(groupings[_i].name)->exits, 1);
	ck_assert_uint_eq(group(groupings[_i].name)->ms_total, 5);
	ck_assert_int_eq(group(groupings[_i].name)->first, 10);
	ck_assert_uint_eq(group(groupings[_i].refused)->denied, 1);
	ck_assert_uint_eq(group(groupings[_i].failed)->errors, 1);
}
END_TEST

static const struct {
	const char *end;
	uint64_t failed;
	uint64_t timed_out;
	uint64_t ms;
} ends[] = {
	{ "status=0 signal=- ms=6", 0, 0, 6 },
	{ "status=1 signal=- ms=6", 1, 0, 6 },
	{ "status=124 signal=- ms=6", 0, 1, 6 },
	{ "status=- signal=KILL ms=6", 1, 0, 6 },
	{ "status=124 signal=TERM ms=6", 0, 1, 6 },
	/* what nobody has measured */
	{ "status=- signal=- ms=-", 0, 0, 0 },
	{ "status=x signal=- ms=-5", 0, 0, 0 },
	{ "status=0 signal=- ms=6s", 0, 0, 0 },
	{ "status=0 signal=- ms=0x10", 0, 0, 0 },
	{ "status=0 signal=- ms=99999999999999999999", 0, 0, 0 },
	{ "status=0", 0, 0, 0 },
};

START_TEST(end_is_judged)
{
	add(1, arena_format(&trail_arena, "exit id=1 filter=f %s", ends[_i].end), "");
	ck_assert_uint_eq(totals.all.exits, 1);
	ck_assert_uint_eq(totals.all.failed, ends[_i].failed);
	ck_assert_uint_eq(totals.all.timed_out, ends[_i].timed_out);
	ck_assert_uint_eq(totals.all.ms_total, ends[_i].ms);
	ck_assert_uint_eq(totals.slowest_count, ends[_i].ms > 0);
}
END_TEST

START_TEST(sums_do_not_wrap)
{
	for (int i = 0; i < 20; i++)
		add(1, "exit id=1 filter=f status=0 signal=- ms=999999999999999999", "");
	ck_assert_uint_eq(totals.all.ms_total, UINT64_MAX);
	ck_assert_uint_eq(totals.all.ms_max, 999999999999999999);
	ck_assert_uint_eq(group("f")->exits, 20);
}
END_TEST

START_TEST(times_may_be_missing_or_out_of_order)
{
	add(ENTRY_NO_TIME, "allow id=1 filter=f", "a");
	ck_assert_int_eq(totals.all.first, ENTRY_NO_TIME);
	add(50, "allow id=2 filter=f", "a");
	add(-20, "allow id=3 filter=f", "a");
	add(30, "allow id=4 filter=f", "a");
	add(ENTRY_NO_TIME, "allow id=5 filter=f", "a");
	ck_assert_int_eq(totals.all.first, -20);
	ck_assert_int_eq(totals.all.last, 50);
}
END_TEST

/* What came of a record says who it was; the rest of one says nothing. */
START_TEST(incomplete_records_count_by_their_beginning)
{
	struct assembled denial = trail_record(1, "deny id=1 filter=- reason=no-match", "rm -r");
	struct assembled rest = trail_record(1, "more id=2", "x");

	denial.missing = rest.missing = 1;
	totals_add(&totals, &denial);
	totals_add(&totals, &rest);
	ck_assert_uint_eq(totals.incomplete, 2);
	ck_assert_uint_eq(totals.all.denied, 1);
	ck_assert_uint_eq(totals.all.allowed + totals.all.errors + totals.all.exits, 0);
	ck_assert_uint_eq(totals.groups.count, 1);
}
END_TEST

START_TEST(groups_are_in_order)
{
	static const char *const wanted[] = { "often", "a", "b", "ended" };

	for (int i = 0; i < 3; i++)
		add(1, "deny id=1 filter=often reason=bad-filter", "x");
	for (int i = 0; i < 2; i++)
		add(1, "allow id=1 filter=b", "x");
	for (int i = 0; i < 2; i++)
		add(1, "allow id=1 filter=a", "x");
	add(1, "exit id=9 filter=ended status=0 signal=- ms=1", "");
	totals_finish(&totals);
	ck_assert_uint_eq(totals.groups.count, ARRAY_LENGTH(wanted));
	for (size_t i = 0; i < ARRAY_LENGTH(wanted); i++)
		ck_assert_str_eq(totals.groups.rows[i]->key[0], wanted[i]);
}
END_TEST

static const struct {
	const char *command;
	const char *name;
} names[] = {
	{ "ip link", "ip" }, { "/usr/sbin/ip link", "ip" }, { "/usr/bin/ x", "/usr/bin/" }, { "''", "" },
	{ "$'\\033[2J'", "\033[2J" }, { "", NULL },
};

START_TEST(command_goes_by_its_base_name)
{
	totals_start(&totals, TOTALS_BY_COMMAND);
	add(1, "allow id=1", names[_i].command);
	ck_assert_uint_eq(group(names[_i].name)->allowed, 1);
}
END_TEST

/* An unknown name and an empty one are two things. */
START_TEST(unknown_is_not_empty)
{
	totals_start(&totals, TOTALS_BY_COMMAND);
	add(1, "allow id=1", "''");
	add(1, "allow id=2", "");
	ck_assert_uint_eq(totals.groups.count, 2);
}
END_TEST

START_TEST(refusals_go_by_the_command_line)
{
	add(1, "deny id=1 reason=no-match", "rm -rf '/x y'");
	add(1, "deny id=2 reason=no-match", "rm -rf '/x y'");
	add(1, "deny id=3 reason=bad-filter", "rm -rf '/x y'");
	add(1, "allow id=4 filter=f", "rm");
	totals_finish(&totals);
	ck_assert_uint_eq(totals.refusals.count, 2);
	ck_assert_str_eq(totals.refusals.rows[0]->key[1], "no-match");
	ck_assert_str_eq(totals.refusals.rows[0]->key[2], "rm -rf '/x y'");
	ck_assert_uint_eq(totals.refusals.rows[0]->denied, 2);
}
END_TEST

/* However long the command and its words, a short beginning is kept, in printable ASCII. */
START_TEST(command_line_is_bounded)
{
	struct assembled record = trail_record(1, "deny id=1 reason=no-match", "ip x");
	const char *words[] = { "ip", trail_long_word(200000, '\033'), "y", NULL };
	const char *kept;

	record.entry.words = words;
	record.entry.word_count = 3;
	totals_add(&totals, &record);
	kept = totals.refusals.rows[0]->key[2];
	ck_assert_uint_eq(strlen(kept), TOTALS_COMMAND_MAX + strlen("..."));
	ck_assert_int_eq(strncmp(kept, "ip $'\\033\\033", strlen("ip $'\\033\\033")), 0);
	ck_assert_str_eq(kept + TOTALS_COMMAND_MAX, "...");
}
END_TEST

START_TEST(slowest_are_kept_in_order)
{
	char command[32];

	for (unsigned i = 0; i < 30; i++) {
		snprintf(command, sizeof(command), "run %u", i);
		add(1, arena_format(&trail_arena, "allow id=%u filter=f%u", i, i), command);
	}
	for (unsigned i = 0; i < 30; i++)
		add(i, arena_format(&trail_arena, "exit id=%u filter=f%u status=%u signal=- ms=%u", i, i, i,
				    (i * 7) % 30 + 1), "");
	ck_assert_uint_eq(totals.slowest_count, TOTALS_SLOWEST);
	for (unsigned i = 0; i < TOTALS_SLOWEST; i++) {
		const struct totals_run *run = &totals.slowest[i];
		unsigned number = (unsigned)run->time;

		ck_assert_uint_eq(run->ms, 30 - i);
		ck_assert_str_eq(run->command, arena_format(&trail_arena, "run %u", number));
		ck_assert_str_eq(run->filter, arena_format(&trail_arena, "f%u", number));
		ck_assert_str_eq(run->status, arena_format(&trail_arena, "%u", number));
	}
}
END_TEST

START_TEST(end_without_its_permission_is_counted_all_the_same)
{
	add(1, "exit id=1 filter=f status=- signal=KILL ms=9", "");
	ck_assert_uint_eq(group("f")->failed, 1);
	ck_assert_ptr_null(totals.slowest[0].command);
	ck_assert_str_eq(totals.slowest[0].status, "KILL");
}
END_TEST

/* Whose it was nobody knows: the filter is no user. */
START_TEST(end_without_its_permission_is_nobodys)
{
	totals_start(&totals, TOTALS_BY_USER);
	add(1, "exit id=1 filter=f status=0 signal=- ms=9", "");
	ck_assert_uint_eq(group(NULL)->exits, 1);
	ck_assert_uint_eq(totals.groups.count, 1);
}
END_TEST

/* A value that no record of ours can have. */
START_TEST(long_values_are_cut)
{
	const char *name = trail_long_word(5000, 'n');

	totals_start(&totals, TOTALS_BY_USER);
	add(1, arena_format(&trail_arena, "allow id=1 user=%s", name), "a");
	add(1, arena_format(&trail_arena, "exit id=1 filter=%s status=%s signal=- ms=1", name, name), "");
	ck_assert_uint_eq(totals.groups.count, 1);
	ck_assert_uint_eq(totals.groups.rows[0]->exits, 1);
	ck_assert_uint_eq(strlen(totals.groups.rows[0]->key[0]), TOTALS_NAME_MAX + strlen("..."));
	ck_assert_uint_eq(strlen(totals.slowest[0].filter), TOTALS_NAME_MAX);
	ck_assert_uint_lt(strlen(totals.slowest[0].status), sizeof(totals.slowest[0].status));
}
END_TEST

static void fill(TCase *tcase)
{
	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_test(tcase, records_are_counted);
	add_table_test(tcase, groups_get_their_counts, groupings);
	add_table_test(tcase, end_is_judged, ends);
	tcase_add_test(tcase, sums_do_not_wrap);
	tcase_add_test(tcase, times_may_be_missing_or_out_of_order);
	tcase_add_test(tcase, incomplete_records_count_by_their_beginning);
	tcase_add_test(tcase, groups_are_in_order);
	add_table_test(tcase, command_goes_by_its_base_name, names);
	tcase_add_test(tcase, unknown_is_not_empty);
	tcase_add_test(tcase, refusals_go_by_the_command_line);
	tcase_add_test(tcase, command_line_is_bounded);
	tcase_add_test(tcase, slowest_are_kept_in_order);
	tcase_add_test(tcase, end_without_its_permission_is_counted_all_the_same);
	tcase_add_test(tcase, end_without_its_permission_is_nobodys);
	tcase_add_test(tcase, long_values_are_cut);
}

static Suite *make_suite(void)
{
	Suite *suite = suite_create("totals");

	suite_add(suite, "totals", fill);
	return suite;
}

SUITE_MAIN(make_suite)
