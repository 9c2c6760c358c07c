#include "pattern/translate.h"
#include "suite.h"

/* What Python's re reads, and the PCRE2 pattern that means the same. */
static const struct {
	const char *python;
	const char *pcre2;
} accepted[] = {
	/* literals: punctuation is escaped, whatever it means to some version of PCRE2 */
	{ "", "" },
	{ "abcXYZ019_", "abcXYZ019_" },
	{ " ", " " },
	{ "a\tb\nc", "a\tb\nc" },
	{ "-", "\\-" },
	{ "!\"#%&',/:;<=>@`~", "\\!\\\"\\#\\%\\&\\'\\,\\/\\:\\;\\<\\=\\>\\@\\`\\~" },
	{ "/usr/bin", "\\/usr\\/bin" },
	{ "]", "\\]" },
	{ "}", "\\}" },
	{ "\xc3\xa9", "\xc3\xa9" },
	{ "\xf0\x9f\x98\x80", "\xf0\x9f\x98\x80" },
	/* a brace that begins no repeat */
	{ "{", "\\{" },
	{ "a{", "a\\{" },
	{ "a{}", "a\\{\\}" },
	{ "a{1", "a\\{1" },
	{ "a{,", "a\\{\\," },
	{ "a{x}", "a\\{x\\}" },
	{ "a{1,x}", "a\\{1\\,x\\}" },
	{ "a{1,2,3}", "a\\{1\\,2\\,3\\}" },
	{ "a{ 1}", "a\\{ 1\\}" },
	{ "a{-1}", "a\\{\\-1\\}" },
	{ "{{1}", "\\{{1}" },
	/* marks */
	{ "^a.b$", "^a.b$" },
	{ "a|b|", "a|b|" },
	{ "|", "|" },
	/* escapes */
	{ "\\.\\*\\[\\]\\\\\\/\\-", "\\.\\*\\[\\]\\\\\\/\\-" },
	{ "\\ ", " " },
	{ "\\_", "_" },
	{ "\\\n", "\n" },
	{ "\\\xc3\xa9", "\xc3\xa9" },
	{ "\\d\\D\\w\\W\\s\\S", "\\d\\D[\\p{Xan}_][^\\p{Xan}_]\\s\\S" },
	{ "\\A\\b\\Z", "\\A(?:(?<=[\\p{Xan}_])(?![\\p{Xan}_])|(?<![\\p{Xan}_])(?=[\\p{Xan}_]))\\z" },
	{ "\\n\\t\\r\\f\\a\\v", "\\x0a\\x09\\x0d\\x0c\\x07\\x0b" },
	{ "\\0", "\\x00" },
	{ "\\08", "\\x008" },
	{ "\\0a", "\\x00a" },
	{ "\\x41\\xfF\\x0a", "\\x41\\xff\\x0a" },
	{ "\\x411", "\\x411" },
	/* repeats */
	{ "a*b+c?", "a*b+c?" },
	{ "a*?b+?c??", "a*?b+?c??" },
	{ "a{3}", "a{3}" },
	{ "a{3,}", "a{3,}" },
	{ "a{3,5}", "a{3,5}" },
	{ "a{,5}", "a{0,5}" },
	{ "a{,}", "a{0,}" },
	{ "a{3,5}?", "a{3,5}?" },
	{ "a{007}", "a{7}" },
	{ "a{0}", "a{0}" },
	{ "a{65535}", "a{65535}" },
	{ "a{0,65535}", "a{0,65535}" },
	{ "\\d+", "\\d+" },
	{ "[a]*", "[a]*" },
	{ "(a)*", "(?:a)*" },
	{ "\xc3\xa9*", "\xc3\xa9*" },
	/* groups */
	{ "(a)(b)", "(?:a)(?:b)" },
	{ "()", "(?:)" },
	{ "(?:a|b)", "(?:a|b)" },
	{ "(?P<name_1>a)", "(?P<name_1>a)" },
	{ "(?P<_>a)", "(?P<_>a)" },
	{ "(?P<abcdefghijklmnopqrstuvwxyz012345>a)", "(?P<abcdefghijklmnopqrstuvwxyz012345>a)" },
	{ "(?=a)a", "(?=a)a" },
	{ "(?!a)b", "(?!a)b" },
	{ "((?!/)[^/])*", "(?:(?!\\/)[^\\/])*" },
	/* flags for the whole pattern */
	{ "(?i)a", "(?i)a" },
	{ "(?ims)a", "(?ims)a" },
	{ "(?s)", "(?s)" },
	/* sets */
	{ "[abc]", "[abc]" },
	{ "[^abc]", "[^abc]" },
	{ "[a-z0-9]", "[a-z0-9]" },
	{ "[a-]", "[a\\-]" },
	{ "[-a]", "[\\-a]" },
	{ "[a\\-z]", "[a\\-z]" },
	{ "[!--]", "[\\!-\\-]" },
	{ "[]]", "[\\]]" },
	{ "[]a]", "[\\]a]" },
	{ "[^]a]", "[^\\]a]" },
	{ "[]-a]", "[\\]-a]" },
	{ "[a[b]", "[a\\[b]" },
	{ "[[]", "[\\[]" },
	{ "[a^]", "[a\\^]" },
	{ "[\\]]", "[\\]]" },
	{ "[.*+?|(){}$]", "[\\.\\*\\+\\?\\|\\(\\)\\{\\}\\$]" },
	{ "[\\d\\s\\w\\D\\S]", "[\\d\\s\\p{Xan}_\\D\\S]" },
	{ "[\\w-]", "[\\p{Xan}_\\-]" },
	{ "[\\b]", "[\\x08]" },
	{ "[\\v]", "[\\x0b]" },
	{ "[^/\\0]", "[^\\/\\x00]" },
	{ "[\\x41-\\x5a]", "[\\x41-\\x5a]" },
	{ "[\\x41-Z]", "[\\x41-Z]" },
	{ "[\xc3\xa0-\xc3\xa9]", "[\xc3\xa0-\xc3\xa9]" },
	{ "[a&&b]", "[a\\&\\&b]" },
	{ "[a~~b]", "[a\\~\\~b]" },
	{ "[a]b]", "[a]b\\]" },
};

