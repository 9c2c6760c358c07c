#include <sys/wait.h>

#include "base/quote.h"
#include "suite.h"

/* How a word is written; each is read back as well. */
static const struct {
	const char *word;
	const char *quoted;
} written[] = {
	{ "ls", "ls" },
	{ "/usr/bin/ls", "/usr/bin/ls" },
	{ "azAZ09_@%+=:,./-", "azAZ09_@%+=:,./-" },
	{ "-rf", "-rf" },
	{ "", "''" },
	{ " ", "' '" },
	{ "a b", "'a b'" },
	{ "$HOME", "'$HOME'" },
	{ "`id`;|&<>()", "'`id`;|&<>()'" },
	{ "~", "'~'" },
	{ "#", "'#'" },
	{ "{a,b}", "'{a,b}'" },
	{ "*?[]!", "'*?[]!'" },
	{ "^", "'^'" },
	{ "\\", "'\\'" },
	{ "a\\'", "$'a\\\\\\''" },
	{ "\"", "'\"'" },
	{ "'", "$'\\''" },
	{ "it's", "$'it\\'s'" },
	{ "$'x'", "$'$\\'x\\''" },
	{ "a\nb", "$'a\\012b'" },
	{ "\n", "$'\\012'" },
	{ "\t", "$'\\011'" },
	{ "\r", "$'\\015'" },
	{ "\x1b[2J", "$'\\033[2J'" },
	{ "\x01" "7", "$'\\0017'" },
	{ "\x7f", "$'\\177'" },
	{ "\xff", "$'\\377'" },
	{ "\xc3\xa9", "$'\\303\\251'" },
	{ "\xe2\x80\xae" "txt", "$'\\342\\200\\256txt'" },
	{ "a\n\\'b", "$'a\\012\\\\\\'b'" },
};

START_TEST(writes_a_word)
{
	struct strbuf buffer = { 0 };

	quote_append_word(&buffer, written[_i].word);
	ck_assert_str_eq(strbuf_text(&buffer), written[_i].quoted);
	strbuf_free(&buffer);
}
END_TEST

static const struct {
	const char *value;
	const char *quoted;
} values[] = {
	{ NULL, "-" }, { "-", "'-'" }, { "", "''" }, { "--", "--" }, { "-x", "-x" }, { "a b", "'a b'" },
};

START_TEST(value_is_told_from_an_unknown_one)
{
	struct strbuf buffer = { 0 };

	quote_append_value(&buffer, values[_i].value);
	ck_assert_str_eq(strbuf_text(&buffer), values[_i].quoted);
	strbuf_free(&buffer);
}
END_TEST

static void assert_reads(const char *line, const char *const *wanted, size_t wanted_count)
{
	struct arena arena = { 0 };
	struct error error;
	const char *const *words = NULL;
	size_t count;

	ck_assert_msg(quote_read_words(line, &arena, &words, &count, &error) == 0, "%s: %s", line,
		      error.text);
	ck_assert_uint_eq(count, wanted_count);
	for (size_t i = 0; i < count; i++)
		ck_assert_str_eq(words[i], wanted[i]);
	ck_assert_ptr_null(words[count]);
	arena_free(&arena);
}

START_TEST(reads_what_it_has_written)
{
	const char *word = written[_i].word;

	assert_reads(written[_i].quoted, &word, 1);
}
END_TEST

START_TEST(every_two_bytes_come_back)
{
	int first = _i;
	struct strbuf buffer = { 0 };
	char bytes[255][3];
	const char *words[255];

	for (int second = 1; second < 256; second++) {
		bytes[second - 1][0] = (char)first;
		bytes[second - 1][1] = (char)second;
		bytes[second - 1][2] = '\0';
		words[second - 1] = bytes[second - 1];
	}
	quote_append_words(&buffer, words, ARRAY_LENGTH(words));
	for (size_t i = 0; i < buffer.length; i++)
		ck_assert(buffer.text[i] >= 0x20 && buffer.text[i] <= 0x7e);
	assert_reads(strbuf_text(&buffer), words, ARRAY_LENGTH(words));
	strbuf_free(&buffer);
}
END_TEST

