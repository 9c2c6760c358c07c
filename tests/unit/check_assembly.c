#include "report/assembly.h"

#include "entries.h"

#define ID "77aa01d2c3f4"
#define ALLOW "allow id=" ID " uid=7 argc=3 part=1/3 cmd="
#define ERROR "error id=" ID " reason=exec argc=3 part=1/3 cmd="
#define MORE "more id=" ID " part="
#define MORE_E "more id=" ID " of=error part="

enum { MAX_LINES = 12 };

static struct assembly assembly;
static struct assembled done;

static void teardown(void)
{
	assembly_free(&assembly);
	entries_teardown();
}

/* The line is freed before *done is looked at: nothing of it may be needed. */
static bool add(const char *line)
{
	static const struct entry_clock the_clock = { .now = 0 };
	struct arena arena = { 0 };
	struct entry entry;
	bool given;

	ck_assert_int_eq(entry_read(line, strlen(line), &the_clock, &arena, &entry), ENTRY_RECORD);
	given = assembly_add(&assembly, &entry, &done);
	arena_free(&arena);
	return given;
}

static void append_done(struct strbuf *text)
{
	strbuf_append_format(text, "%s{%u-%u} %s", text->length > 0 ? "; " : "", done.parts, done.missing,
			     entries_show(&done.entry));
}

/*
 * What comes out of the lines: "{PARTS-MISSING} RECORD; ..."; after a "|" what was
 * still incomplete at the end.
 */
