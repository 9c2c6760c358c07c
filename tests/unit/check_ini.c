#include "base/strbuf.h"
#include "ini/ini.h"
#include "suite.h"

#define FORTY_NINE "1234567890123456789012345678901234567890123456789"
#define SIXTY "123456789012345678901234567890123456789012345678901234567890"

static int parse(struct ini *ini, const char *text, size_t length, enum ini_duplicates duplicates,
		 struct arena *arena, unsigned *line, struct error *error)
{
	/* In memory of just that size, so that AddressSanitizer sees a byte read too many. */
	char *bytes = memory_allocate(length, 1);
	int result;

	memcpy(bytes, text, length);
	result = ini_read(ini, bytes, length, duplicates, arena, line, error);
	free(bytes);
	return result;
}

/* "[section]|line:name=value|..."; a repeated option has a + before it. */
static void write_ini(const struct ini *ini, struct strbuf *out)
{
	for (const struct ini_section *section = ini->sections; section; section = section->next) {
		strbuf_append_format(out, "[%s]", section->name);
		for (const struct ini_option *option = section->options; option; option = option->next)
			strbuf_append_format(out, "|%s%u:%s=%s", option->repeated ? "+" : "", option->line,
					     option->name, option->value);
	}
}

static void assert_reads(const char *text, enum ini_duplicates duplicates, const char *wanted)
{
	struct arena arena = { 0 };
	struct strbuf out = { 0 };
	struct error error = { { 0 } };
	struct ini ini;
	unsigned line;

	ck_assert_msg(parse(&ini, text, strlen(text), duplicates, &arena, &line, &error) == 0, "line %u: %s",
		      line, error.text);
	write_ini(&ini, &out);
	ck_assert_str_eq(strbuf_text(&out), wanted);
	strbuf_free(&out);
	arena_free(&arena);
}

static void assert_refuses(const char *text, size_t length, enum ini_duplicates duplicates,
			   unsigned wanted_line, const char *why)
{
	struct arena arena = { 0 };
	struct error error = { { 0 } };
	struct ini ini;
	unsigned line = 12345;

	ck_assert_int_eq(parse(&ini, text, length, duplicates, &arena, &line, &error), -1);
	ck_assert_str_eq(error.text, why);
	ck_assert_uint_eq(line, wanted_line);
	arena_free(&arena);
}

