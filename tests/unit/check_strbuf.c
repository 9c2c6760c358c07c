#include "base/strbuf.h"
#include "suite.h"

START_TEST(an_empty_buffer_has_empty_text)
{
	struct strbuf buffer = { 0 };

	ck_assert_str_eq(strbuf_text(&buffer), "");
	strbuf_free(&buffer);
	ck_assert_str_eq(strbuf_text(&buffer), "");
}
END_TEST

START_TEST(appending_nothing_terminates)
{
	struct strbuf buffer = { 0 };

	strbuf_append(&buffer, NULL, 0);
	ck_assert_str_eq(buffer.text, "");
	strbuf_append_format(&buffer, "%s", "");
	ck_assert_uint_eq(buffer.length, 0);
	strbuf_free(&buffer);
}
END_TEST

START_TEST(parts_are_joined)
{
	struct strbuf buffer = { 0 };

	strbuf_append_string(&buffer, "one");
	strbuf_append_char(&buffer, ' ');
	strbuf_append(&buffer, "two and more", 3);
	strbuf_append_format(&buffer, " %d-%s", 3, "four");
	ck_assert_str_eq(strbuf_text(&buffer), "one two 3-four");
	ck_assert_uint_eq(buffer.length, strlen("one two 3-four"));
	strbuf_free(&buffer);
}
END_TEST

START_TEST(a_zero_byte_counts)
{
	struct strbuf buffer = { 0 };

	strbuf_append(&buffer, "a\0b", 3);
	strbuf_append_char(&buffer, 'c');
	ck_assert_uint_eq(buffer.length, 4);
	ck_assert_mem_eq(buffer.text, "a\0bc", 5);
	strbuf_free(&buffer);
}
END_TEST

/* Lengths around the size of the first piece of memory: the terminator needs room as well. */
static const size_t lengths[] = { 1, 254, 255, 256, 257, 511, 512, 513, 100000 };

START_TEST(any_length_arrives_whole)
{
	size_t length = lengths[_i];
	struct strbuf by_char = { 0 };
	struct strbuf by_format = { 0 };

	for (size_t i = 0; i < length; i++)
		strbuf_append_char(&by_char, (char)('a' + i % 26));
	strbuf_append_format(&by_format, "%s", strbuf_text(&by_char));
	ck_assert_uint_eq(by_char.length, length);
	ck_assert_uint_eq(strlen(by_char.text), length);
	ck_assert_str_eq(by_format.text, by_char.text);
	ck_assert_uint_eq(by_format.length, length);
	for (size_t i = 0; i < length; i++)
		ck_assert_int_eq(by_char.text[i], (int)('a' + i % 26));
	strbuf_free(&by_char);
	strbuf_free(&by_format);
}
END_TEST

START_TEST(a_freed_buffer_is_empty_and_can_be_used)
{
	struct strbuf buffer = { 0 };

	strbuf_append_string(&buffer, "before");
	strbuf_free(&buffer);
	ck_assert_ptr_null(buffer.text);
	ck_assert_uint_eq(buffer.length, 0);
	strbuf_append_string(&buffer, "after");
	ck_assert_str_eq(strbuf_text(&buffer), "after");
	strbuf_free(&buffer);
}
END_TEST

static void fill(TCase *tcase)
{
	tcase_add_test(tcase, an_empty_buffer_has_empty_text);
	tcase_add_test(tcase, appending_nothing_terminates);
	tcase_add_test(tcase, parts_are_joined);
	tcase_add_test(tcase, a_zero_byte_counts);
	add_table_test(tcase, any_length_arrives_whole, lengths);
	tcase_add_test(tcase, a_freed_buffer_is_empty_and_can_be_used);
}

static Suite *make_suite(void)
{
	Suite *suite = suite_create("strbuf");

	suite_add(suite, "strbuf", fill);
	return suite;
}

SUITE_MAIN(make_suite)
