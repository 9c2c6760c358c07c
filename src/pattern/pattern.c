#include "pattern/pattern.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
#include <stdbool.h>
#include <string.h>

#include "base/strbuf.h"
#include "base/utf8.h"
#include "pattern/translate.h"

enum {
	MATCH_LIMIT = 1000000,          /* steps; an honest worst case of 128 KiB stays below */
	HEAP_LIMIT_KIB = 64 * 1024,
};

/*
 * UCP: without it \W and \D would take every character above ASCII.
 * NO_START_OPTIMIZE: before 10.45 the start optimisations lose matches that
 * begin with a lookahead.  ENDANCHORED: $ alone would let a newline follow.
 * ALT_CIRCUMFLEX: with (?m) Python's ^ stands after a last newline too.
 */
static const uint32_t compile_options = PCRE2_ANCHORED | PCRE2_ENDANCHORED | PCRE2_UTF | PCRE2_UCP |
					PCRE2_NEVER_BACKSLASH_C | PCRE2_NO_START_OPTIMIZE |
					PCRE2_ALT_CIRCUMFLEX;

static void free_code(pcre2_code **code)
{
	pcre2_code_free(*code);
}

static void free_compile_context(pcre2_compile_context **context)
{
	pcre2_compile_context_free(*context);
}

static void free_match_context(pcre2_match_context **context)
{
	pcre2_match_context_free(*context);
}

static void free_match_data(pcre2_match_data **data)
{
	pcre2_match_data_free(*data);
}

/* Returns NULL with the reason. */
static pcre2_code *compile(const char *pattern, struct error *error)
{
	CLEANUP(strbuf_free) struct strbuf translated = { 0 };
	CLEANUP(free_compile_context) pcre2_compile_context *context = NULL;
	pcre2_code *code;
	int number = 0;
	PCRE2_SIZE offset = 0;

	if (pattern_translate(pattern, &translated, error) < 0)
		return NULL;
	context = pcre2_compile_context_create(NULL);
	if (!context || pcre2_set_newline(context, PCRE2_NEWLINE_LF) != 0) {
		error_set(error, "PCRE2 cannot be set up");
		return NULL;
	}
	code = pcre2_compile((PCRE2_SPTR)translated.text, translated.length, compile_options, &number, &offset,
			     context);
	if (!code)
		error_set(error, "PCRE2 refuses the pattern (its error %d)", number);
	return code;
}

int pattern_check(const char *pattern, struct error *error)
{
	CLEANUP(free_code) pcre2_code *code = compile(pattern, error);

	return code ? 0 : -1;
}

/* Whether the pattern means just itself, so that no regular expression is needed. */
static bool is_plain_text(const char *pattern)
{
	for (; *pattern; pattern++) {
		if (*pattern < 0x20 || *pattern > 0x7e || strchr("\\.^$|?*+()[]{}", *pattern))
			return false;
	}
	return true;
}

/* U+001C-1F, U+0130, U+0131 and U+180E: white space or case to only one of Python and PCRE2. */
static bool is_disputed(uint32_t code_point)
{
	return (code_point >= 0x1c && code_point <= 0x1f) || code_point == 0x130 || code_point == 0x131 ||
	       code_point == 0x180e;
}

static bool can_match(const char *argument)
{
	size_t left = strlen(argument);

	while (left > 0) {
		uint32_t code_point;
		size_t length = utf8_decode(argument, left, &code_point);

		if (length == 0 || is_disputed(code_point))
			return false;
		argument += length;
		left -= length;
	}
	return true;
}

static enum pattern_result result_of(int matched, struct error *error)
{
	if (matched >= 0) /* 0: more groups than the match data has room for */
		return PATTERN_MATCH;
	if (matched == PCRE2_ERROR_NOMATCH)
		return PATTERN_NO_MATCH;
	if (matched == PCRE2_ERROR_MATCHLIMIT || matched == PCRE2_ERROR_DEPTHLIMIT ||
	    matched == PCRE2_ERROR_HEAPLIMIT) {
		error_set(error, "matching took too many steps or too much memory");
		return PATTERN_LIMIT;
	}
	error_set(error, "PCRE2 cannot match it (its error %d)", matched);
	return PATTERN_FAILED;
}

static enum pattern_result match(const pcre2_code *code, const char *argument, struct error *error)
{
	CLEANUP(free_match_context) pcre2_match_context *context = pcre2_match_context_create(NULL);
	CLEANUP(free_match_data) pcre2_match_data *data = pcre2_match_data_create(1, NULL);

	if (!context || !data || pcre2_set_match_limit(context, MATCH_LIMIT) != 0 ||
	    pcre2_set_heap_limit(context, HEAP_LIMIT_KIB) != 0) {
		error_set(error, "PCRE2 cannot be set up");
		return PATTERN_FAILED;
	}
	return result_of(pcre2_match(code, (PCRE2_SPTR)argument, strlen(argument), 0, 0, data, context), error);
}

enum pattern_result pattern_match(const char *pattern, const char *argument, struct error *error)
{
	CLEANUP(free_code) pcre2_code *code = NULL;

	if (is_plain_text(pattern))
		return strcmp(pattern, argument) == 0 ? PATTERN_MATCH : PATTERN_NO_MATCH;
	code = compile(pattern, error);
	if (!code)
		return PATTERN_UNUSABLE;
	if (!can_match(argument))
		return PATTERN_NO_MATCH;
	return match(code, argument, error);
}