/* What RawConfigParser gives, too: none of these has duplicates. */
static const struct {
	const char *text;
	const char *wanted;
} valid[] = {
	{ "", "" },
	{ "\n# nothing\n; at all\n", "" },
	{ "[Filters]\na: CommandFilter, x, root\n", "[Filters]|2:a=CommandFilter, x, root" },
	{ "[Filters]\na=b:c\n", "[Filters]|2:a=b:c" },
	{ "[Filters]\na:b=c\n", "[Filters]|2:a=b=c" },
	{ "[Filters]\na = 1\nb : 2\n", "[Filters]|2:a=1|3:b=2" },
	/* what looks like a comment inside a line is none */
	{ "[Filters]\nx: RegExpFilter, a, root, a, foo ;bar\n",
	  "[Filters]|2:x=RegExpFilter, a, root, a, foo ;bar" },
	{ "[Filters]\nx: foo;bar\n", "[Filters]|2:x=foo;bar" },
	{ "[Filters]\nx: foo #bar\n", "[Filters]|2:x=foo #bar" },
	{ "[Filters]\nx ;y: foo\n", "[Filters]|2:x ;y=foo" },
	{ "[Filters ;x]\na: b\n", "[Filters ;x]|2:a=b" },
	{ "[Filters]\nx: ;foo\n", "[Filters]|2:x=;foo" },
	{ "[Filters]\nx:\t;foo\n", "[Filters]|2:x=;foo" },
	{ "[Filters]\n; a: 1\n# b: 2\n  # c: 3\na: b\n", "[Filters]|5:a=b" },
	/* sections */
	{ "[Filters]\n[X]\n[Y]\na: 1\n", "[Filters][X][Y]|4:a=1" },
	{ "[X]\nq: 1\n[Filters]\na: 1\n", "[X]|2:q=1[Filters]|4:a=1" },
	{ "[Filters] # comment\na: 1\n", "[Filters]|2:a=1" },
	{ "[Filters]: x\na: 1\n", "[Filters]|2:a=1" },
	{ "[ ]\na: 1\n", "[ ]|2:a=1" },
	{ "[ Filters ]\na: 1\n", "[ Filters ]|2:a=1" },
	{ "[filters]\na: 1\n", "[filters]|2:a=1" },
	{ "  [Filters]\na: 1\n", "[Filters]|2:a=1" },
	{ "[" FORTY_NINE "]\na: 1\n", "[" FORTY_NINE "]|2:a=1" },
	{ "[\xc3\xa9]\na: 1\n", "[\xc3\xa9]|2:a=1" },
	/* names and values */
	{ "[Filters]\na b c: 1\n", "[Filters]|2:a b c=1" },
	{ "[Filters]\nFoo-BAR.x: Y\n", "[Filters]|2:foo-bar.x=Y" },
	{ "[Filters]\na:\nb: 1\n", "[Filters]|2:a=|3:b=1" },
	{ "[Filters]\n  a  :  1 2  \n", "[Filters]|2:a=1 2" },
	{ "[Filters]\na: %(x)s %% %\n", "[Filters]|2:a=%(x)s %% %" },
	{ "[Filters]\na: \"quoted\" 'too'\n", "[Filters]|2:a=\"quoted\" 'too'" },
	{ "[Filters]\na: \xc3\xa9\xf0\x9f\x98\x80\n", "[Filters]|2:a=\xc3\xa9\xf0\x9f\x98\x80" },
	{ "[Filters]\n" FORTY_NINE ": 1\n 2\n", "[Filters]|2:" FORTY_NINE "=1\n2" },
	{ "[Filters]\n" SIXTY ": 1\n 2\n", "[Filters]|2:" SIXTY "=1\n2" },
	{ "[Filters]\na: 1", "[Filters]|2:a=1" },
	{ "[Filters]\r\na: 1\r\nb: 2\r\n", "[Filters]|2:a=1|3:b=2" },
	/* values of several lines */
	{ "[Filters]\na: 1\n  2\n\t3\n", "[Filters]|2:a=1\n2\n3" },
	{ "[Filters]\na: 1\n\n  2\n", "[Filters]|2:a=1\n\n2" },
	{ "[Filters]\na: 1\n\n\n  2\n  \n 3\n", "[Filters]|2:a=1\n\n\n2\n\n3" },
	{ "[Filters]\na: 1\n# no\n  2\n", "[Filters]|2:a=1\n2" },
	{ "[Filters]\na: 1\n  # no\n\n  2\n", "[Filters]|2:a=1\n\n2" },
	{ "[Filters]\na: 1\n  ; no\n  y\n", "[Filters]|2:a=1\ny" },
	{ "[Filters]\na: 1\n  x ;y\n", "[Filters]|2:a=1\nx ;y" },
	{ "[Filters]\na: 1\n  b: 2\n", "[Filters]|2:a=1\nb: 2" },
	{ "[Filters]\na: 1\n  b: 2\n  c: 3\nd: 4\n", "[Filters]|2:a=1\nb: 2\nc: 3|5:d=4" },
	{ "[Filters]\na: 1\n  [X]\nb: 2\n", "[Filters]|2:a=1\n[X]|4:b=2" },
	{ "[X]\nq: 1\n  [Filters]\n  a: 1\n", "[X]|2:q=1\n[Filters]\na: 1" },
	{ "[Filters]\na: 1\n\n\n", "[Filters]|2:a=1" },
	{ "[Filters]\na: 1\n\nb: 2\n\n[X]\n\nc: 3\n", "[Filters]|2:a=1|4:b=2[X]|8:c=3" },
	{ "[Filters]\na:\n  1\n", "[Filters]|2:a=\n1" },
	{ "[Filters]\r\na: 1\r\n\r\n  2\r\n", "[Filters]|2:a=1\n\n2" },
	/* indentation */
	{ "[Filters]\n  a: 1\n  b: 2\n", "[Filters]|2:a=1|3:b=2" },
	{ "[Filters]\n  a: 1\n b: 2\n", "[Filters]|2:a=1|3:b=2" },
	{ "[Filters]\n  a: 1\n    b: 2\n  c: 3\n", "[Filters]|2:a=1\nb: 2|4:c=3" },
	{ "[Filters]\n    a: 1\n", "[Filters]|2:a=1" },
	{ "[Filters]\n\ta: 1\n  b: 2\n", "[Filters]|2:a=1\nb: 2" },
};

