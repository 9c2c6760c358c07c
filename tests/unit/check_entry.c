#include "report/entry.h"

#include "entries.h"

#define ID "77aa01d2c3f4"
#define HEAD "2026-11-26T05:34:21.000042Z host privsep-wrap[12]: "

static const struct entry_clock the_clock = { .now = INT64_C(1795671261000000) };

static enum entry_result read_line(const char *line, struct entry *entry)
{
	return entry_read(line, strlen(line), &the_clock, &entries_arena, entry);
}

static const struct {
	const char *line;
	enum entry_result result;
} lines[] = {
	{ HEAD "exit id=" ID " filter=ip status=0 signal=- ms=6", ENTRY_RECORD },
	{ HEAD "@cee: {\"record\":\"exit\",\"id\":\"" ID "\",\"status\":0,\"signal\":null,\"ms\":6}", ENTRY_RECORD },
	{ HEAD "@cee:{\"record\":\"exit\",\"id\":\"" ID "\",\"status\":0,\"signal\":null,\"ms\":6}", ENTRY_RECORD },
	{ HEAD "{\"record\":\"exit\",\"id\":\"" ID "\",\"status\":0,\"signal\":null,\"ms\":6}", ENTRY_RECORD },
	{ "{\"record\":\"exit\",\"id\":\"" ID "\",\"status\":0,\"signal\":null,\"ms\":6}", ENTRY_RECORD },
	{ "exit id=" ID " filter=ip status=0 signal=- ms=6", ENTRY_RECORD },
	{ "", ENTRY_OTHER },
	{ "hello", ENTRY_OTHER },
	{ "2026-11-26T05:34:21Z host sshd[12]: exit id=" ID " filter=ip status=0 signal=- ms=6", ENTRY_OTHER },
	{ HEAD, ENTRY_DAMAGED },
	{ HEAD "hello", ENTRY_DAMAGED },
	{ HEAD "exit id=" ID " filter=ip status=0", ENTRY_DAMAGED },
	{ "exit id=" ID, ENTRY_DAMAGED },
	{ HEAD "@cee: ", ENTRY_DAMAGED },
	{ HEAD "@cee: {\"record\":\"exit\",\"id\":\"" ID "\",\"status\":0", ENTRY_DAMAGED },
	{ HEAD "@cee: exit id=" ID " filter=ip status=0 signal=- ms=6", ENTRY_DAMAGED },
	{ "@cee: {\"record\":\"exit\",\"id\"", ENTRY_DAMAGED },
	{ HEAD "allow id=" ID " argc=2 cmd=ls", ENTRY_DAMAGED },
	{ HEAD "more id=" ID " of=deny part=2/2 cmd= x", ENTRY_DAMAGED },
	{ HEAD "more id=" ID " of=error uid=0 part=2/2 cmd= x", ENTRY_DAMAGED },
};

START_TEST(tells_what_a_line_is)
{
	struct entry entry;

	ck_assert_int_eq(read_line(lines[_i].line, &entry), lines[_i].result);
	if (lines[_i].result == ENTRY_RECORD)
		ck_assert_str_eq(entry.kind, "exit");
}
END_TEST

START_TEST(has_the_time_of_its_line)
{
	struct entry entry;

	ck_assert_int_eq(read_line(HEAD "allow id=" ID " argc=1 cmd=ls", &entry), ENTRY_RECORD);
	ck_assert_int_eq(entry.time, INT64_C(1795671261000042));
	ck_assert_int_eq(read_line("allow id=" ID " argc=1 cmd=ls", &entry), ENTRY_RECORD);
	ck_assert_int_eq(entry.time, ENTRY_NO_TIME);
}
END_TEST

START_TEST(text_and_json_are_the_same)
{
	struct entry text;
	struct entry json;

	ck_assert_int_eq(read_line("allow id=" ID " uid=1 auid=- mode=0770 argc=2 cmd=ls $'\\377'", &text),
			 ENTRY_RECORD);
	ck_assert_int_eq(read_line("@cee: {\"record\":\"allow\",\"id\":\"" ID
				   "\",\"uid\":1,\"auid\":null,\"mode\":\"0770\","
				   "\"argc\":2,\"cmd\":[\"ls\",\"\\udcff\"]}",
				   &json),
			 ENTRY_RECORD);
	ck_assert_str_eq(entries_show(&text), entries_show(&json));
}
END_TEST

START_TEST(finds_values)
{
	struct entry entry;

	ck_assert_int_eq(read_line("allow id=" ID " uid=1 auid=- argc=1 cmd=ls", &entry), ENTRY_RECORD);
	ck_assert_str_eq(entry_value(&entry, "uid"), "1");
	ck_assert_str_eq(entry_value(&entry, "argc"), "1");
	ck_assert_ptr_null(entry_value(&entry, "auid"));
	ck_assert_ptr_null(entry_value(&entry, "gid"));
	ck_assert_ptr_null(entry_value(&entry, "id"));
	ck_assert_ptr_null(entry_value(&entry, "cmd"));
}
END_TEST

static const char *long_record(size_t bytes)
{
	static const char head[] = "allow id=" ID " argc=1 cmd=";
	char *text = arena_allocate(&entries_arena, bytes + 1, 1);

	memset(text, 'x', bytes);
	memcpy(text, head, sizeof(head) - 1);
	return text;
}

START_TEST(size_is_bounded)
{
	struct entry entry;

	ck_assert_int_eq(read_line(long_record(ENTRY_MAX_BYTES), &entry), ENTRY_RECORD);
	ck_assert_int_eq(read_line(long_record(ENTRY_MAX_BYTES + 1), &entry), ENTRY_DAMAGED);
}
END_TEST

static const struct {
	const char *line;
	bool all;
} words[] = {
	{ "allow id=" ID " argc=2 part=1/2 cmd=ls -l", true },
	{ "allow id=" ID " argc=2 part=1/2 cmd=ls", false },
	{ "allow id=" ID " argc=2 part=1/2 cmd=ls -l -a", false },
	{ "deny id=" ID " reason=too-long argc=2 part=1/2 cmd=ls", true },
	{ "deny id=" ID " reason=too-long argc=2 part=1/2 cmd=ls -l", true },
	{ "deny id=" ID " reason=too-long argc=2 part=1/2 cmd=ls -l -a", false },
	{ "deny id=" ID " reason=too-long argc=2 part=1/2 cmd=", false },
	{ "deny id=" ID " reason=- argc=2 part=1/2 cmd=ls", false },
	{ "allow id=" ID " argc=- part=1/2 cmd=ls", false },
	{ "exit id=" ID " filter=ip status=0 signal=- ms=6", true },
};

START_TEST(counts_words)
{
	struct entry entry;

	ck_assert_int_eq(read_line(words[_i].line, &entry), ENTRY_RECORD);
	ck_assert_int_eq(entry_has_all_words(&entry), words[_i].all);
}
END_TEST

static void fill(TCase *tcase)
{
	tcase_add_checked_fixture(tcase, NULL, entries_teardown);
	add_table_test(tcase, tells_what_a_line_is, lines);
	tcase_add_test(tcase, has_the_time_of_its_line);
	tcase_add_test(tcase, text_and_json_are_the_same);
	tcase_add_test(tcase, finds_values);
	tcase_add_test(tcase, size_is_bounded);
	add_table_test(tcase, counts_words, words);
}

static Suite *make_suite(void)
{
	Suite *suite = suite_create("entry");

	suite_add(suite, "entry", fill);
	return suite;
}

SUITE_MAIN(make_suite)
