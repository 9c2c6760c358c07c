#include "base/strbuf.h"
#include "ini/reader.h"
#include "suite.h"

enum {
	LONGEST_LINE = 65533,
	LIBRARY_SIZE = LONGEST_LINE + 3,        /* of the buffer that libinih passes */
};

/* Reads to the end or to an error.  Each line given: s, o, c or - for its kind, and what libinih gets. */
static void read_all(struct ini_reader *reader, const char *text, size_t length, struct strbuf *given)
{
	static char buffer[LIBRARY_SIZE];
	const char *line;

	*reader = (struct ini_reader){ .next = text, .end = text + length };
	while ((line = ini_reader_line(buffer, sizeof(buffer), reader)) != NULL) {
		char kind = reader->kind == INI_LINE_OPTION       ? 'o' :
			    reader->kind == INI_LINE_CONTINUATION ? 'c' :
			    reader->section_length > 0            ? 's' :
								    '-';

		strbuf_append_char(given, kind);
		strbuf_append_string(given, line);
	}
}

static const struct {
	const char *text;
	const char *given;
} readable[] = {
	{ "", "" },
	{ "\n", "-\n" },
	{ "\n\n  \n\t\n", "-\n-\n-\n-\n" },
	{ "[F]\na: 1\n", "s[F]\noa: 1\n" },
	{ "[F]\na: 1", "s[F]\noa: 1\n" },
	{ "[F]\r\na: 1\r\n\r\n", "s[F]\noa: 1\n-\n" },
	{ "# x\n; y\n  # z\n\t; z\n", "-\n-\n-\n-\n" },
	{ "# \xc2\xa0\xe2\x80\xa8\n", "-\n" },
	/* blanks at both ends are gone, but for the one that makes a continuation */
	{ "  [F]  \n", "s[F]\n" },
	{ "[F]\n  a: 1  \n", "s[F]\noa: 1\n" },
	{ "[F]\na: 1\n\tb: 2\t\n", "s[F]\noa: 1\nc b: 2\n" },
	{ "[F]\na: 1\n    [X]\n", "s[F]\noa: 1\nc [X]\n" },
	{ "[F]\na: 1\n  # no\n  b\n", "s[F]\noa: 1\n-\nc b\n" },
	{ "[F]\na: 1\n\n  b\n", "s[F]\noa: 1\n-\nc b\n" },
	/* an option is indented as far as the one above: no continuation */
	{ "[F]\n  a: 1\n  b: 2\n b: 3\n", "s[F]\noa: 1\nob: 2\nob: 3\n" },
	{ "[F]\n  a: 1\n   b: 2\n", "s[F]\noa: 1\nc b: 2\n" },
	{ "[F]\n\n  a: 1\n", "s[F]\n-\noa: 1\n" },
	{ "[F]\na: 1\n[G]\n  b: 2\n", "s[F]\noa: 1\ns[G]\nob: 2\n" },
	/* what follows the bracket is left out, unless it holds another bracket */
	{ "[F] # comment\n", "s[F]\n" },
	{ "[F]: x\n", "s[F]\n" },
	{ "[ F ]\n", "s[ F ]\n" },
	{ "[[F]\n", "s[[F]\n" },
	{ "[F ;x]\n", "s[F ;x]\n" },
	/* text that libinih would take for a comment */
	{ "[F]\nx: a ;b # c\n", "s[F]\nox: a ;b # c\n" },
	{ "[F]\nx ;y: a\n", "s[F]\nox ;y: a\n" },
	{ "[F]\nx: \xc3\xa9\n", "s[F]\nox: \xc3\xa9\n" },
	{ "[F]\nx: a\tb\n", "s[F]\nox: a\tb\n" },
	{ "[F]\na=b:c\n", "s[F]\noa=b:c\n" },
	{ "[F]\na:\n", "s[F]\noa:\n" },
	{ "[F]\na[b]: 1\n", "s[F]\noa[b]: 1\n" },
};

START_TEST(gives_whole_lines)
{
	struct ini_reader reader;
	struct strbuf given = { 0 };

	read_all(&reader, readable[_i].text, strlen(readable[_i].text), &given);
	ck_assert_ptr_null(reader.why);
	ck_assert_ptr_eq(reader.next, reader.end);
	ck_assert_str_eq(strbuf_text(&given), readable[_i].given);
	strbuf_free(&given);
}
END_TEST