START_TEST(reads_as_python_does)
{
	assert_reads(valid[_i].text, INI_DUPLICATES_REFUSED, valid[_i].wanted);
	assert_reads(valid[_i].text, INI_DUPLICATES_LAST_WINS, valid[_i].wanted);
}
END_TEST

/* What Python refuses, or libinih and Python would read differently; the reader's own test has all of it. */
static const struct {
	const char *text;
	size_t length;          /* 0: up to the terminator */
	unsigned line;
	const char *why;
} invalid[] = {
	{ "a: 1\n[Filters]\nb: 2\n", 0, 1, "option before the first section header" },
	{ "[Filters]\na\nb: 1\n", 0, 2, "neither = nor : on an option line" },
	{ "[Filters]\n: 1\nb: 2\n", 0, 2, "option without a name" },
	{ "[Filters\na: 1\n", 0, 1, "section header without ]" },
	{ "[Filters]\n[x: y\n", 0, 2, "section header without ]" },
	{ "[Filters] # see [1]\na: 1\n", 0, 1, "more than one ] in a section header" },
	{ "[Filters]]\na: 1\n", 0, 1, "more than one ] in a section header" },
	{ "[[Filters]]\na: 1\n", 0, 1, "more than one ] in a section header" },
	{ "[]\na: 1\n", 0, 1, "section header without a name" },
	{ "[" FORTY_NINE "0]\na: 1\n", 0, 1, "section name over 49 bytes" },
	{ "[" SIXTY "]\na: 1\n", 0, 1, "section name over 49 bytes" },
	{ "\xef\xbb\xbf[Filters]\na: 1\n", 0, 1, "byte order mark" },
	{ "[Filters]\na: 1\rb: 2\n", 0, 2, "carriage return inside a line" },
	{ "[Filters]\na: 1\0 2\nb: 3\n", 22, 2, "control character" },
	{ "[Filters]\n\0a: 1\nb: 3\n", 21, 2, "control character" },
	{ "[Filters]\n\va: 1\n\fb: 2\n", 0, 2, "control character" },
	{ "[Filters]\na: 1\n\x1c" "b: 2\n", 0, 3, "control character" },
	{ "[Filters]\na: 1\n\xc2\xa0" "b: 2\n", 0, 3, "white space other than blank and tab" },
	{ "[Filters]\na: 1\xc2\x85" "b\n", 0, 2, "white space other than blank and tab" },
	{ "[Filters]\na: 1\xe2\x80\xa8" "b: 2\n", 0, 2, "white space other than blank and tab" },
	{ "[Filters]\na: \xff\n", 0, 2, "not UTF-8" },
	{ "[Filters]\n# \xff\na: 1\n", 0, 2, "not UTF-8" },
	{ "[Filters]\n\xc3\xa9: 1\n", 0, 2, "option name is not ASCII" },
	/* far down, so that the line is right behind comments, blank lines and continuations */
	{ "# 1\n\n[Filters]\na: 1\n  2\n\n  3\n# 8\n\r\nb\n", 0, 10, "neither = nor : on an option line" },
};

START_TEST(refuses_with_the_line)
{
	size_t length = invalid[_i].length > 0 ? invalid[_i].length : strlen(invalid[_i].text);

	assert_refuses(invalid[_i].text, length, INI_DUPLICATES_REFUSED, invalid[_i].line, invalid[_i].why);
	assert_refuses(invalid[_i].text, length, INI_DUPLICATES_LAST_WINS, invalid[_i].line, invalid[_i].why);
}
END_TEST