static const struct {
	const char *lines[MAX_LINES];
	const char *given;
} rows[] = {
	{ { "allow id=" ID " argc=1 cmd=ls" }, "{1-0} allow " ID " argc=1 1/1 [ls] |" },
	{ { "exit id=" ID " status=0 signal=- ms=1" }, "{1-0} exit " ID " status=0 signal=NULL ms=1 1/1 [] |" },
	{ { ALLOW "ls", MORE "2/3 cmd= a", MORE "3/3 cmd= b" }, "{3-0} allow " ID " uid=7 argc=3 1/1 [ls a b] |" },
	/* words that go on, over two borders too, and inside of a character */
	{ { ALLOW "ls", MORE "2/3 cmd=mod a", MORE "3/3 cmd=$'\\012' b" },
	  "{3-0} allow " ID " uid=7 argc=3 1/1 [lsmod $'a\\012' b] |" },
	{ { "allow id=" ID " argc=1 part=1/3 cmd=a", MORE "2/3 cmd=b", MORE "3/3 cmd=c" },
	  "{3-0} allow " ID " argc=1 1/1 [abc] |" },
	/* a first part without room for a word */
	{ { "allow id=" ID " argc=2 part=1/2 cmd=", MORE "2/2 cmd=ls a" }, "{2-0} allow " ID " argc=2 1/1 [ls a] |" },
	{ { "allow id=" ID " argc=2 part=1/3 cmd=ls", MORE "2/3 cmd=", MORE "3/3 cmd= a" },
	  "{3-0} allow " ID " argc=2 1/1 [ls a] |" },
	{ { "deny id=" ID " reason=too-long argc=9 part=1/2 cmd=ls", MORE "2/2 cmd= a" },
	  "{2-0} deny " ID " reason=too-long argc=9 1/1 [ls a] |" },
	/* in any order */
	{ { ALLOW "ls", MORE "3/3 cmd= b", MORE "2/3 cmd= a" }, "{3-0} allow " ID " uid=7 argc=3 1/1 [ls a b] |" },
	{ { MORE "3/3 cmd= b", MORE "2/3 cmd= a", ALLOW "ls" }, "{3-0} allow " ID " uid=7 argc=3 1/1 [ls a b] |" },
	{ { MORE "2/3 cmd= a", ALLOW "ls", MORE "3/3 cmd= b" }, "{3-0} allow " ID " uid=7 argc=3 1/1 [ls a b] |" },
	/* mixed with others */
	{ { "allow id=000000000001 argc=2 part=1/2 cmd=ls", "allow id=000000000002 argc=2 part=1/2 cmd=id",
	    "more id=000000000002 part=2/2 cmd= x", "allow id=000000000003 argc=1 cmd=w",
	    "more id=000000000001 part=2/2 cmd= y" },
	  "{2-0} allow 000000000002 argc=2 1/1 [id x]; {1-0} allow 000000000003 argc=1 1/1 [w]; "
	  "{2-0} allow 000000000001 argc=2 1/1 [ls y] |" },
	/* what has no parts waits for nothing and disturbs nothing */
	{ { ALLOW "ls", MORE "2/3 cmd= a", "error id=" ID " reason=exec argc=1 cmd=ls", MORE "3/3 cmd= b" },
	  "{1-0} error " ID " reason=exec argc=1 1/1 [ls]; {3-0} allow " ID " uid=7 argc=3 1/1 [ls a b] |" },
	/* an error after a permission of the same request, whatever is lost of either */
	{ { ALLOW "ls", MORE "2/3 cmd= a", MORE "3/3 cmd= b", ERROR "ls", MORE_E "2/3 cmd= a", MORE_E "3/3 cmd= b" },
	  "{3-0} allow " ID " uid=7 argc=3 1/1 [ls a b]; {3-0} error " ID " reason=exec argc=3 1/1 [ls a b] |" },
	{ { ALLOW "ls", MORE "2/3 cmd= a", ERROR "ls", MORE_E "2/3 cmd= a", MORE_E "3/3 cmd= b" },
	  "{3-0} error " ID " reason=exec argc=3 1/1 [ls a b] | {3-1} allow " ID " uid=7 argc=3 1/1 [ls a]" },
	{ { ALLOW "ls", MORE "2/3 cmd= a", MORE_E "3/3 cmd= b" },
	  "| {3-1} allow " ID " uid=7 argc=3 1/1 [ls a]; {3-2} more " ID " 1/1 [b]" },
	{ { MORE_E "2/3 cmd= a", MORE_E "3/3 cmd= b", ERROR "ls" },
	  "{3-0} error " ID " reason=exec argc=3 1/1 [ls a b] |" },
	/* incomplete */
	{ { ALLOW "ls" }, "| {3-2} allow " ID " uid=7 argc=3 1/1 [ls]" },
	{ { ALLOW "ls", MORE "3/3 cmd= b" }, "| {3-1} allow " ID " uid=7 argc=3 1/1 [ls b]" },
	{ { ALLOW "ls", MORE "3/3 cmd=b" }, "| {3-1} allow " ID " uid=7 argc=3 1/1 [ls b]" },
	{ { MORE "2/3 cmd= a", MORE "3/3 cmd= b" }, "| {3-1} more " ID " 1/1 [a b]" },
	{ { MORE "2/3 cmd=a", MORE "3/3 cmd=b" }, "| {3-1} more " ID " 1/1 [ab]" },
	{ { "more id=000000000001 part=2/2 cmd= x", "allow id=000000000002 argc=2 part=1/2 cmd=id" },
	  "| {2-1} more 000000000001 1/1 [x]; {2-1} allow 000000000002 argc=2 1/1 [id]" },
	/* all parts are there, and it cannot be true */
	{ { ALLOW "ls", MORE "2/3 cmd= a", MORE "3/3 cmd=" }, "{3-1} allow " ID " uid=7 argc=3 1/1 [ls a] |" },
	{ { ALLOW "ls", MORE "2/3 cmd= a", MORE "3/3 cmd= b c" }, "{3-1} allow " ID " uid=7 argc=3 1/1 [ls a b c] |" },
	/* twice the same is once */
	{ { ALLOW "ls", ALLOW "ls", MORE "2/3 cmd= a", MORE "2/3 cmd= a", MORE "3/3 cmd= b" },
	  "{3-0} allow " ID " uid=7 argc=3 1/1 [ls a b] |" },
	{ { ALLOW "ls", MORE "2/3 cmd= a", MORE "2/3 cmd= a" }, "| {3-1} allow " ID " uid=7 argc=3 1/1 [ls a]" },
	{ { MORE "2/3 cmd= a", MORE "2/3 cmd= a", MORE "3/3 cmd= b", MORE "3/3 cmd= b" },
	  "| {3-1} more " ID " 1/1 [a b]" },
	/* parts that contradict each other */
	{ { ALLOW "ls", MORE "2/3 cmd= a", MORE "2/3 cmd= z", MORE "3/3 cmd= b" },
	  "{3-1} allow " ID " uid=7 argc=3 1/1 [ls a b] |" },
	{ { ALLOW "ls", MORE "2/3 cmd= a", MORE "2/3 cmd=a", MORE "3/3 cmd= b" },
	  "{3-1} allow " ID " uid=7 argc=3 1/1 [ls a b] |" },
	{ { ALLOW "ls", MORE "2/4 cmd= a", MORE "3/3 cmd= b" }, "| {3-1} allow " ID " uid=7 argc=3 1/1 [ls b]" },
	{ { ALLOW "ls", MORE "2/3 cmd= a", MORE "4/4 cmd= a", MORE "3/3 cmd= b" },
	  "{3-1} allow " ID " uid=7 argc=3 1/1 [ls a b] |" },
	{ { ALLOW "ls", MORE "2/2 cmd= a b" }, "| {3-2} allow " ID " uid=7 argc=3 1/1 [ls]" },
	{ { MORE "2/2 cmd= a b", ALLOW "ls" },
	  "{2-1} more " ID " 1/1 [a b] | {3-2} allow " ID " uid=7 argc=3 1/1 [ls]" },
	/* another record with the same id */
	{ { ALLOW "ls", MORE "2/3 cmd= a", ALLOW "id", MORE "2/3 cmd= x", MORE "3/3 cmd= y" },
	  "{3-1} allow " ID " uid=7 argc=3 1/1 [ls a]; {3-0} allow " ID " uid=7 argc=3 1/1 [id x y] |" },
	{ { ALLOW "ls", MORE "2/3 cmd= a", "allow id=" ID " uid=8 argc=3 part=1/3 cmd=ls", MORE "3/3 cmd= b" },
	  "{3-1} allow " ID " uid=7 argc=3 1/1 [ls a] | {3-1} allow " ID " uid=8 argc=3 1/1 [ls b]" },
	{ { ALLOW "ls", MORE "2/3 cmd= a", "allow id=" ID " uid=- argc=3 part=1/3 cmd=ls", MORE "3/3 cmd= b" },
	  "{3-1} allow " ID " uid=7 argc=3 1/1 [ls a] | {3-1} allow " ID " uid=NULL argc=3 1/1 [ls b]" },
	/* as many parts as nobody can have */
	{ { "allow id=" ID " argc=3 part=1/4294967295 cmd=ls", MORE "4294967295/4294967295 cmd= a" },
	  "| {4294967295-4294967293} allow " ID " argc=3 1/1 [ls a]" },
};

