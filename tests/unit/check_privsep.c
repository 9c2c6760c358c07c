#include "match/privsep.h"

#include "base/utf8.h"
#include "fixture.h"
#include "ini/ini.h"

/* The line as a filter file would hold it, read as one would be. */
static const struct filter *read_line(const struct request *request)
{
	CLEANUP(strbuf_free) struct strbuf file = { 0 };
	const struct ini_option **items;
	const char *const *fields;
	struct error error = { .text = "" };
	struct ini ini;
	unsigned line;
	size_t count;

	strbuf_append_string(&file, "[Filters]\n");
	privsep_append_filter(&file, request);
	strbuf_append_char(&file, '\n');
	ck_assert_msg(ini_read(&ini, file.text, file.length, INI_DUPLICATES_REFUSED, &fixture_arena, &line,
			       &error) == 0,
		      "%s: %s", file.text, error.text);
	items = ini_items(&ini, "Filters", &fixture_arena);
	ck_assert_ptr_nonnull(items[0]);
	ck_assert_ptr_null(items[1]);
	fields = list_split(items[0]->value, &fixture_arena, &count);
	ck_assert_str_eq(fields[0], "RegExpFilter");
	return filter_new(filter_registry_find(&filter_registry, fields[0]), items[0]->name, "test.filters",
			  2, fields + 1, count - 1, &context_built_in, &fixture_arena);
}

static enum filter_result match(const struct filter *filter, const char *const *argv, size_t argc)
{
	const struct request request = { .argc = argc, .argv = argv, .cwd = "/" };
	const struct filter_input input = { .request = &request, .arena = &fixture_arena };
	struct filter_match found = { 0 };

	return filter->class->match(filter, &input, &found);
}

static const char *const requests[] = {
	"privsep-helper",
	"privsep-helper --config-file /etc/app/app.conf --privsep_context app.default --privsep_sock_path "
	"/tmp/x/y.sock",
	"privsep-helper --config-dir /etc/a.d/ --x=y",
	/* everything that means something in a pattern */
	"privsep-helper '.' '.*' 'a+b' 'a?' '[a-z]' '(x)' 'a|b' '^a$' 'a{2}' '{' '}' '\\' '\\d' '\\\\' "
	"'(?i)a'",
	/* or to the reader of a filter file */
	"privsep-helper 'a,b' ',' ',,' ' a' 'a ' ' ' 'a b' '#x' ';x' 'a #b' 'a ;b' 'a:b' 'a=b' '[x]' '%(x)s' "
	"'%'",
	"privsep-helper $'\\011' $'a\\011' $'a\\012b' $'\\012' $'\\015' $'a\\015\\012' $'\\001' $'\\033[2J' "
	"$'\\177'",
	"privsep-helper ''",
	"privsep-helper '' ''",
	"privsep-helper a ''",
	"privsep-helper $'\\303\\251t\\303\\251' $'\\342\\202\\254' $'\\360\\237\\230\\200' $'\\302\\205' "
	"$'\\302\\240a\\302\\240'",
	"privsep-helper $'it\\'s' '\"' '`x`' '$x' '!' '~' '&' '<' '>' '*' '/' '-'",
};

START_TEST(line_allows_the_request)
{
	const struct request request = fixture_request(requests[_i]);
	const struct filter *filter = read_line(&request);

	ck_assert_msg(!filter->unusable, "%s", filter->unusable);
	ck_assert_str_eq(filter->name, "privsep-helper");
	ck_assert_str_eq(filter->program, "privsep-helper");
	ck_assert_str_eq(filter->run_as, "root");
	ck_assert_int_eq(match(filter, request.argv, request.argc), FILTER_MATCH);
}
END_TEST

/* Every argument changed in some ways. */
static void assert_no_variant(const struct filter *filter, const struct request *request, const char **argv,
			      size_t at)
{
	const char *word = request->argv[at];
	size_t length = strlen(word);
	const char *variants[] = {
		arena_format(&fixture_arena, "%sx", word),
		arena_format(&fixture_arena, "x%s", word),
		arena_format(&fixture_arena, "%s\n", word),
		arena_format(&fixture_arena, "%s%s", word, length > 0 ? word : "y"),
		arena_copy(&fixture_arena, word, length > 0 ? length - 1 : 0),
		length > 0 ? word + 1 : "z",
	};

	for (size_t i = 0; i < ARRAY_LENGTH(variants); i++) {
		argv[at] = variants[i];
		if (strcmp(word, variants[i]) != 0)
			ck_assert_msg(match(filter, argv, request->argc) == FILTER_NO_MATCH, "%s for %s",
				      variants[i], word);
	}
	for (size_t i = 0; i < length; i++) {
		char *changed = arena_string(&fixture_arena, word);

		changed[i] = changed[i] == 'Q' ? 'R' : 'Q';
		argv[at] = changed;
		ck_assert_msg(match(filter, argv, request->argc) == FILTER_NO_MATCH, "%s for %s", changed, word);
	}
	argv[at] = word;
}