static const struct {
	const char *text;
	unsigned line;          /* of the error when duplicates are refused; 0: none */
	const char *why;
	const char *wanted;     /* otherwise */
} duplicates[] = {
	{ "[Filters]\na: 1\nb: 2\na: 3\n", 4, "the same option twice", "[Filters]|+4:a=3|3:b=2" },
	{ "[Filters]\nFoo: 1\nfoo: 2\n", 3, "the same option twice", "[Filters]|+3:foo=2" },
	{ "[Filters]\na: 1\n  more\na: 2\n  lines\n", 4, "the same option twice", "[Filters]|+4:a=2\nlines" },
	{ "[Filters]\na: 1\na:\n", 3, "the same option twice", "[Filters]|+3:a=" },
	{ "[Filters]\na: 1\n[X]\nq: 1\n[Filters]\nb: 2\n", 5, "the same section twice",
	  "[Filters]|2:a=1|6:b=2[X]|4:q=1" },
	{ "[Filters]\na: 1\n[Filters]\na: 2\n", 3, "the same section twice", "[Filters]|+4:a=2" },
	{ "[Filters]\n[Filters]\n", 2, "the same section twice", "[Filters]" },
	{ "[DEFAULT]\na: 1\n[DEFAULT]\na: 2\n", 4, "the same option twice", "[DEFAULT]|+4:a=2" },
	/* no duplicates */
	{ "[DEFAULT]\na: 1\n[X]\n[DEFAULT]\nb: 2\n", 0, NULL, "[DEFAULT]|2:a=1|5:b=2[X]" },
	{ "[Filters]\na: 1\n[X]\na: 2\n", 0, NULL, "[Filters]|2:a=1[X]|4:a=2" },
	{ "[Filters]\na: 1\n[filters]\na: 2\n", 0, NULL, "[Filters]|2:a=1[filters]|4:a=2" },
	{ "[DEFAULT]\na: 1\n[Filters]\na: 2\n", 0, NULL, "[DEFAULT]|2:a=1[Filters]|4:a=2" },
};

START_TEST(duplicates_are_refused_or_the_last_wins)
{
	const char *text = duplicates[_i].text;

	if (duplicates[_i].line > 0)
		assert_refuses(text, strlen(text), INI_DUPLICATES_REFUSED, duplicates[_i].line,
			       duplicates[_i].why);
	else
		assert_reads(text, INI_DUPLICATES_REFUSED, duplicates[_i].wanted);
	assert_reads(text, INI_DUPLICATES_LAST_WINS, duplicates[_i].wanted);
}
END_TEST

/* RawConfigParser.items("Filters"): those of [DEFAULT] first. */
static const struct {
	const char *text;
	const char *wanted;     /* NULL: there is no such section */
} items[] = {
	{ "", NULL },
	{ "[X]\na: 1\n", NULL },
	{ "[filters]\na: 1\n", NULL },
	{ "[DEFAULT]\na: 1\n", NULL },
	{ "[Filters]\n", "" },
	{ "[Filters]\nb: 1\na: 2\n", "b=1|a=2|" },
	{ "[DEFAULT]\nd: 0\n[Filters]\na: 1\n", "d=0|a=1|" },
	{ "[Filters]\na: 1\n[DEFAULT]\nd: 0\na: 9\n", "d=0|a=1|" },
	{ "[Filters]\na: 1\nb: 2\n[DEFAULT]\nc: 7\nb: 8\na: 9\n", "c=7|b=2|a=1|" },
	{ "[DEFAULT]\na: 0\n[Filters]\n", "a=0|" },
	{ "[DEFAULT]\nA: 0\n[Filters]\na: 1\n", "a=1|" },
	{ "[DEFAULT]\n[Filters]\na: 1\n[X]\nb: 2\n", "a=1|" },
	{ "[default]\nd: 0\n[Filters]\na: 1\n", "a=1|" },
	{ "[Filters]\na: 1\n[X]\n[Filters]\na: 2\nb: 3\n", "a=2|b=3|" },
};