START_TEST(puts_together)
{
	CLEANUP(strbuf_free) struct strbuf given = { 0 };
	CLEANUP(strbuf_free) struct strbuf left = { 0 };
	const char *wanted = rows[_i].given;

	for (size_t i = 0; i < MAX_LINES && rows[_i].lines[i]; i++) {
		if (add(rows[_i].lines[i]))
			append_done(&given);
	}
	while (assembly_take_incomplete(&assembly, &done))
		append_done(&left);
	ck_assert_str_eq(arena_format(&entries_arena, "%s%s|%s%s", strbuf_text(&given), given.length > 0 ? " " : "",
				      left.length > 0 ? " " : "", strbuf_text(&left)),
			 wanted);
	ck_assert_uint_eq(assembly.bytes, 0);
}
END_TEST

START_TEST(time_is_that_of_the_first_part)
{
	add(MORE "2/2 cmd= b");
	ck_assert(assembly_take_incomplete(&assembly, &done));
	ck_assert_int_eq(done.entry.time, ENTRY_NO_TIME);
	add("2026-11-26T05:34:22Z h privsep-wrap[1]: " MORE "2/3 cmd= b");
	add("2026-11-26T05:34:21Z h privsep-wrap[1]: " ALLOW "ls");
	ck_assert(add("2026-11-26T05:34:23Z h privsep-wrap[1]: " MORE "3/3 cmd= c"));
	ck_assert_int_eq(done.entry.time, INT64_C(1795671261000000));
	add("2026-11-26T05:34:23Z h privsep-wrap[1]: " MORE "3/3 cmd= b");
	add("2026-11-26T05:34:22Z h privsep-wrap[1]: " MORE "2/3 cmd= b");
	ck_assert(assembly_take_incomplete(&assembly, &done));
	ck_assert_int_eq(done.entry.time, INT64_C(1795671262000000));
}
END_TEST

START_TEST(trails_are_bounded)
{
	for (unsigned i = 0; i < 3 * ASSEMBLY_MAX_TRAILS; i++) {
		bool given = add(arena_format(&entries_arena, "allow id=%012x argc=2 part=1/2 cmd=ls", i));

		ck_assert_int_eq(given, i >= ASSEMBLY_MAX_TRAILS);
		ck_assert_uint_le(assembly.count, ASSEMBLY_MAX_TRAILS);
		if (given) {
			ck_assert_uint_eq(done.missing, 1);
			ck_assert_str_eq(done.entry.id,
					 arena_format(&entries_arena, "%012x", i - ASSEMBLY_MAX_TRAILS));
		}
	}
}
END_TEST

