#include "pattern/translator.h"

#include <string.h>

#include "base/ascii.h"

/* \a \f \n \r \t \v: PCRE2's \v is a class of seven, so each is written as \xHH.  Returns 0 for another letter. */
static char control_escape(char letter)
{
	static const char letters[] = "afnrtv";
	static const char values[] = "\a\f\n\r\t\v";

	for (size_t i = 0; letters[i] != '\0'; i++) {
		if (letters[i] == letter)
			return values[i];
	}
	return '\0';
}

static enum escape emit_character(struct translator *t, uint32_t value, uint32_t *code_point)
{
	*code_point = value;
	if (translator_check_case(t, value) < 0)
		return ESCAPE_REFUSED;
	strbuf_append_format(t->out, "\\x%02x", (unsigned)value);
	return ESCAPE_CHARACTER;
}

/* \xHH; t->at is at the x. */
static enum escape translate_hex_escape(struct translator *t, uint32_t *code_point)
{
	const char *digits = t->at + 1;

	if (t->end - digits < 2 || !ascii_is_hex_digit(digits[0]) || !ascii_is_hex_digit(digits[1])) {
		translator_refuse(t, t->at - 1, "\\x needs two hexadecimal digits");
		return ESCAPE_REFUSED;
	}
	t->at += 3;
	return emit_character(t, ascii_hex_value(digits[0]) << 4 | ascii_hex_value(digits[1]), code_point);
}

/*
 * A word character to Python is a letter, a number or the underscore.  PCRE2's \w
 * came to mean more in 10.43, so it is never used, nor is \b that rests on it.
 */
#define WORD "\\p{Xan}_"

static enum escape translate_assertion_escape(struct translator *t)
{
	char letter = *t->at++;

	if (letter == 'b')
		translator_emit(t, "(?:(?<=[" WORD "])(?![" WORD "])|(?<![" WORD "])(?=[" WORD "]))");
	else /* Python's \Z is the very end; PCRE2's \Z also stands before a last newline. */
		translator_emit(t, letter == 'Z' ? "\\z" : "\\A");
	return ESCAPE_ASSERTION;
}

/* \w and \W; t->at is at the letter. */
static enum escape translate_word_escape(struct translator *t, bool in_set)
{
	bool negated = *t->at == 'W';

	if (in_set && negated) {
		translator_refuse(t, t->at - 1, "\\W in a set is not supported");
		return ESCAPE_REFUSED;
	}
	t->at++;
	translator_emit(t, in_set ? WORD : negated ? "[^" WORD "]" : "[" WORD "]");
	return ESCAPE_SET;
}

/* t->at is at a letter or digit after a backslash. */
static enum escape translate_letter_escape(struct translator *t, bool in_set, uint32_t *code_point)
{
	char letter = *t->at;

	if (letter == 'w' || letter == 'W')
		return translate_word_escape(t, in_set);
	if (strchr("dDsS", letter)) {
		strbuf_append_format(t->out, "\\%c", letter);
		t->at++;
		return ESCAPE_SET;
	}
	if (control_escape(letter) || (letter == 'b' && in_set)) {
		t->at++;
		return emit_character(t, letter == 'b' ? 8 : (uint32_t)control_escape(letter), code_point);
	}
	if (letter == 'x')
		return translate_hex_escape(t, code_point);
	if (!in_set && strchr("AZb", letter)) /* not \B: Python's never matches in an empty string */
		return translate_assertion_escape(t);
	if (letter == '0' && (t->end - t->at < 2 || t->at[1] < '0' || t->at[1] > '7')) {
		t->at++;
		return emit_character(t, 0, code_point);
	}
	translator_refuse(t, t->at - 1,
			  ascii_is_digit(letter) ? "back-references and octal escapes are not supported" :
						   "this escape is not supported");
	return ESCAPE_REFUSED;
}

/* t->at is at a backslash. */
enum escape translate_escape(struct translator *t, bool in_set, uint32_t *code_point)
{
	t->at++;
	if (t->at == t->end) {
		translator_refuse(t, t->at - 1, "the pattern ends with a backslash");
		return ESCAPE_REFUSED;
	}
	if (ascii_is_letter_or_digit(*t->at))
		return translate_letter_escape(t, in_set, code_point);
	return translate_literal(t, code_point) < 0 ? ESCAPE_REFUSED : ESCAPE_CHARACTER;
}