START_TEST(items_merge_the_defaults)
{
	struct arena arena = { 0 };
	struct strbuf out = { 0 };
	struct error error;
	struct ini ini;
	unsigned line;
	const struct ini_option **list;
	int result;

	result = parse(&ini, items[_i].text, strlen(items[_i].text), INI_DUPLICATES_LAST_WINS, &arena, &line,
		       &error);
	ck_assert_int_eq(result, 0);
	list = ini_items(&ini, "Filters", &arena);
	ck_assert((list == NULL) == (items[_i].wanted == NULL));
	for (const struct ini_option **option = list; option && *option; option++)
		strbuf_append_format(&out, "%s=%s|", (*option)->name, (*option)->value);
	if (items[_i].wanted)
		ck_assert_str_eq(strbuf_text(&out), items[_i].wanted);
	strbuf_free(&out);
	arena_free(&arena);
}
END_TEST

START_TEST(finds_sections_by_their_exact_names)
{
	static const char text[] = "\n[A]\nx: 1\n[AB]\n[A]\n";
	struct arena arena = { 0 };
	struct error error;
	struct ini ini;
	unsigned line;

	ck_assert_int_eq(parse(&ini, text, strlen(text), INI_DUPLICATES_LAST_WINS, &arena, &line, &error), 0);
	ck_assert_uint_eq(ini_section(&ini, "A")->line, 2);
	ck_assert_uint_eq(ini_section(&ini, "AB")->line, 4);
	ck_assert_ptr_null(ini_section(&ini, "a"));
	ck_assert_ptr_null(ini_section(&ini, ""));
	ck_assert_ptr_null(ini_section(&ini, "DEFAULT"));
	arena_free(&arena);
}
END_TEST

/* before, x's up to length bytes, then after. */
static struct strbuf padded(const char *before, size_t length, const char *after)
{
	struct strbuf text = { 0 };

	strbuf_append_string(&text, before);
	while (text.length < length)
		strbuf_append_char(&text, 'x');
	strbuf_append_string(&text, after);
	return text;
}

/* Around libinih's own buffers (200 bytes and multiples), and the longest. */
static const size_t line_lengths[] = { 150, 190, 196, 197,  198,  199,   200,  201,
				       250, 398, 400, 1000, 5000, 10000, 65533 };

START_TEST(a_long_line_arrives_whole)
{
	static const char head[] = "[Filters]\na: ";
	size_t length = line_lengths[_i];
	struct strbuf text =
		padded(head, strlen("[Filters]\n") + length - strlen(" TAIL"), " TAIL\n more\nb: 1\n");
	struct arena arena = { 0 };
	struct error error = { { 0 } };
	struct ini ini;
	const struct ini_option *option;
	unsigned line;

	ck_assert_msg(parse(&ini, text.text, text.length, INI_DUPLICATES_REFUSED, &arena, &line, &error) == 0,
		      "%s", error.text);
	option = ini_section(&ini, "Filters")->options;
	ck_assert_uint_eq(strlen(option->value), length - strlen("a: ") + strlen("\nmore"));
	ck_assert_str_eq(option->value + length - strlen("a: ") - strlen(" TAIL"), " TAIL\nmore");
	ck_assert_str_eq(option->next->name, "b");
	ck_assert_uint_eq(option->next->line, 4);
	ck_assert_ptr_null(option->next->next);
	strbuf_free(&text);
	arena_free(&arena);
}
END_TEST

/* A line that libinih's own reading would cut, so that its tail would be a filter. */
static const char *const injections[] = { "[Filters]\na: v", "[Filters]\n#", "[Filters]\n;",
					  "[Filters]\na: v " };

START_TEST(the_tail_of_a_long_line_is_no_option)
{
	for (size_t length = 150; length < 450; length++) {
		struct strbuf text = padded(injections[_i], length, "evil: CommandFilter, sh, root\nb: 1\n");
		struct arena arena = { 0 };
		struct error error;
		struct ini ini;
		unsigned line;
		int result;

		result = parse(&ini, text.text, text.length, INI_DUPLICATES_REFUSED, &arena, &line, &error);
		ck_assert_int_eq(result, 0);
		for (const struct ini_option *option = ini.sections->options; option; option = option->next)
			ck_assert(strlen(option->name) == 1);
		strbuf_free(&text);
		arena_free(&arena);
	}
}
END_TEST