START_TEST(line_allows_nothing_else)
{
	const struct request request = fixture_request(requests[_i]);
	const struct filter *filter = read_line(&request);
	const char **argv = arena_allocate(&fixture_arena, request.argc + 2, sizeof(*argv));

	memcpy(argv, request.argv, request.argc * sizeof(*argv));
	for (size_t i = 0; i < request.argc; i++)
		assert_no_variant(filter, &request, argv, i);
	argv[request.argc] = "";
	ck_assert_int_eq(match(filter, argv, request.argc + 1), FILTER_NO_MATCH);
	if (request.argc > 1)
		ck_assert_int_eq(match(filter, argv, request.argc - 1), FILTER_NO_MATCH);
}
END_TEST

/* A line for other words than the request's would be worse than none. */
static const struct {
	const char *argument;
	const char *other; /* the same bytes taken for Latin-1 */
} beyond_ascii[] = {
	{ "\xc3\xa9", "\xc3\x83\xc2\xa9" },
	{ "\xe2\x82\xac", "\xc3\xa2\xc2\x82\xc2\xac" },
	{ "\xff", "\xc3\xbf" },
	{ "a\x80", "a\xc2\x80" },
};

START_TEST(line_for_other_than_ascii_allows_nothing_else)
{
	const char *const argv[] = { "privsep-helper", beyond_ascii[_i].argument, NULL };
	const char *const other[] = { "privsep-helper", beyond_ascii[_i].other, NULL };
	const struct request request = { .argc = 2, .argv = argv };
	CLEANUP(strbuf_free) struct strbuf line = { 0 };

	privsep_append_filter(&line, &request);
	if (line.length > 0)
		ck_assert_int_ne(match(read_line(&request), other, 2), FILTER_MATCH);
}
END_TEST

static const char *const unreadable[] = { "\xff",     "a\x80",           "\xc3", "\xc3(", "\xed\xa0\x80",
					  "\xc0\xaf", "\xf4\x90\x80\x80" };

START_TEST(there_is_no_line_for_what_is_not_utf8)
{
	const char *const argv[] = { "privsep-helper", unreadable[_i], NULL };
	const struct request request = { .argc = 2, .argv = argv };
	CLEANUP(strbuf_free) struct strbuf line = { 0 };

	strbuf_append_string(&line, "before");
	privsep_append_filter(&line, &request);
	ck_assert_str_eq(line.text, "before");
}
END_TEST

/* Control characters, and those that change the order of a terminal's text or end a line. */
static bool is_harmless(uint32_t code_point)
{
	return code_point >= 0x20 && (code_point < 0x7f || code_point > 0x9f) && code_point != 0x200e &&
	       code_point != 0x200f && (code_point < 0x2028 || code_point > 0x202e) &&
	       (code_point < 0x2066 || code_point > 0x2069);
}

static bool line_is_harmless(const struct strbuf *line)
{
	uint32_t code_point;
	size_t length;

	for (size_t i = 0; i < line->length; i += length) {
		length = utf8_decode(line->text + i, line->length - i, &code_point);
		if (length == 0 || !is_harmless(code_point))
			return false;
	}
	return true;
}

/* It is shown on a terminal. */
START_TEST(line_moves_no_cursor)
{
	for (unsigned i = 1; i < 0x3100; i++) {
		const char argument[] = { (char)(0xe0 | i >> 12), (char)(0x80 | (i >> 6 & 0x3f)),
					  (char)(0x80 | (i & 0x3f)), '\0' };
		const char shorter[] = { (char)(0xc0 | i >> 6), (char)(0x80 | (i & 0x3f)), '\0' };
		const char shortest[] = { (char)i, '\0' };
		const char *const argv[] = { "privsep-helper",
					     i < 0x80  ? shortest :
					     i < 0x800 ? shorter :
							 argument,
					     NULL };
		const struct request request = { .argc = 2, .argv = argv };
		CLEANUP(strbuf_free) struct strbuf line = { 0 };

		privsep_append_filter(&line, &request);
		if (!line_is_harmless(&line))
			ck_abort_msg("U+%04x: %s", i, line.text);
	}
}
END_TEST

static void fill(TCase *tcase)
{
	fixture_add(tcase);
	add_table_test(tcase, line_allows_the_request, requests);
	add_table_test(tcase, line_allows_nothing_else, requests);
	add_table_test(tcase, line_for_other_than_ascii_allows_nothing_else, beyond_ascii);
	add_table_test(tcase, there_is_no_line_for_what_is_not_utf8, unreadable);
	tcase_add_test(tcase, line_moves_no_cursor);
}

static Suite *make_suite(void)
{
	Suite *suite = suite_create("privsep");

	suite_add(suite, "privsep", fill);
	return suite;
}

SUITE_MAIN(make_suite)
