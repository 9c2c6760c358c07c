#include "report/json_reader.h"

#include "base/json.h"
#include "suite.h"

static struct arena arena;

static void teardown(void)
{
	arena_free(&arena);
}

static const struct json_value *read_text(const char *text)
{
	return json_read(text, strlen(text), &arena);
}

/* Strings as JSON has them and their bytes; NULL: refused. */
static const struct {
	const char *json;
	const char *text;
} strings[] = {
	{ "\"\"", "" },
	{ "\"plain text /\"", "plain text /" },
	{ " \t\r\n\"a\" \n", "a" },
	{ "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"", "\"\\/\b\f\n\r\t" },
	{ "\"\\u0041\\u001b[2J\"", "A\x1b[2J" },
	{ "\"\\u007f\\u0080\\u07ff\"", "\x7f\xc2\x80\xdf\xbf" },
	{ "\"\\u00e9\\u00E9\"", "\xc3\xa9\xc3\xa9" },
	{ "\"\\u0800\\u20ac\\uFFFF\"", "\xe0\xa0\x80\xe2\x82\xac\xef\xbf\xbf" },
	{ "\"\\ud800\\udc00\"", "\xf0\x90\x80\x80" },
	{ "\"\\ud83d\\ude00\"", "\xf0\x9f\x98\x80" },
	{ "\"\\udbff\\udfff\"", "\xf4\x8f\xbf\xbf" },
	/* the low half of a pair may look like a byte */
	{ "\"\\ud83d\\udc80\"", "\xf0\x9f\x92\x80" },
	/* bytes that are not UTF-8 */
	{ "\"\\udc80\\udcff\"", "\x80\xff" },
	{ "\"\\udcc3\\udca9\"", "\xc3\xa9" },
	{ "\"a\\udcc3b\"", "a\xc3" "b" },
	{ "\"\\udced\\udcb2\\udc80\"", "\xed\xb2\x80" },
	/* as other programs may write them */
	{ "\"\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80\"", "\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80" },
	{ "\"\x7f\"", "\x7f" },
	{ "", NULL },
	{ " ", NULL },
	{ "\"", NULL },
	{ "\"a", NULL },
	{ "\"a\\\"", NULL },
	{ "\"\\", NULL },
	{ "\"\\u", NULL },
	{ "\"\\u004", NULL },
	{ "\"\\u004\"", NULL },
	{ "\"\\u00g1\"", NULL },
	{ "\"\\u 041\"", NULL },
	{ "\"\\U0041\"", NULL },
	{ "\"\\x41\"", NULL },
	{ "\"\\a\"", NULL },
	{ "\"\\'\"", NULL },
	{ "'a'", NULL },
	{ "\"\n\"", NULL },
	{ "\"\t\"", NULL },
	{ "\"\x1f\"", NULL },
	{ "\"\x80\"", NULL },
	{ "\"\xc3\"", NULL },
	{ "\"\xc0\xaf\"", NULL },
	{ "\"\xed\xa0\x80\"", NULL },
	/* no argument can hold a zero byte */
	{ "\"\\u0000\"", NULL },
	{ "\"a\\u0000b\"", NULL },
	/* surrogates that are neither a pair nor a byte */
	{ "\"\\ud800\"", NULL },
	{ "\"\\ud83d\\ud83d\"", NULL },
	{ "\"\\ud83d\\u0041\"", NULL },
	{ "\"\\ud83dx\"", NULL },
	{ "\"\\ud83d\\n\"", NULL },
	{ "\"\\udc00\"", NULL },
	{ "\"\\udc7f\"", NULL },
	{ "\"\\udd00\"", NULL },
	{ "\"\\udfff\"", NULL },
	{ "\"a\"b", NULL },
	{ "\"a\",", NULL },
	{ "\"a\" \"b\"", NULL },
};

START_TEST(reads_a_string)
{
	const struct json_value *value = read_text(strings[_i].json);

	if (!strings[_i].text) {
		ck_assert_ptr_null(value);
		return;
	}
	ck_assert_ptr_nonnull(value);
	ck_assert_int_eq(value->type, JSON_STRING);
	ck_assert_str_eq(value->text, strings[_i].text);
}
END_TEST