START_TEST(words_are_apart)
{
	static const char *const words[] = { "a", "", "b c", "\n" };
	struct strbuf buffer = { 0 };

	quote_append_words(&buffer, words, 0);
	ck_assert_str_eq(strbuf_text(&buffer), "");
	quote_append_words(&buffer, words, ARRAY_LENGTH(words));
	ck_assert_str_eq(strbuf_text(&buffer), "a '' 'b c' $'\\012'");
	strbuf_free(&buffer);
}
END_TEST

/* Reads the words that a shell makes of script into bytes, each with a zero byte at its end. */
static size_t ask_shell(const char *script, char *bytes, size_t size)
{
	int ends[2];
	size_t length = 0;
	ssize_t got;
	int status;
	pid_t child;

	ck_assert_int_eq(pipe(ends), 0);
	child = fork();
	if (child == 0) {
		dup2(ends[1], STDOUT_FILENO);
		close(ends[0]);
		execlp("bash", "bash", "-c", script, (char *)NULL);
		_exit(127);
	}
	close(ends[1]);
	while ((got = read(ends[0], bytes + length, size - length)) > 0)
		length += (size_t)got;
	close(ends[0]);
	ck_assert_int_eq(waitpid(child, &status, 0), child);
	ck_assert_int_eq(status, 0);
	return length;
}

START_TEST(a_shell_reads_the_same_bytes)
{
	struct strbuf script = { 0 };
	char bytes[1024];
	char wanted[1024];
	size_t length = 0;

	setenv("LC_ALL", "C", 1);
	strbuf_append_string(&script, "printf '%s\\0'");
	for (int byte = 1; byte < 256; byte++) {
		const char word[] = { (char)byte, '7', '\0' };

		strbuf_append_char(&script, ' ');
		quote_append_word(&script, word);
		memcpy(wanted + length, word, sizeof(word));
		length += sizeof(word);
	}
	ck_assert_uint_eq(ask_shell(strbuf_text(&script), bytes, sizeof(bytes)), length);
	ck_assert_mem_eq(bytes, wanted, length);
	strbuf_free(&script);
}
END_TEST

/* What others may write: none of these is how we write the words. */
static const struct {
	const char *line;
	size_t count;
	const char *words[5];
} readable[] = {
	{ "", 0, { NULL } },
	{ " \t\r\n ", 0, { NULL } },
	{ "a b", 2, { "a", "b" } },
	{ "  a \t b\r\n", 2, { "a", "b" } },
	{ "a b c d e", 5, { "a", "b", "c", "d", "e" } },
	{ "''", 1, { "" } },
	{ "'' ''", 2, { "", "" } },
	{ "$''", 1, { "" } },
	{ "a'b c'd", 1, { "ab cd" } },
	{ "a$'\\n'b'c'", 1, { "a\nbc" } },
	{ "''a", 1, { "a" } },
	{ "'\n'", 1, { "\n" } },
	{ "'\\n'", 1, { "\\n" } },
	{ "'$x'", 1, { "$x" } },
	{ "$'\\a\\b\\e\\f\\n\\r\\t\\v'", 1, { "\a\b\033\f\n\r\t\v" } },
	{ "$'\\1'", 1, { "\001" } },
	{ "$'\\18'", 1, { "\0018" } },
	{ "$'\\12'", 1, { "\n" } },
	{ "$'\\1012'", 1, { "A2" } },
	{ "$'\\377'", 1, { "\xff" } },
	{ "$'\\'' b", 2, { "'", "b" } },
};

START_TEST(reads_words)
{
	assert_reads(readable[_i].line, readable[_i].words, readable[_i].count);
}
END_TEST