START_TEST(translates)
{
	struct strbuf buffer = { 0 };
	struct error error;

	ck_assert_msg(pattern_translate(accepted[_i].python, &buffer, &error) == 0, "%s: %s",
		      accepted[_i].python, error.text);
	ck_assert_str_eq(strbuf_text(&buffer), accepted[_i].pcre2);
	strbuf_free(&buffer);
}
END_TEST

START_TEST(appends_to_what_is_there)
{
	struct strbuf buffer = { 0 };
	struct error error;

	strbuf_append_string(&buffer, "before");
	ck_assert_int_eq(pattern_translate("a{,2}", &buffer, &error), 0);
	ck_assert_str_eq(strbuf_text(&buffer), "beforea{0,2}");
	strbuf_free(&buffer);
}
END_TEST

static const struct {
	const char *python;
	const char *why;
	int at;
} refused[] = {
	/* escapes that PCRE2 knows and Python does not, or that mean something else to it */
	{ "a\\z", "escape", 1 },
	{ "\\G", "escape", 0 },
	{ "fo\\Ko", "escape", 2 },
	{ "\\N", "escape", 0 },
	{ "\\N{U+0041}", "escape", 0 },
	{ "\\h", "escape", 0 },
	{ "\\H", "escape", 0 },
	{ "\\V", "escape", 0 },
	{ "\\R", "escape", 0 },
	{ "\\X", "escape", 0 },
	{ "\\C", "escape", 0 },
	{ "\\Qa.b\\E", "escape", 0 },
	{ "a\\E", "escape", 1 },
	{ "\\e", "escape", 0 },
	{ "\\cA", "escape", 0 },
	{ "\\g1", "escape", 0 },
	{ "(?P<n>a)\\k<n>", "escape", 8 },
	{ "\\o{101}", "escape", 0 },
	{ "\\p{L}", "escape", 0 },
	{ "\\P{L}", "escape", 0 },
	{ "\\u0041", "escape", 0 },
	{ "\\U00000041", "escape", 0 },
	{ "\\B", "escape", 0 },
	{ "\\i", "escape", 0 },
	{ "\\x", "hexadecimal", 0 },
	{ "\\x4", "hexadecimal", 0 },
	{ "\\x4g", "hexadecimal", 0 },
	{ "\\x{41}", "hexadecimal", 0 },
	{ "a\\", "ends with a backslash", 1 },
	{ "\\", "ends with a backslash", 0 },
	{ "[\\", "ends with a backslash", 1 },
	/* back-references and octal escapes */
	{ "(a)\\1", "back-references", 3 },
	{ "\\9", "back-references", 0 },
	{ "\\11", "back-references", 0 },
	{ "\\18", "back-references", 0 },
	{ "\\01", "back-references", 0 },
	{ "\\012", "back-references", 0 },
	{ "\\377", "back-references", 0 },
	{ "[\\1]", "back-references", 1 },
	{ "[\\400]", "back-references", 1 },
	{ "[\\8]", "back-references", 1 },
	/* sets */
	{ "[", "not closed", 0 },
	{ "[]", "not closed", 0 },
	{ "[^]", "not closed", 0 },
	{ "[^", "not closed", 0 },
	{ "a[bc", "not closed", 1 },
	{ "[a-", "not closed", 0 },
	{ "[\\]", "not closed", 0 },
	{ "[z-a]", "range", 2 },
	{ "[a-\\d]", "range", 2 },
	{ "[\\d-z]", "range", 3 },
	{ "[\\w-\\d]", "range", 3 },
	{ "[a\\W]", "not supported", 2 },
	{ "[a--b]", "range", 2 },
	{ "[\\x42-\\x41]", "range", 5 },
	{ "[[:alpha:]]", "POSIX", 1 },
	{ "[a[:digit:]]", "POSIX", 2 },
	{ "[[.x.]]", "POSIX", 1 },
	{ "[[=x=]]", "POSIX", 1 },
	{ "[a-[:alpha:]]", "POSIX", 3 },
	{ "[\\A]", "escape", 1 },
	{ "[\\Z]", "escape", 1 },
	{ "[\\B]", "escape", 1 },
	{ "[\\h]", "escape", 1 },
	{ "[\\Qa\\E]", "escape", 1 },
	{ "[\\x4g]", "hexadecimal", 1 },
	/* repeats */
	{ "*", "nothing to repeat", 0 },
	{ "+a", "nothing to repeat", 0 },
	{ "?", "nothing to repeat", 0 },
	{ "{1}", "nothing to repeat", 0 },
	{ "{,3}", "nothing to repeat", 0 },
	{ "a|*", "nothing to repeat", 2 },
	{ "(*a)", "this kind of group", 0 },
	{ "(?:*a)", "nothing to repeat", 3 },
	{ "(|+a)", "nothing to repeat", 2 },
	{ "(?i)*", "nothing to repeat", 4 },
	{ "(?i)a\xc3\xa9", "ASCII only", 5 },
	{ "(?si)[\\xe9]", "ASCII only", 10 },
	{ "^*", "nothing to repeat", 1 },
	{ "a$+", "nothing to repeat", 2 },
	{ "\\b+", "nothing to repeat", 2 },
	{ "\\A?", "nothing to repeat", 2 },
	{ "\\Z{2}", "nothing to repeat", 2 },
	{ "(?=a)*", "nothing to repeat", 5 },
	{ "(?!a){2}", "nothing to repeat", 5 },
	{ "a**", "a repeat of a repeat", 2 },
	{ "a+*", "a repeat of a repeat", 2 },
	{ "a{2}{3}", "a repeat of a repeat", 4 },
	{ "a*?*", "a repeat of a repeat", 3 },
	{ "a*??", "a repeat of a repeat", 3 },
	{ "a*+", "possessive", 2 },
	{ "a++", "possessive", 2 },
	{ "a?+", "possessive", 2 },
	{ "a{2}+", "possessive", 4 },
	{ "a{65536}", "65535", 1 },
	{ "a{0,65536}", "65535", 1 },
	{ "a{65536,}", "65535", 1 },
	{ "a{4294967297}", "65535", 1 },
	{ "a{18446744073709551617}", "65535", 1 },
	{ "a{2,1}", "below", 1 },
	/* groups */
	{ "(", "( without )", 1 },
	{ "(a", "( without )", 2 },
	{ "((a)", "( without )", 4 },
	{ ")", ") without (", 0 },
	{ "(a))", ") without (", 3 },
	{ "(?<n>a)", "this kind of group", 0 },
	{ "(?'n'a)", "this kind of group", 0 },
	{ "(?P>n)", "this kind of group", 0 },
	{ "(?P=n)", "this kind of group", 0 },
	{ "(?R)", "this kind of group", 0 },
	{ "(a)(?1)", "this kind of group", 3 },
	{ "(?&n)", "this kind of group", 0 },
	{ "(?|(a)|(b))", "this kind of group", 0 },
	{ "(?>a)", "this kind of group", 0 },
	{ "(?<=a)b", "this kind of group", 0 },
	{ "(?<!a)b", "this kind of group", 0 },
	{ "(?#comment)", "this kind of group", 0 },
	{ "(a)(?(1)b|c)", "this kind of group", 3 },
	{ "(?(DEFINE)a)", "this kind of group", 0 },
	{ "a(?C1)b", "this kind of group", 1 },
	{ "(*ACCEPT)", "this kind of group", 0 },
	{ "a(*ACCEPT)b", "this kind of group", 1 },
	{ "(*UTF)a", "this kind of group", 0 },
	{ "(*LIMIT_MATCH=4000000000)a", "this kind of group", 0 },
	{ "a(*pla:b)", "this kind of group", 1 },
	{ "(?", "this kind of group", 0 },
	{ "(?)", "this kind of group", 0 },
	{ "(?i", "this kind of group", 0 },
	{ "(?P", "this kind of group", 0 },
	{ "(?P<", "bad group name", 4 },
	{ "(?P<>a)", "bad group name", 4 },
	{ "(?P<n", "bad group name", 4 },
	{ "(?P<1n>a)", "bad group name", 4 },
	{ "(?P<n-1>a)", "bad group name", 4 },
	{ "(?P<\xc3\xa9>a)", "bad group name", 4 },
	{ "(?P<abcdefghijklmnopqrstuvwxyz0123456>a)", "bad group name", 4 },
	/* flags that PCRE2 or Python does not know, or not there */
	{ "a(?i)b", "this kind of group", 1 },
	{ "(?i)(?s)a", "this kind of group", 4 },
	{ "(?x)a b", "this kind of group", 0 },
	{ "(?ix)a", "this kind of group", 0 },
	{ "(?xx)[a b]", "this kind of group", 0 },
	{ "(?a)\\w", "this kind of group", 0 },
	{ "(?u)\\w", "this kind of group", 0 },
	{ "(?L)a", "this kind of group", 0 },
	{ "(?U)a+", "this kind of group", 0 },
	{ "(?J)a", "this kind of group", 0 },
	{ "(?n)(a)", "this kind of group", 0 },
	{ "(?^)a", "this kind of group", 0 },
	{ "(?i:a)", "this kind of group", 0 },
	{ "(?-i:a)", "this kind of group", 0 },
	/* bytes */
	{ "a\001", "control character", 1 },
	{ "\r", "control character", 0 },
	{ "\x1b", "control character", 0 },
	{ "\x7f", "control character", 0 },
	{ "[\x01]", "control character", 1 },
	{ "\\\x01", "control character", 1 },
	{ "a\xff", "not UTF-8", 1 },
	{ "\xc3", "not UTF-8", 0 },
	{ "[\xed\xa0\x80]", "not UTF-8", 1 },
	{ "\\\xc0\xaf", "not UTF-8", 1 },
	{ "(?P<n>\xe2\x82)", "not UTF-8", 6 },
};

