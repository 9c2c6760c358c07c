#include "report/totals_table.h"
#include "report/totals_waiting.h"
#include "suite.h"

static struct totals_row *row_of(struct totals_table *table, const char *name)
{
	const char *const key[TOTALS_KEY_PARTS] = { name };

	return totals_table_row(table, key);
}

START_TEST(key_has_one_row)
{
	struct totals_table table = { 0 };
	struct totals_row *first = row_of(&table, "a");

	first->allowed = 1;
	ck_assert_ptr_ne(row_of(&table, "b"), first);
	ck_assert_ptr_ne(row_of(&table, NULL), first);
	ck_assert_ptr_ne(row_of(&table, ""), row_of(&table, NULL));
	ck_assert_ptr_eq(row_of(&table, "a"), first);
	ck_assert_uint_eq(table.count, 4);
	totals_table_free(&table);
	ck_assert_uint_eq(table.count, 0);
}
END_TEST

START_TEST(each_part_of_a_key_counts)
{
	static const char *const keys[][TOTALS_KEY_PARTS] = {
		{ "a", "b", "c" }, { "a", "b", NULL }, { "a", NULL, "b" },
		{ NULL, "a", "b" }, { "ab", "", "c" }, { "a", "bc", "" },
	};
	struct totals_table table = { 0 };

	for (size_t i = 0; i < ARRAY_LENGTH(keys); i++)
		totals_table_row(&table, keys[i]);
	ck_assert_uint_eq(table.count, ARRAY_LENGTH(keys));
	totals_table_free(&table);
}
END_TEST

/* The sums stay right, whatever a log is filled with. */
START_TEST(full_table_counts_the_others)
{
	struct totals_table table = { .limit = 10 };
	char name[32];
	uint64_t sum = 0;

	for (int i = 0; i < 1000; i++) {
		snprintf(name, sizeof(name), "n%d", i);
		row_of(&table, name)->denied++;
	}
	row_of(&table, "n0")->denied++;
	ck_assert_uint_eq(table.count, 10);
	ck_assert_uint_eq(table.others.denied, 990);
	for (size_t i = 0; i < table.count; i++)
		sum += table.rows[i]->denied;
	ck_assert_uint_eq(sum, 11);
	totals_table_free(&table);
}
END_TEST

START_TEST(others_begin_without_a_time)
{
	struct totals_table table = { .limit = 1 };

	row_of(&table, "a")->denied++;
	ck_assert_int_eq(row_of(&table, "b")->first, INT64_MIN);
	ck_assert_int_eq(row_of(&table, "b")->last, INT64_MIN);
	totals_table_free(&table);
}
END_TEST

static void wait_for(struct totals_waiting *waiting, const char *id, const char *command)
{
	const struct totals_allowed allowed = { .id = id, .command = command };

	totals_waiting_add(waiting, &allowed);
}

START_TEST(permission_is_found_by_its_id)
{
	struct totals_waiting waiting = { 0 };
	const struct totals_allowed allowed = { .id = "1", .group = "g", .command = "c" };

	totals_waiting_add(&waiting, &allowed);
	wait_for(&waiting, "2", NULL);
	ck_assert_str_eq(totals_waiting_find(&waiting, "1")->group, "g");
	ck_assert_str_eq(totals_waiting_find(&waiting, "1")->command, "c");
	ck_assert_ptr_null(totals_waiting_find(&waiting, "2")->group);
	ck_assert_ptr_null(totals_waiting_find(&waiting, "2")->command);
	ck_assert_ptr_null(totals_waiting_find(&waiting, "3"));
	totals_waiting_free(&waiting);
}
END_TEST

START_TEST(the_last_permissions_are_kept)
{
	struct totals_waiting waiting = { .limit = 8 };
	char id[32];

	for (int i = 0; i < 100; i++) {
		snprintf(id, sizeof(id), "%d", i);
		wait_for(&waiting, id, id);
	}
	ck_assert_uint_eq(waiting.count, 8);
	ck_assert_ptr_null(totals_waiting_find(&waiting, "91"));
	for (int i = 92; i < 100; i++) {
		snprintf(id, sizeof(id), "%d", i);
		ck_assert_str_eq(totals_waiting_find(&waiting, id)->command, id);
	}
	totals_waiting_free(&waiting);
}
END_TEST

/* Forged, or from two machines: the later one stays when the earlier one goes. */
START_TEST(later_one_of_an_id_holds)
{
	struct totals_waiting waiting = { .limit = 3 };

	wait_for(&waiting, "1", "old");
	wait_for(&waiting, "1", "new");
	ck_assert_str_eq(totals_waiting_find(&waiting, "1")->command, "new");
	wait_for(&waiting, "2", "x");
	wait_for(&waiting, "3", "x"); /* takes the place of the old one */
	ck_assert_str_eq(totals_waiting_find(&waiting, "1")->command, "new");
	wait_for(&waiting, "4", "x");
	ck_assert_ptr_null(totals_waiting_find(&waiting, "1"));
	totals_waiting_free(&waiting);
}
END_TEST

static void fill(TCase *tcase)
{
	tcase_add_test(tcase, key_has_one_row);
	tcase_add_test(tcase, each_part_of_a_key_counts);
	tcase_add_test(tcase, full_table_counts_the_others);
	tcase_add_test(tcase, others_begin_without_a_time);
	tcase_add_test(tcase, permission_is_found_by_its_id);
	tcase_add_test(tcase, the_last_permissions_are_kept);
	tcase_add_test(tcase, later_one_of_an_id_holds);
}

static Suite *make_suite(void)
{
	Suite *suite = suite_create("totals table");

	suite_add(suite, "totals table", fill);
	return suite;
}

SUITE_MAIN(make_suite)