static const struct {
	const char *line;
	const char *why;
} unreadable[] = {
	{ "'", "not closed" },
	{ "'a b", "not closed" },
	{ "a 'b", "not closed" },
	{ "'a'b'", "not closed" },
	{ "$'", "not closed" },
	{ "$'a", "not closed" },
	{ "$'a\\'", "not closed" },
	{ "$'\\", "unknown escape" },
	{ "$'\\q'", "unknown escape" },
	{ "$'\\\"'", "unknown escape" },
	{ "$'\\x41'", "unknown escape" },
	{ "$'\\u0041'", "unknown escape" },
	{ "$'\\cA'", "unknown escape" },
	{ "$'\\0'", "unknown escape" },
	{ "$'\\000'", "unknown escape" },
	{ "$'\\0001'", "unknown escape" },
	{ "$'\\400'", "unknown escape" },
	{ "$'\\777'", "unknown escape" },
	{ "$'\\8'", "unknown escape" },
	{ "$'\\ '", "unknown escape" },
	{ "$", "shell" },
	{ "$x", "shell" },
	{ "$(id)", "shell" },
	{ "a$", "shell" },
	{ "\"a\"", "shell" },
	{ "$\"a\"", "shell" },
	{ "a\\ b", "shell" },
	{ "\\", "shell" },
	{ "`id`", "shell" },
	{ "a;b", "shell" },
	{ "a&", "shell" },
	{ "a|b", "shell" },
	{ "a>b", "shell" },
	{ "a<b", "shell" },
	{ "(a)", "shell" },
	{ "*", "shell" },
	{ "a?", "shell" },
	{ "[a]", "shell" },
	{ "{a}", "shell" },
	{ "~", "shell" },
	{ "#a", "shell" },
	{ "!a", "shell" },
	{ "^a", "shell" },
	{ "a\001", "shell" },
	{ "a\033", "shell" },
	{ "a\vb", "shell" },
	{ "\x7f", "shell" },
	{ "\xc3\xa9", "shell" },
	{ "a\xff", "shell" },
};

START_TEST(refuses_what_a_shell_could_read_otherwise)
{
	struct arena arena = { 0 };
	struct error error = { { 0 } };
	const char *const *words;
	size_t count;

	ck_assert_int_eq(quote_read_words(unreadable[_i].line, &arena, &words, &count, &error), -1);
	assert_contains(error.text, unreadable[_i].why);
	arena_free(&arena);
}
END_TEST

static const struct {
	const char *text;
	const char *visible;
} texts[] = {
	{ "plain: text, /etc/app (1)", "plain: text, /etc/app (1)" },
	{ "a\nb\tc\033[2Jd\177", "a?b?c?[2Jd?" },
	{ "caf\303\251 \342\202\254", "caf\303\251 \342\202\254" },
	{ "\302\233J", "?J" }, /* a terminal's CSI in one character */
	{ "\377\376a\303", "??a?" },
};

START_TEST(no_control_character_gets_into_a_text)
{
	CLEANUP(strbuf_free) struct strbuf buffer = { 0 };

	quote_append_visible(&buffer, texts[_i].text);
	ck_assert_str_eq(buffer.text, texts[_i].visible);
}
END_TEST

static void fill_write(TCase *tcase)
{
	add_table_test(tcase, no_control_character_gets_into_a_text, texts);
	add_table_test(tcase, writes_a_word, written);
	add_table_test(tcase, value_is_told_from_an_unknown_one, values);
	tcase_add_test(tcase, words_are_apart);
}

static void fill_round_trip(TCase *tcase)
{
	add_table_test(tcase, reads_what_it_has_written, written);
	tcase_add_loop_test(tcase, every_two_bytes_come_back, 1, 256);
	tcase_add_test(tcase, a_shell_reads_the_same_bytes);
}

static void fill_read(TCase *tcase)
{
	add_table_test(tcase, reads_words, readable);
	add_table_test(tcase, refuses_what_a_shell_could_read_otherwise, unreadable);
}

static Suite *make_suite(void)
{
	Suite *suite = suite_create("quote");

	suite_add(suite, "write", fill_write);
	suite_add(suite, "round trip", fill_round_trip);
	suite_add(suite, "read", fill_read);
	return suite;
}

SUITE_MAIN(make_suite)
