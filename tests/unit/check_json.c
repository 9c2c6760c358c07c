#include "base/json.h"
#include "suite.h"

static const struct {
	const char *string;
	const char *json;
} strings[] = {
	{ "", "\"\"" },
	{ "plain text /", "\"plain text /\"" },
	{ "\"", "\"\\\"\"" },
	{ "\\", "\"\\\\\"" },
	{ "\\\"", "\"\\\\\\\"\"" },
	{ "a\nb", "\"a\\u000ab\"" },
	{ "\x01\x1f\t\r", "\"\\u0001\\u001f\\u0009\\u000d\"" },
	{ "\x1b[2J", "\"\\u001b[2J\"" },
	{ "\x7f", "\"\\u007f\"" },
	{ "</script>", "\"</script>\"" },
	{ "\xc2\x80", "\"\\u0080\"" },
	{ "\xc3\xa9t\xc3\xa9", "\"\\u00e9t\\u00e9\"" },
	{ "\xe2\x82\xac", "\"\\u20ac\"" },
	{ "\xe2\x80\xa8", "\"\\u2028\"" },
	{ "\xef\xbf\xbf", "\"\\uffff\"" },
	/* above U+FFFF: two surrogates */
	{ "\xf0\x90\x80\x80", "\"\\ud800\\udc00\"" },
	{ "\xf0\x9f\x98\x80", "\"\\ud83d\\ude00\"" },
	{ "\xf4\x8f\xbf\xbf", "\"\\udbff\\udfff\"" },
	/* not UTF-8: a lone surrogate a byte */
	{ "\x80", "\"\\udc80\"" },
	{ "\xff", "\"\\udcff\"" },
	{ "a\xff" "b", "\"a\\udcffb\"" },
	{ "\xc3", "\"\\udcc3\"" },
	{ "\xc3\"", "\"\\udcc3\\\"\"" },
	{ "\xe2\x82", "\"\\udce2\\udc82\"" },
	{ "\xf0\x9f\x98", "\"\\udcf0\\udc9f\\udc98\"" },
	{ "\xc0\xaf", "\"\\udcc0\\udcaf\"" },
	{ "\xed\xa0\x80", "\"\\udced\\udca0\\udc80\"" },
	{ "\xed\xb2\x80", "\"\\udced\\udcb2\\udc80\"" },
	{ "\xf4\x90\x80\x80", "\"\\udcf4\\udc90\\udc80\\udc80\"" },
};

START_TEST(writes_a_string)
{
	struct strbuf buffer = { 0 };

	json_append_string(&buffer, strings[_i].string);
	ck_assert_str_eq(strbuf_text(&buffer), strings[_i].json);
	strbuf_free(&buffer);
}
END_TEST

START_TEST(writes_nothing_but_printable_ascii)
{
	struct strbuf buffer = { 0 };

	for (int second = 1; second < 256; second++) {
		const char string[] = { (char)_i, (char)second, '\0' };

		json_append_string(&buffer, string);
	}
	for (size_t i = 0; i < buffer.length; i++)
		ck_assert(buffer.text[i] >= 0x20 && buffer.text[i] < 0x7f);
	strbuf_free(&buffer);
}
END_TEST

START_TEST(writes_null_for_what_is_not_there)
{
	struct strbuf buffer = { 0 };

	json_append_string_or_null(&buffer, NULL);
	json_append_string_or_null(&buffer, "null");
	ck_assert_str_eq(strbuf_text(&buffer), "null\"null\"");
	strbuf_free(&buffer);
}
END_TEST

START_TEST(writes_arrays)
{
	static const char *const words[] = { "a", "", "c\"" };
	static const char *const arrays[] = { "[]", "[\"a\"]", "[\"a\",\"\"]", "[\"a\",\"\",\"c\\\"\"]" };

	for (size_t count = 0; count < ARRAY_LENGTH(arrays); count++) {
		struct strbuf buffer = { 0 };

		json_append_strings(&buffer, words, count);
		ck_assert_str_eq(strbuf_text(&buffer), arrays[count]);
		strbuf_free(&buffer);
	}
}
END_TEST

static void fill(TCase *tcase)
{
	add_table_test(tcase, writes_a_string, strings);
	tcase_add_loop_test(tcase, writes_nothing_but_printable_ascii, 1, 256);
	tcase_add_test(tcase, writes_null_for_what_is_not_there);
	tcase_add_test(tcase, writes_arrays);
}

static Suite *make_suite(void)
{
	Suite *suite = suite_create("json");

	suite_add(suite, "json", fill);
	return suite;
}

SUITE_MAIN(make_suite)
