#include "base/strbuf.h"
#include "pattern/pattern.h"
#include "suite.h"

/* Each as Python's re.fullmatch() would, unless a comment says that we are stricter. */
static const struct {
	const char *pattern;
	const char *argument;
	bool matches;
} matches[] = {
	/* text that is no regular expression */
	{ "", "", true },
	{ "ls", "ls", true },
	{ "/srv/a-b", "/srv/a-b", true },
	{ "", "a", false },
	{ "", "\n", false },
	{ "ls", "", false },
	{ "ls", "ls\n", false },
	{ "ls", "lsx", false },
	{ "ls", "xls", false },
	{ "ls", "LS", false },
	/* the whole argument */
	{ "a.c", "abc", true },
	{ "a.c", "abcd", false },
	{ "a.c", "xabc", false },
	{ "a.c", "abc\n", false },
	{ "a.c", "a\nc", false },
	{ "foo$", "foo", true },
	{ "foo$", "foo\n", false },
	{ "^foo$", "foo\n", false },
	{ "^foo$", "x\nfoo", false },
	{ "foo\\Z", "foo\n", false },
	{ "foo\\Z\\n?", "foo\n", false },
	{ "(?m)^foo$", "foo\nEVIL", false },
	{ "(?m)a$", "a\nEVIL", false },
	{ "(?m)^a$\\n^b$", "a\nb", true },
	{ "(?m)a\\n^", "a\n", true },
	{ "a\\n^", "a\n", false },
	{ "(?s)a.c", "a\nc", true },
	{ "[^/]+", "a\n", true },
	{ ".*", "a\n", false },
	{ ".*", "a\nb", false },
	/* every alternative is anchored at both ends */
	{ "a|b", "a", true },
	{ "a|b", "b", true },
	{ "a|b", "aX", false },
	{ "a|b", "Xb", false },
	{ "a|ab", "ab", true },
	{ "/srv/b/a|/srv/b/b", "/srv/b/aEVIL", false },
	{ "/srv/b/a|/srv/b/b", "/srv/b/a/../../etc/shadow", false },
	{ "cat|tac", "catANYTHING", false },
	{ "|a", "", true },
	{ "|a", "b", false },
	/* repeats as Python reads them */
	{ "a{,3}", "", true },
	{ "a{,3}", "aaa", true },
	{ "a{,3}", "aaaa", false },
	{ "a{,3}", "a{,3}", false },
	{ "a{,}", "aaaa", true },
	{ "a{,}", "a{,}", false },
	{ "a{2}", "a", false },
	{ "a{2}", "aaa", false },
	{ "a{x}", "a{x}", true },
	{ "a{x}", "a", false },
	{ "a+?", "aaa", true },
	/* characters, not bytes */
	{ ".", "\xc3\xa9", true },
	{ "..", "\xc3\xa9", false },
	{ "\\w", "\xc3\xa9", true },
	{ "\\W", "\xc3\xa9", false },
	{ "[^\\w]", "\xc3\xa9", false },
	{ "\\D", "\xd9\xa3", false },
	{ "\\d", "\xd9\xa3", true },
	{ "\\d", "\xef\xbc\x91", true },
	{ "[0-9]", "\xef\xbc\x91", false },
	{ "\\S", "\xc2\xa0", false },
	{ "\\s", "\xc2\xa0", true },
	{ "[a-z]", "\xc3\xa9", false },
	{ "(?i)ls.*", "LS", true },
	{ "(?i)k.?", "\xe2\x84\xaa", true },
	{ "\xc3\xa9\\b.*", "\xc3\xa9t", false },
	{ "\\xe9", "\xc3\xa9", true },
	/* what PCRE2 would read otherwise */
	{ "a\\vb", "a\x0b" "b", true },
	{ "a\\vb", "a\nb", false },
	{ "[\\v]", "\n", false },
	{ "[\\b]", "\x08", true },
	{ "[\\b]", "b", false },
	{ "[^/\\0]+", "abc", true },
	{ "[^/\\0]+", "a/c", false },
	{ "a\\xfe?b", "ab", true },
	/* lookaheads at the start: lost by the optimisations of PCRE2 before 10.45 */
	{ "(?=a)\\w?a", "a", true },
	{ "(?!-).*", "-x", false },
	{ "(?!-).*", "x-", true },
	{ "(?!.*\\.\\.)/srv/.*", "/srv/../etc", false },
	{ "(?!.*\\.\\.)/srv/.*", "/srv/a", true },
	/* more groups than one */
	{ "(a)(b)(c)(?P<d>d)", "abcd", true },
	/* stricter than Python: what is no UTF-8 matches nothing */
	{ ".*", "\xff", false },
	{ "a.b", "a\xff" "b", false },
	{ "a.*", "a\xff" "EVIL", false },
	{ "a[^/]?", "a\xff", false },
	{ "[^a]*", "\xc3", false },
	{ "(?s).*", "\xed\xa0\x80", false },
	{ "(?s).*", "\xc0\xaf", false },
	{ "(?s).*", "ok\xf4\x90\x80\x80", false },
	/* stricter: white space or case to only one of the two */
	{ "a.b", "a\x1c" "b", false },
	{ "(?s).*", "\x1d", false },
	{ "\\S*", "\x1e", false },
	{ "\\s", "\x1f", false },
	{ "\\S", "\xe1\xa0\x8e", false },
	{ ".*", "\xe1\xa0\x8e", false },
	{ "(?i)i.?", "\xc4\xb0", false },
	{ "(?i)i.?", "\xc4\xb1", false },
	{ ".*", "\x1b", true },
	{ ".*", "\xc4\xb2", true },
};

