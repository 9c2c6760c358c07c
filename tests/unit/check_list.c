#include "base/strbuf.h"
#include "policy/list.h"
#include "suite.h"

static const struct {
	const char *text;
	size_t count;
	const char *parts;      /* each in < > */
} lists[] = {
	{ "", 1, "<>" },
	{ " \t\n", 1, "<>" },
	{ "a", 1, "<a>" },
	{ "a,b", 2, "<a><b>" },
	{ " a , b ", 2, "<a><b>" },
	{ "\ta\n,\n\tb\n", 2, "<a><b>" },
	{ "a b, c", 2, "<a b><c>" },
	{ "a\nb", 1, "<a\nb>" },
	{ ",", 2, "<><>" },
	{ "a,", 2, "<a><>" },
	{ ",a", 2, "<><a>" },
	{ "a,,b", 3, "<a><><b>" },
	{ "a, ,b", 3, "<a><><b>" },
	{ ",,,", 4, "<><><><>" },
	/* nothing quotes a comma */
	{ "\"a,b\"", 2, "<\"a><b\">" },
	{ "'a,b'", 2, "<'a><b'>" },
	{ "a\\,b", 2, "<a\\><b>" },
	{ "a{1,2}", 2, "<a{1><2}>" },
	/* only blank, tab and newline are stripped: the reader lets no other white space through */
	{ "\ra\r,\vb", 2, "<\ra\r><\vb>" },
	{ "\xc2\xa0" "a", 1, "<\xc2\xa0" "a>" },
};

START_TEST(splits_at_every_comma)
{
	struct arena arena = { 0 };
	struct strbuf parts = { 0 };
	size_t count = 0;
	const char *const *list = list_split(lists[_i].text, &arena, &count);

	ck_assert_uint_eq(count, lists[_i].count);
	ck_assert_ptr_null(list[count]);
	for (size_t i = 0; i < count; i++)
		strbuf_append_format(&parts, "<%s>", list[i]);
	ck_assert_str_eq(parts.text, lists[_i].parts);
	strbuf_free(&parts);
	arena_free(&arena);
}
END_TEST

START_TEST(word_is_looked_up_in_a_list)
{
	static const char *const words[] = { "one", "", "three", NULL };
	static const char *const none[] = { NULL };

	ck_assert(list_holds(words, "one"));
	ck_assert(list_holds(words, ""));
	ck_assert(list_holds(words, "three"));
	ck_assert(!list_holds(words, "thre"));
	ck_assert(!list_holds(words, "threes"));
	ck_assert(!list_holds(words, "Three"));
	ck_assert(!list_holds(none, ""));
}
END_TEST

static void fill(TCase *tcase)
{
	add_table_test(tcase, splits_at_every_comma, lists);
	tcase_add_test(tcase, word_is_looked_up_in_a_list);
}

static Suite *make_suite(void)
{
	Suite *suite = suite_create("list");

	suite_add(suite, "list", fill);
	return suite;
}

SUITE_MAIN(make_suite)