START_TEST(a_line_has_at_most_65533_bytes)
{
	struct strbuf text = padded("[Filters]\na: ", strlen("[Filters]\n") + 65534, "\nb: 1\n");

	assert_refuses(text.text, text.length, INI_DUPLICATES_REFUSED, 2, "line over 65533 bytes");
	strbuf_free(&text);
}
END_TEST

/* A file of length bytes of short lines. */
static struct strbuf large_file(size_t length)
{
	struct strbuf text = { 0 };

	strbuf_append_string(&text, "[Filters]\n");
	for (unsigned i = 0; text.length + 64 < length; i++)
		strbuf_append_format(&text, "option%u: value of %u\n", i, i);
	strbuf_append_string(&text, "last: ");
	while (text.length < length)
		strbuf_append_char(&text, 'x');
	return text;
}

START_TEST(a_file_has_at_most_1_mib)
{
	struct strbuf text = large_file(1 << 20);
	struct arena arena = { 0 };
	struct error error = { { 0 } };
	struct ini ini;
	unsigned line;

	ck_assert_msg(parse(&ini, text.text, text.length, INI_DUPLICATES_REFUSED, &arena, &line, &error) == 0,
		      "%s", error.text);
	ck_assert_str_eq(ini.sections->options->name, "option0");
	strbuf_append_char(&text, 'x');
	assert_refuses(text.text, text.length, INI_DUPLICATES_REFUSED, 0, "file over 1 MiB");
	strbuf_free(&text);
	arena_free(&arena);
}
END_TEST

START_TEST(what_is_refused_is_not_in_the_reason)
{
	static const char *const texts[] = {
		"SeCreT: 1\n", "[F]\nSeCreT\n", "[SeCreT\n", "[SeCreT]]\n", "[F]\nSeCreT\x01: x\n",
		"[F]\nSeCreT: 1\nSeCreT: 2\n", "[SeCreT]\n[SeCreT]\n", "root:$6$SeCreT:19000:0:99999:7:::\n",
	};

	for (size_t i = 0; i < ARRAY_LENGTH(texts); i++) {
		struct arena arena = { 0 };
		struct error error = { { 0 } };
		struct ini ini;
		unsigned line;
		int result;

		result = parse(&ini, texts[i], strlen(texts[i]), INI_DUPLICATES_REFUSED, &arena, &line,
			       &error);
		ck_assert_int_eq(result, -1);
		assert_lacks(error.text, "SeCreT");
		assert_lacks(error.text, "secret");
		arena_free(&arena);
	}
}
END_TEST

static void fill_read(TCase *tcase)
{
	add_table_test(tcase, reads_as_python_does, valid);
	add_table_test(tcase, duplicates_are_refused_or_the_last_wins, duplicates);
	add_table_test(tcase, items_merge_the_defaults, items);
	tcase_add_test(tcase, finds_sections_by_their_exact_names);
}

static void fill_refused(TCase *tcase)
{
	add_table_test(tcase, refuses_with_the_line, invalid);
	tcase_add_test(tcase, what_is_refused_is_not_in_the_reason);
}

static void fill_limits(TCase *tcase)
{
	add_table_test(tcase, a_long_line_arrives_whole, line_lengths);
	add_table_test(tcase, the_tail_of_a_long_line_is_no_option, injections);
	tcase_add_test(tcase, a_line_has_at_most_65533_bytes);
	tcase_add_test(tcase, a_file_has_at_most_1_mib);
}

static Suite *make_suite(void)
{
	Suite *suite = suite_create("ini");

	suite_add(suite, "read", fill_read);
	suite_add(suite, "refused", fill_refused);
	suite_add(suite, "limits", fill_limits);
	return suite;
}

SUITE_MAIN(make_suite)