START_TEST(refuses_and_says_where)
{
	struct strbuf buffer = { 0 };
	struct error error = { { 0 } };
	char at[64];

	ck_assert_msg(pattern_translate(refused[_i].python, &buffer, &error) == -1, "%s is accepted as %s",
		      refused[_i].python, strbuf_text(&buffer));
	assert_contains(error.text, refused[_i].why);
	snprintf(at, sizeof(at), "(at byte %d of the pattern)", refused[_i].at);
	assert_contains(error.text, at);
	strbuf_free(&buffer);
}
END_TEST

/* before, then middle count times, then after. */
static void repeat(struct strbuf *text, const char *before, const char *middle, int count, const char *after)
{
	strbuf_append_string(text, before);
	for (int i = 0; i < count; i++)
		strbuf_append_string(text, middle);
	strbuf_append_string(text, after);
}

static int translate(const char *python, struct error *error)
{
	struct strbuf buffer = { 0 };
	int result = pattern_translate(python, &buffer, error);

	strbuf_free(&buffer);
	return result;
}

START_TEST(a_pattern_has_at_most_8_kib)
{
	struct strbuf pattern = { 0 };
	struct error error;

	repeat(&pattern, "", "a", 8192, "");
	ck_assert_int_eq(translate(pattern.text, &error), 0);
	strbuf_append_char(&pattern, 'a');
	ck_assert_int_eq(translate(pattern.text, &error), -1);
	ck_assert_str_eq(error.text, "pattern over 8 KiB");
	strbuf_free(&pattern);
}
END_TEST