/* A part with so many bytes. */
static struct entry big_part(const char *id, unsigned part, unsigned parts, size_t bytes)
{
	static const struct entry_field argc = { "argc", "1" };
	const char **words = arena_allocate(&entries_arena, 2, sizeof(*words));
	char *word = arena_allocate(&entries_arena, bytes + 1, 1);

	memset(word, 'x', bytes);
	words[0] = word;
	return (struct entry){ .kind = part == 1 ? "allow" : "more",
			       .id = id,
			       .fields = &argc,
			       .field_count = part == 1,
			       .part = part,
			       .parts = parts,
			       .continues = part > 1,
			       .words = words,
			       .word_count = 1 };
}

START_TEST(bytes_of_a_trail_are_bounded)
{
	enum { PARTS = 80, BYTES = 16384 };

	for (unsigned i = 1; i <= PARTS; i++) {
		struct entry entry = big_part(ID, i, PARTS, BYTES);

		ck_assert(!assembly_add(&assembly, &entry, &done));
		ck_assert_uint_le(assembly.bytes, ASSEMBLY_MAX_TRAIL_BYTES);
	}
	ck_assert(assembly_take_incomplete(&assembly, &done));
	ck_assert_uint_ge(done.missing, PARTS - ASSEMBLY_MAX_TRAIL_BYTES / BYTES);
	ck_assert_uint_le(strlen(done.entry.words[0]), ASSEMBLY_MAX_TRAIL_BYTES);
}
END_TEST

START_TEST(longest_command_fits)
{
	enum { PARTS = 600, BYTES = 450 };

	for (unsigned i = 1; i <= PARTS; i++) {
		struct entry entry = big_part(ID, i, PARTS, BYTES);

		ck_assert_int_eq(assembly_add(&assembly, &entry, &done), i == PARTS);
	}
	ck_assert_uint_eq(done.missing, 0);
	ck_assert_uint_eq(done.entry.word_count, 1);
	ck_assert_uint_eq(strlen(done.entry.words[0]), PARTS * BYTES);
}
END_TEST

START_TEST(parts_of_a_trail_are_bounded)
{
	for (unsigned i = 1; i <= 2 * ASSEMBLY_MAX_PARTS; i++) {
		struct entry entry = big_part(ID, i, 2 * ASSEMBLY_MAX_PARTS, 1);

		ck_assert(!assembly_add(&assembly, &entry, &done));
	}
	ck_assert(assembly_take_incomplete(&assembly, &done));
	ck_assert_uint_eq(done.missing, ASSEMBLY_MAX_PARTS);
}
END_TEST

START_TEST(bytes_of_all_are_bounded)
{
	enum { BYTES = ASSEMBLY_MAX_TRAIL_BYTES - 1024 };
	struct entry entry = big_part(ID, 1, 2, BYTES);
	size_t given = 0;

	for (unsigned i = 0; i < 100; i++) {
		entry.id = arena_format(&entries_arena, "%012x", i);
		given += assembly_add(&assembly, &entry, &done);
		ck_assert_uint_le(assembly.bytes, ASSEMBLY_MAX_BYTES);
	}
	ck_assert_uint_eq(given, 100 - ASSEMBLY_MAX_BYTES / BYTES);
}
END_TEST

START_TEST(nothing_waits_in_an_empty_one)
{
	ck_assert(!assembly_take_incomplete(&assembly, &done));
	assembly_free(&assembly);
	ck_assert(!assembly_take_incomplete(&assembly, &done));
}
END_TEST

static void fill_records(TCase *tcase)
{
	tcase_add_checked_fixture(tcase, NULL, teardown);
	add_table_test(tcase, puts_together, rows);
	tcase_add_test(tcase, time_is_that_of_the_first_part);
	tcase_add_test(tcase, nothing_waits_in_an_empty_one);
}

static void fill_limits(TCase *tcase)
{
	tcase_add_checked_fixture(tcase, NULL, teardown);
	tcase_set_timeout(tcase, 60);
	tcase_add_test(tcase, trails_are_bounded);
	tcase_add_test(tcase, bytes_of_a_trail_are_bounded);
	tcase_add_test(tcase, longest_command_fits);
	tcase_add_test(tcase, parts_of_a_trail_are_bounded);
	tcase_add_test(tcase, bytes_of_all_are_bounded);
}

static Suite *make_suite(void)
{
	Suite *suite = suite_create("assembly");

	suite_add(suite, "records", fill_records);
	suite_add(suite, "limits", fill_limits);
	return suite;
}

SUITE_MAIN(make_suite)