/* length 0: up to the terminator. */
static const struct {
	const char *text;
	size_t length;
	unsigned line;
	const char *why;
} unreadable[] = {
	{ "a: 1\n", 0, 1, "option before the first section header" },
	{ "\n# x\n\na: 1\n", 0, 4, "option before the first section header" },
	{ "[F\n", 0, 1, "section header without ]" },
	{ "[F]\n[x: y\n", 0, 2, "section header without ]" },
	{ "[\n", 0, 1, "section header without ]" },
	{ "[]\n", 0, 1, "section header without a name" },
	{ "[F]]\n", 0, 1, "more than one ] in a section header" },
	{ "[[F]]\n", 0, 1, "more than one ] in a section header" },
	{ "[F] # see [1]\n", 0, 1, "more than one ] in a section header" },
	{ "[12345678901234567890123456789012345678901234567890]\n", 0, 1, "section name over 49 bytes" },
	{ "[F]\na\n", 0, 2, "neither = nor : on an option line" },
	{ "[F]\na: 1\nb\n", 0, 3, "neither = nor : on an option line" },
	{ "[F]\n  a b c  \n", 0, 2, "neither = nor : on an option line" },
	{ "[F]\n: v\n", 0, 2, "option without a name" },
	{ "[F]\n= v\n", 0, 2, "option without a name" },
	{ "[F]\n  =\n", 0, 2, "option without a name" },
	{ "[F]\n\xc3\xa9: 1\n", 0, 2, "option name is not ASCII" },
	{ "[F]\nA\xc4\xb0: 1\n", 0, 2, "option name is not ASCII" },
	{ "\xef\xbb\xbf[F]\n", 0, 1, "byte order mark" },
	{ "\xef\xbb\xbf", 0, 1, "byte order mark" },
	{ "[F]\na: 1\rb: 2\n", 0, 2, "carriage return inside a line" },
	{ "[F]\na: 1\r\r\n", 0, 2, "carriage return inside a line" },
	{ "[F]\na: 1\r", 0, 2, "carriage return inside a line" },
	{ "# a\rb: 2\n", 0, 1, "carriage return inside a line" },
	{ "[F]\na: 1\0 2\n", 12, 2, "control character" },
	{ "[F]\n\0a: 1\n", 10, 2, "control character" },
	{ "# \0\n", 4, 1, "control character" },
	{ "\0", 1, 1, "control character" },
	{ "[F]\n\va: 1\n", 0, 2, "control character" },
	{ "[F]\na: 1\f\n", 0, 2, "control character" },
	{ "[F]\na: 1\n\x1c" "b: 2\n", 0, 3, "control character" },
	{ "[F]\na: \x1d\n", 0, 2, "control character" },
	{ "[F]\na: \x1f\n", 0, 2, "control character" },
	{ "[F]\na: \x01\n", 0, 2, "control character" },
	{ "[F]\na: \x1b[2J\n", 0, 2, "control character" },
	{ "[F]\na: \x7f\n", 0, 2, "control character" },
	{ "# \x1b[2J\n", 0, 1, "control character" },
	{ "[F]\na: \xff\n", 0, 2, "not UTF-8" },
	{ "[F]\na: \xc3\n", 0, 2, "not UTF-8" },
	{ "[F]\na: \xc0\xaf\n", 0, 2, "not UTF-8" },
	{ "[F]\na: \xed\xa0\x80\n", 0, 2, "not UTF-8" },
	{ "[F]\na: \xe2\x82", 0, 2, "not UTF-8" },
	{ "[F\xff]\n", 0, 1, "not UTF-8" },
	{ "# \xff\n", 0, 1, "not UTF-8" },
	{ "[F]\na: 1\n\xc2\xa0" "b: 2\n", 0, 3, "white space other than blank and tab" },
	{ "[F]\na: 1\xc2\x85\n", 0, 2, "white space other than blank and tab" },
	{ "[F]\na: 1\xe1\x9a\x80\n", 0, 2, "white space other than blank and tab" },
	{ "[F]\na: \xe2\x80\x80\n", 0, 2, "white space other than blank and tab" },
	{ "[F]\na: \xe2\x80\x8a\n", 0, 2, "white space other than blank and tab" },
	{ "[F]\na: 1\xe2\x80\xa8" "b: 2\n", 0, 2, "white space other than blank and tab" },
	{ "[F]\na: 1\xe2\x80\xa9" "b: 2\n", 0, 2, "white space other than blank and tab" },
	{ "[F]\na: \xe2\x80\xaf\n", 0, 2, "white space other than blank and tab" },
	{ "[F]\na: \xe2\x81\x9f\n", 0, 2, "white space other than blank and tab" },
	{ "[\xe3\x80\x80" "F]\n", 0, 1, "white space other than blank and tab" },
	/* white space before the sign makes it no comment for libinih */
	{ "\xc2\xa0# x\n", 0, 1, "white space other than blank and tab" },
};