START_TEST(groups_are_nested_200_deep_at_most)
{
	struct strbuf deep = { 0 };
	struct strbuf too_deep = { 0 };
	struct error error;

	repeat(&deep, "", "(", 200, "a");
	repeat(&deep, "", ")", 200, "(b)");
	ck_assert_int_eq(translate(deep.text, &error), 0);
	repeat(&too_deep, "", "(", 201, "a");
	repeat(&too_deep, "", ")", 201, "");
	ck_assert_int_eq(translate(too_deep.text, &error), -1);
	assert_contains(error.text, "nested too deep (at byte 200 ");
	strbuf_free(&deep);
	strbuf_free(&too_deep);
}
END_TEST

START_TEST(the_pattern_is_not_in_the_reason)
{
	static const char *const secrets[] = { "SeCreT(",   "[SeCreT",   "(?P<SeCreT",
					       "(?SeCreT)", "SeCreT\\1", "SeCreT**" };

	for (size_t i = 0; i < ARRAY_LENGTH(secrets); i++) {
		struct error error = { { 0 } };

		ck_assert_int_eq(translate(secrets[i], &error), -1);
		assert_lacks(error.text, "SeCreT");
	}
}
END_TEST

static void fill_accepted(TCase *tcase)
{
	add_table_test(tcase, translates, accepted);
	tcase_add_test(tcase, appends_to_what_is_there);
}

static void fill_refused(TCase *tcase)
{
	add_table_test(tcase, refuses_and_says_where, refused);
	tcase_add_test(tcase, the_pattern_is_not_in_the_reason);
}

static void fill_limits(TCase *tcase)
{
	tcase_add_test(tcase, a_pattern_has_at_most_8_kib);
	tcase_add_test(tcase, groups_are_nested_200_deep_at_most);
}

static Suite *make_suite(void)
{
	Suite *suite = suite_create("translate");

	suite_add(suite, "accepted", fill_accepted);
	suite_add(suite, "refused", fill_refused);
	suite_add(suite, "limits", fill_limits);
	return suite;
}

SUITE_MAIN(make_suite)