START_TEST(matches_the_whole_argument)
{
	struct error error = { { 0 } };
	enum pattern_result wanted = matches[_i].matches ? PATTERN_MATCH : PATTERN_NO_MATCH;

	ck_assert_msg(pattern_match(matches[_i].pattern, matches[_i].argument, &error) == wanted,
		      "%s on \"%s\": %s", matches[_i].pattern, matches[_i].argument, error.text);
}
END_TEST

/* translate's own table has each refused construct. */
static const char *const unusable[] = {
	"(",
	"a(*ACCEPT)b",
	"(*LIMIT_MATCH=4000000000)(a+)+",
	"x\\K",
	"(a)\\1",
	"[[:alpha:]]",
	"\xff+",
	"a{65536}",
	"foo\\",
	"(?P<n>a)(?P<n>b)",    /* a name twice: PCRE2 refuses it */
	"(?:a{65535}){65535}", /* too large for PCRE2 */
};

START_TEST(an_unusable_pattern_never_matches)
{
	static const char *const arguments[] = { "", "a", "ab", "aa", "foo$", "\xff" };
	struct error error = { { 0 } };

	ck_assert_int_eq(pattern_check(unusable[_i], &error), -1);
	ck_assert_str_ne(error.text, "");
	for (size_t i = 0; i < ARRAY_LENGTH(arguments); i++) {
		error.text[0] = '\0';
		ck_assert_int_eq(pattern_match(unusable[_i], arguments[i], &error), PATTERN_UNUSABLE);
		ck_assert_str_ne(error.text, "");
	}
}
END_TEST

START_TEST(a_usable_pattern_passes_the_check)
{
	struct error error;

	ck_assert_int_eq(pattern_check("", &error), 0);
	ck_assert_int_eq(pattern_check("ls", &error), 0);
	ck_assert_int_eq(pattern_check("(?i)([a-z]+|\\d{1,3})(?!x)", &error), 0);
}
END_TEST

