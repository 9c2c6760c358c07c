#include "audit/record_lines.h"

#include "audit/record.h"
#include "suite.h"

static struct arena arena;

static void teardown(void)
{
	arena_free(&arena);
}

static const char *repeat(const char *text, size_t length)
{
	char *copy = arena_allocate(&arena, length + 1, 1);

	for (size_t i = 0; i < length; i++)
		copy[i] = text[i % strlen(text)];
	return copy;
}

static struct record_facts facts_of(const char *kind)
{
	return (struct record_facts){ .kind = kind, .id = "0123456789ab" };
}

static struct record write_words(const struct record_form *form, const char *const *words, size_t count)
{
	struct record_facts facts = facts_of("deny");

	facts.words = words;
	facts.word_count = count;
	return record_write(&facts, form, &arena);
}

static const char *single(struct record record)
{
	ck_assert_uint_eq(record.count, 1);
	return record.parts[0];
}

START_TEST(facts_have_their_form)
{
	static const char *const words[] = { "ip", "a b", "\xff\"" };
	struct record_facts facts = facts_of("deny");

	record_add_text(&facts, "user", "app");
	record_add_text(&facts, "cwd", "/x y\n");
	record_add_number(&facts, "uid", 1001, &arena);
	record_add_digits(&facts, "auid", NULL);
	record_add_text(&facts, "mode", "0770");
	facts.words = words;
	facts.word_count = 3;
	ck_assert_str_eq(single(record_write(&facts, &record_form_text, &arena)),
			 "deny id=0123456789ab user=app cwd=$'/x y\\012' uid=1001 auid=- mode=0770 "
			 "cmd=ip 'a b' $'\\377\"'");
	ck_assert_str_eq(single(record_write(&facts, &record_form_json, &arena)),
			 "@cee: {\"record\":\"deny\",\"id\":\"0123456789ab\",\"user\":\"app\",\"cwd\":\"/x y\\u000a\","
			 "\"uid\":1001,\"auid\":null,\"mode\":\"0770\",\"cmd\":[\"ip\",\"a b\",\"\\udcff\\\"\"]}");
}
END_TEST

START_TEST(own_words_are_not_cut)
{
	struct record_facts facts = facts_of("allow");

	record_add_whole(&facts, "caps", repeat("x", 400));
	assert_contains(single(record_write(&facts, &record_form_text, &arena)), repeat("x", 400));
	assert_contains(single(record_write(&facts, &record_form_json, &arena)), repeat("x", 400));
}
END_TEST

START_TEST(kind_without_a_command_has_none)
{
	struct record_facts facts = facts_of("exit");

	record_add_number(&facts, "ms", 6, &arena);
	ck_assert_str_eq(single(record_write(&facts, &record_form_text, &arena)), "exit id=0123456789ab ms=6");
	ck_assert_str_eq(single(record_write(&facts, &record_form_json, &arena)),
			 "@cee: {\"record\":\"exit\",\"id\":\"0123456789ab\",\"ms\":6}");
}
END_TEST

START_TEST(empty_words_are_words)
{
	static const char *const words[] = { "", "" };

	ck_assert_str_eq(single(write_words(&record_form_text, words, 2)), "deny id=0123456789ab cmd='' ''");
	ck_assert_str_eq(single(write_words(&record_form_json, words, 2)),
			 "@cee: {\"record\":\"deny\",\"id\":\"0123456789ab\",\"cmd\":[\"\",\"\"]}");
}
END_TEST

static const struct record_form *const forms[] = { &record_form_text, &record_form_json };
static const char *const kinds[] = { "x", "x y", "'", "\001", "\377", "\xc3\xa9", "\xf0\x9f\x98\x80", "\"", "\\" };

enum { ROWS = ARRAY_LENGTH(kinds) * ARRAY_LENGTH(forms) };

START_TEST(no_line_is_too_long)
{
	const struct record_form *form = forms[(size_t)_i / ARRAY_LENGTH(kinds)];
	const char *kind = kinds[(size_t)_i % ARRAY_LENGTH(kinds)];

	for (size_t length = 1; length < 9000; length = length * 3 / 2 + 1) {
		const char *const words[] = { "x", repeat(kind, length), "", repeat(kind, 9000), "end" };
		struct record_facts facts = facts_of("deny");
		struct record record;

		facts.words = words;
		facts.word_count = ARRAY_LENGTH(words);
		for (int i = 0; i < 10; i++)
			record_add_text(&facts, "key", repeat(kind, length));
		record = record_write(&facts, form, &arena);
		ck_assert_uint_gt(record.count, 2);
		for (size_t i = 0; i < record.count; i++)
			ck_assert_uint_le(strlen(record.parts[i]), RECORD_MAX);
	}
}
END_TEST