START_TEST(refuses_and_says_why_and_where)
{
	size_t length = unreadable[_i].length > 0 ? unreadable[_i].length : strlen(unreadable[_i].text);
	struct ini_reader reader;
	struct strbuf given = { 0 };
	char buffer[128];

	read_all(&reader, unreadable[_i].text, length, &given);
	ck_assert_ptr_nonnull(reader.why);
	ck_assert_str_eq(reader.why, unreadable[_i].why);
	ck_assert_uint_eq(reader.line, unreadable[_i].line);
	ck_assert_ptr_null(ini_reader_line(buffer, sizeof(buffer), &reader));
	strbuf_free(&given);
}
END_TEST

/* Each looks like white space or nothing, and is none to Python's strip(). */
static const char *const no_spaces[] = {
	"\xe2\x80\x8b",         /* zero width space */
	"\xe2\x80\x8e",         /* left-to-right mark */
	"\xe1\xa0\x8e",         /* Mongolian vowel separator */
	"\xef\xbb\xbf",         /* byte order mark, not at the start of the file */
	"\xc2\xad",             /* soft hyphen */
};

START_TEST(gives_other_characters_as_they_are)
{
	struct ini_reader reader;
	struct strbuf text = { 0 };
	struct strbuf given = { 0 };

	strbuf_append_format(&text, "[F]\na: %s\n", no_spaces[_i]);
	read_all(&reader, text.text, text.length, &given);
	ck_assert_ptr_null(reader.why);
	assert_contains(given.text, no_spaces[_i]);
	strbuf_free(&text);
	strbuf_free(&given);
}
END_TEST

START_TEST(names_the_section)
{
	static const char text[] = "[first]\na: 1\n[ second ] x\n";
	struct ini_reader reader = { .next = text, .end = text + strlen(text) };
	char buffer[64];

	ck_assert_ptr_nonnull(ini_reader_line(buffer, sizeof(buffer), &reader));
	ck_assert_uint_eq(reader.section_length, 5);
	ck_assert_mem_eq(reader.section, "first", 5);
	ck_assert_ptr_nonnull(ini_reader_line(buffer, sizeof(buffer), &reader));
	ck_assert_uint_eq(reader.section_length, 0);
	ck_assert_ptr_nonnull(ini_reader_line(buffer, sizeof(buffer), &reader));
	ck_assert_uint_eq(reader.section_length, 8);
	ck_assert_mem_eq(reader.section, " second ", 8);
	ck_assert_uint_eq(reader.line, 3);
}
END_TEST

START_TEST(counts_blank_lines_of_a_value)
{
	static const char text[] = "[F]\na: 1\n\n  \n# no\n\n  b\n\nc: 2\n";
	static const unsigned blank[] = { 0, 0, 1, 2, 2, 3, 3, 4, 0 };
	struct ini_reader reader = { .next = text, .end = text + strlen(text) };
	char buffer[64];

	for (size_t i = 0; i < ARRAY_LENGTH(blank); i++) {
		ck_assert_ptr_nonnull(ini_reader_line(buffer, sizeof(buffer), &reader));
		ck_assert_uint_eq(reader.line, i + 1);
		ck_assert_uint_eq(reader.blank_lines, blank[i]);
	}
	ck_assert_ptr_null(ini_reader_line(buffer, sizeof(buffer), &reader));
	ck_assert_ptr_null(reader.why);
}
END_TEST