START_TEST(two_hundred_groups_can_be_compiled)
{
	struct strbuf pattern = { 0 };
	struct error error = { { 0 } };

	for (int i = 0; i < 200; i++)
		strbuf_append_char(&pattern, '(');
	strbuf_append_char(&pattern, 'a');
	for (int i = 0; i < 200; i++)
		strbuf_append_char(&pattern, ')');
	ck_assert_msg(pattern_match(pattern.text, "a", &error) == PATTERN_MATCH, "%s", error.text);
	strbuf_free(&pattern);
}
END_TEST

/* count times unit, then end. */
static char *subject(const char *unit, size_t count, const char *end)
{
	struct strbuf text = { 0 };

	for (size_t i = 0; i < count; i++)
		strbuf_append_string(&text, unit);
	strbuf_append_string(&text, end);
	return text.text;
}

/* Patterns that a hostile argument drives into exponential work. */
static const struct {
	const char *pattern;
	size_t length;
} explosive[] = {
	{ "(a+)+$", 21 }, /* a million steps; PCRE2's own limit is ten million */
	{ "(a+)+$", 30 },       { "(a+)+$", 100 },         { "(a+)+$", 1000 },   { "(a+)+$", 100000 },
	{ "(a|aa)+$", 100 },    { "(a|aa)+$", 100000 },    { "([a-z]+)+x", 28 }, { "(a*)*b", 100 },
	{ "(.*)*(.*)*b", 200 }, { "(?:a?){60}a{60}", 59 },
};

START_TEST(hostile_arguments_end_at_a_limit)
{
	char *argument = subject("a", explosive[_i].length, "!");
	struct error error = { { 0 } };

	ck_assert_int_eq(pattern_match(explosive[_i].pattern, argument, &error), PATTERN_LIMIT);
	assert_contains(error.text, "too many steps or too much memory");
	free(argument);
}
END_TEST

/* The longest argument that Linux passes has 131,071 bytes. */
static const struct {
	const char *pattern;
	const char *unit;
	size_t count;
	const char *end;
	enum pattern_result result;
} longest[] = {
	{ "(a|b)*!", "ab", 65535, "!", PATTERN_MATCH },
	{ "(a|b)*!", "ab", 65535, "?", PATTERN_NO_MATCH },
	{ "(([^/\\0])+(/+)?)*", "abcdefg/", 16383, "x", PATTERN_MATCH },
	{ "[a-z]+", "a", 131071, "", PATTERN_MATCH },
	{ "[a-z]+", "a", 131070, "\n", PATTERN_NO_MATCH },
	{ ".*", "\xc3\xa9", 65535, "a", PATTERN_MATCH },
	{ ".*", "\xc3\xa9", 65535, "\xff", PATTERN_NO_MATCH },
};

START_TEST(honest_patterns_stay_below_the_limits)
{
	char *argument = subject(longest[_i].unit, longest[_i].count, longest[_i].end);
	struct error error = { { 0 } };

	ck_assert_msg(pattern_match(longest[_i].pattern, argument, &error) == longest[_i].result, "%s: %s",
		      longest[_i].pattern, error.text);
	free(argument);
}
END_TEST

static void fill_match(TCase *tcase)
{
	add_table_test(tcase, matches_the_whole_argument, matches);
}

static void fill_check(TCase *tcase)
{
	add_table_test(tcase, an_unusable_pattern_never_matches, unusable);
	tcase_add_test(tcase, a_usable_pattern_passes_the_check);
	tcase_add_test(tcase, two_hundred_groups_can_be_compiled);
}

static void fill_limits(TCase *tcase)
{
	add_table_test(tcase, hostile_arguments_end_at_a_limit, explosive);
	add_table_test(tcase, honest_patterns_stay_below_the_limits, longest);
}

static Suite *make_suite(void)
{
	Suite *suite = suite_create("pattern");

	suite_add(suite, "match", fill_match);
	suite_add(suite, "check", fill_check);
	suite_add(suite, "limits", fill_limits);
	return suite;
}

SUITE_MAIN(make_suite)