START_TEST(reads_any_two_bytes_that_we_write)
{
	for (int first = 1; first < 256; first++) {
		CLEANUP(strbuf_free) struct strbuf bytes = { 0 };
		CLEANUP(strbuf_free) struct strbuf text = { 0 };
		const struct json_value *value;

		for (int second = 1; second < 256; second++) {
			const char pair[] = { (char)first, (char)second, ' ', '\0' };

			strbuf_append_string(&bytes, pair);
		}
		json_append_string(&text, strbuf_text(&bytes));
		value = read_text(strbuf_text(&text));
		ck_assert_ptr_nonnull(value);
		ck_assert_str_eq(value->text, strbuf_text(&bytes));
	}
}
END_TEST

static const struct {
	const char *json;
	enum json_type type;
	size_t count;
} values[] = {
	{ "null", JSON_NULL, 0 },
	{ "true", JSON_TRUE, 0 },
	{ "false", JSON_FALSE, 0 },
	{ " null ", JSON_NULL, 0 },
	{ "[]", JSON_ARRAY, 0 },
	{ "[ ]", JSON_ARRAY, 0 },
	{ "[1]", JSON_ARRAY, 1 },
	{ " [ 1 , \"a\" , null , [ ] ] ", JSON_ARRAY, 4 },
	{ "{}", JSON_OBJECT, 0 },
	{ "{ }", JSON_OBJECT, 0 },
	{ "{\"a\":1}", JSON_OBJECT, 1 },
	{ " { \"a\" : 1 , \"a\" : {\"b\":[{}]} } ", JSON_OBJECT, 2 },
};

START_TEST(reads_a_value)
{
	const struct json_value *value = read_text(values[_i].json);

	ck_assert_ptr_nonnull(value);
	ck_assert_int_eq(value->type, values[_i].type);
	ck_assert_uint_eq(value->count, values[_i].count);
}
END_TEST

static const char *const numbers[] = { "0",   "-0",  "7",     "1001",     "-12",    "18446744073709551616",
				       "0.5", "1e3", "1E+03", "-1.25e-7", "10.010", "4294967295" };

START_TEST(keeps_a_number_as_it_is_written)
{
	const struct json_value *value = read_text(numbers[_i]);

	ck_assert_ptr_nonnull(value);
	ck_assert_int_eq(value->type, JSON_NUMBER);
	ck_assert_str_eq(value->text, numbers[_i]);
}
END_TEST

static const char *const faulty[] = {
	"nul", "nulll", "NULL", "True", "undefined", "NaN", "Infinity", "-", "+1", "01", "1.", ".5", "1e", "1e+", "1 2",
	"0x10", "1,", "[", "]", "[1", "[1,", "[1,]", "[,1]", "[1 2]", "[1]]", "[1}", "{", "}", "{\"a\"", "{\"a\":",
	"{\"a\":1", "{\"a\":1,", "{\"a\":1,}", "{,}", "{a:1}", "{\"a\" 1}", "{\"a\",1}", "{1:1}", "{null:1}",
	"{\"a\":1]", "{\"a\":1 \"b\":2}", "[\"a\\u0000\"]", "// x\n1", "\xef\xbb\xbf[1]", "[1]\f",
};

START_TEST(refuses_what_is_not_json)
{
	ck_assert_ptr_null(read_text(faulty[_i]));
}
END_TEST

START_TEST(zero_byte_is_no_end)
{
	ck_assert_ptr_null(json_read("1\0", 2, &arena));
	ck_assert_ptr_null(json_read("\"\0\"", 3, &arena));
	ck_assert_ptr_null(json_read("[\0]", 3, &arena));
	ck_assert_ptr_null(json_read("\0", 1, &arena));
	ck_assert_ptr_null(json_read("", 0, &arena));
}
END_TEST

/* Each beginning is without its end, in memory that ends there too. */
START_TEST(reads_nothing_behind_the_end)
{
	static const char text[] = "{\"a\":[true,false,null,-1.5e+3,\"\\ud83d\\ude00\xc3\xa9\"]}";

	for (size_t length = 0; length < sizeof(text) - 1; length++) {
		char *bytes = memory_allocate(length, 1);

		memcpy(bytes, text, length);
		ck_assert_ptr_null(json_read(bytes, length, &arena));
		free(bytes);
	}
	ck_assert_ptr_nonnull(read_text(text));
}
END_TEST