START_TEST(the_first_reason_stays)
{
	struct ini_reader reader = { 0 };

	ck_assert_ptr_null(ini_reader_fail(&reader, "first"));
	ck_assert_ptr_null(ini_reader_fail(&reader, "second"));
	ck_assert_str_eq(reader.why, "first");
}
END_TEST

/* "abc: 1" needs six bytes, a newline, a terminator, and one to spare so that it cannot look cut off. */
static const struct {
	int size;
	bool fits;
} sizes[] = { { 9, true },  { 64, true }, { 8, false }, { 4, false },
	      { 3, false }, { 1, false }, { 0, false }, { -299, false } };

START_TEST(never_cuts_a_line)
{
	static const char text[] = "abc: 1\n";
	struct ini_reader reader = { .next = text, .end = text + strlen(text), .in_section = true };
	size_t room = sizes[_i].size > 0 ? (size_t)sizes[_i].size : 1;
	char *buffer = malloc(room); /* AddressSanitizer sees a byte too many */
	char *line = ini_reader_line(buffer, sizes[_i].size, &reader);

	if (sizes[_i].fits) {
		ck_assert_str_eq(line, text);
	} else {
		ck_assert_ptr_null(line);
		ck_assert_str_eq(reader.why, "line too long");
	}
	free(buffer);
}
END_TEST

/* How the longest line and one with a byte more can begin. */
static const char *const beginnings[] = { "a: ", "# ", "[F]", "  b", "a: 1 \t" };

static void assert_length(const char *beginning, size_t length, const char *end, const char *why)
{
	static const char before[] = "[F]\na: 1\n";
	struct strbuf text = { 0 };
	struct strbuf given = { 0 };
	struct ini_reader reader;

	strbuf_append_string(&text, before);
	strbuf_append_string(&text, beginning);
	while (text.length < strlen(before) + length)
		strbuf_append_char(&text, 'x');
	strbuf_append_string(&text, end);
	read_all(&reader, text.text, text.length, &given);
	ck_assert_uint_eq(reader.line, 3);
	if (why)
		ck_assert_str_eq(reader.why, why);
	else
		ck_assert_msg(!reader.why, "%s: %s", beginning, reader.why);
	strbuf_free(&text);
	strbuf_free(&given);
}

START_TEST(a_line_has_at_most_65533_bytes)
{
	const char *beginning = beginnings[_i];

	assert_length(beginning, LONGEST_LINE, "\n", NULL);
	assert_length(beginning, LONGEST_LINE, "\r\n", NULL);
	assert_length(beginning, LONGEST_LINE, "", NULL);
	assert_length(beginning, LONGEST_LINE + 1, "\n", "line over 65533 bytes");
	assert_length(beginning, LONGEST_LINE + 1, "\r\n", "line over 65533 bytes");
	assert_length(beginning, LONGEST_LINE + 1, "", "line over 65533 bytes");
	assert_length(beginning, 200000, "\n", "line over 65533 bytes");
}
END_TEST

static void fill_lines(TCase *tcase)
{
	add_table_test(tcase, gives_whole_lines, readable);
	add_table_test(tcase, gives_other_characters_as_they_are, no_spaces);
	tcase_add_test(tcase, names_the_section);
	tcase_add_test(tcase, counts_blank_lines_of_a_value);
}

static void fill_refused(TCase *tcase)
{
	add_table_test(tcase, refuses_and_says_why_and_where, unreadable);
	tcase_add_test(tcase, the_first_reason_stays);
}

static void fill_limits(TCase *tcase)
{
	add_table_test(tcase, never_cuts_a_line, sizes);
	add_table_test(tcase, a_line_has_at_most_65533_bytes, beginnings);
}

static Suite *make_suite(void)
{
	Suite *suite = suite_create("ini/reader");

	suite_add(suite, "lines", fill_lines);
	suite_add(suite, "refused", fill_refused);
	suite_add(suite, "limits", fill_limits);
	return suite;
}

SUITE_MAIN(make_suite)