/* Else padding costs many more lines than it has to. */
START_TEST(lines_are_filled)
{
	const char *const words[] = { "x", repeat("x", 100000) };

	for (size_t i = 0; i < ARRAY_LENGTH(forms); i++)
		ck_assert_uint_le(write_words(forms[i], words, 2).count, 60);
}
END_TEST

/* A part that begins inside a word says so; in text by the blank that is not there. */
START_TEST(part_says_what_it_begins_with)
{
	const char *const words[] = { "x", repeat("x", 3000), repeat("y", 1200) };
	struct record text = write_words(&record_form_text, words, 3);
	struct record json = write_words(&record_form_json, words, 3);

	ck_assert_uint_eq(text.count, 4);
	ck_assert_uint_eq(json.count, 4);
	assert_contains(text.parts[0], " part=1/4 cmd=x");
	assert_contains(text.parts[1], "more id=0123456789ab part=2/4 cmd= xxx");
	assert_contains(text.parts[2], " part=3/4 cmd=xxx");
	assert_contains(text.parts[3], " part=4/4 cmd=");
	assert_contains(json.parts[0], ",\"part\":1,\"parts\":4,\"cmd\":[\"x\"]}");
	assert_contains(json.parts[1], ",\"part\":2,\"parts\":4,\"cmd\":[\"xxx");
	assert_contains(json.parts[2], ",\"part\":3,\"parts\":4,\"continues\":true,\"cmd\":[\"xxx");
}
END_TEST

/* A request that was allowed can leave an error too, with the same id. */
START_TEST(parts_of_an_error_say_so)
{
	const char *const words[] = { "x", repeat("x", 3000) };
	struct record_facts facts = facts_of("error");

	facts.words = words;
	facts.word_count = 2;
	assert_contains(record_write(&facts, &record_form_text, &arena).parts[1],
			"more id=0123456789ab of=error part=2/2 cmd=xxx");
	assert_contains(record_write(&facts, &record_form_json, &arena).parts[1],
			"{\"record\":\"more\",\"id\":\"0123456789ab\",\"of\":\"error\",\"part\":2,");
	assert_lacks(write_words(&record_form_text, words, 2).parts[1], " of=");
}
END_TEST

START_TEST(hyphen_is_not_unknown)
{
	struct record_facts facts = facts_of("allow");

	record_add_text(&facts, "user", "-");
	record_add_text(&facts, "unit", NULL);
	ck_assert_str_eq(single(record_write(&facts, &record_form_text, &arena)),
			 "allow id=0123456789ab user='-' unit=-");
}
END_TEST

/* Cut inside a character a JSON string would hold no text any more. */
START_TEST(characters_are_not_cut)
{
	const char *const words[] = { "x", repeat("\xe2\x82\xac", 30000), repeat("\xf0\x9f\x98\x80", 40000) };
	struct record json = write_words(&record_form_json, words, 3);

	for (size_t i = 0; i < json.count; i++)
		assert_lacks(json.parts[i], "\\udce2");
	for (size_t i = 0; i < json.count; i++)
		assert_lacks(json.parts[i], "\\udcf0");
}
END_TEST

static void fill(TCase *tcase)
{
	tcase_add_checked_fixture(tcase, NULL, teardown);
	tcase_add_test(tcase, facts_have_their_form);
	tcase_add_test(tcase, own_words_are_not_cut);
	tcase_add_test(tcase, kind_without_a_command_has_none);
	tcase_add_test(tcase, empty_words_are_words);
	tcase_add_loop_test(tcase, no_line_is_too_long, 0, ROWS);
	tcase_add_test(tcase, lines_are_filled);
	tcase_add_test(tcase, part_says_what_it_begins_with);
	tcase_add_test(tcase, characters_are_not_cut);
	tcase_add_test(tcase, parts_of_an_error_say_so);
	tcase_add_test(tcase, hyphen_is_not_unknown);
}

static Suite *make_suite(void)
{
	Suite *suite = suite_create("record lines");

	suite_add(suite, "lines", fill);
	return suite;
}

SUITE_MAIN(make_suite)