START_TEST(finds_members)
{
	const struct json_value *object = read_text("{\"a\":\"1\",\"\\u0062\":[\"x\",\"y\"],\"a\":\"2\"}");
	const struct json_value *list;

	ck_assert_ptr_nonnull(object);
	ck_assert_str_eq(json_member(object, "a")->text, "1");
	ck_assert_ptr_null(json_member(object, "c"));
	list = json_member(object, "b");
	ck_assert_str_eq(list->first->text, "x");
	ck_assert_str_eq(list->first->next->text, "y");
	ck_assert_ptr_null(list->first->next->next);
	ck_assert_ptr_null(json_member(list, "x"));
}
END_TEST

static const char *nested(int depth, bool objects)
{
	CLEANUP(strbuf_free) struct strbuf text = { 0 };

	for (int i = 0; i < depth; i++)
		strbuf_append_string(&text, objects ? "{\"a\":" : "[");
	strbuf_append_string(&text, "1");
	for (int i = 0; i < depth; i++)
		strbuf_append_char(&text, objects ? '}' : ']');
	return arena_string(&arena, strbuf_text(&text));
}

START_TEST(depth_is_bounded)
{
	for (int objects = 0; objects < 2; objects++) {
		ck_assert_ptr_nonnull(read_text(nested(JSON_MAX_DEPTH, objects)));
		ck_assert_ptr_null(read_text(nested(JSON_MAX_DEPTH + 1, objects)));
		ck_assert_ptr_null(read_text(nested(50000, objects)));
	}
}
END_TEST

START_TEST(depth_counts_what_is_open_alone)
{
	ck_assert_ptr_nonnull(read_text("[[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[]]"));
}
END_TEST

static const char *elements(size_t count)
{
	CLEANUP(strbuf_free) struct strbuf text = { 0 };

	for (size_t i = 0; i < count; i++)
		strbuf_append_string(&text, i == 0 ? "[1" : ",1");
	strbuf_append_char(&text, ']');
	return arena_string(&arena, strbuf_text(&text));
}

START_TEST(values_are_bounded)
{
	ck_assert_ptr_nonnull(read_text(elements(JSON_MAX_VALUES)));
	ck_assert_ptr_null(read_text(elements(JSON_MAX_VALUES + 1)));
}
END_TEST

START_TEST(size_is_bounded)
{
	char *text = arena_allocate(&arena, JSON_MAX_BYTES + 2, 1);

	memset(text, ' ', JSON_MAX_BYTES + 1);
	text[0] = '1';
	ck_assert_ptr_nonnull(json_read(text, JSON_MAX_BYTES, &arena));
	ck_assert_ptr_null(json_read(text, JSON_MAX_BYTES + 1, &arena));
}
END_TEST

static void fill_values(TCase *tcase)
{
	tcase_add_checked_fixture(tcase, NULL, teardown);
	add_table_test(tcase, reads_a_string, strings);
	tcase_add_test(tcase, reads_any_two_bytes_that_we_write);
	add_table_test(tcase, reads_a_value, values);
	add_table_test(tcase, keeps_a_number_as_it_is_written, numbers);
	add_table_test(tcase, refuses_what_is_not_json, faulty);
	tcase_add_test(tcase, zero_byte_is_no_end);
	tcase_add_test(tcase, reads_nothing_behind_the_end);
	tcase_add_test(tcase, finds_members);
}

static void fill_limits(TCase *tcase)
{
	tcase_add_checked_fixture(tcase, NULL, teardown);
	tcase_add_test(tcase, depth_is_bounded);
	tcase_add_test(tcase, depth_counts_what_is_open_alone);
	tcase_add_test(tcase, values_are_bounded);
	tcase_add_test(tcase, size_is_bounded);
}

static Suite *make_suite(void)
{
	Suite *suite = suite_create("json_reader");

	suite_add(suite, "values", fill_values);
	suite_add(suite, "limits", fill_limits);
	return suite;
}

SUITE_MAIN(make_suite)
