/*
 * Patterns: "PATTERN\nSUBJECT".  What is accepted compiles; a pattern of letters
 * matches itself alone; put in a group a pattern means the same; and of a pattern
 * and its negation just one matches.  The comparison with Python is a table,
 * pattern.table, since no Python runs here.
 */
#include <ctype.h>
#include <stdbool.h>
#include <string.h>

#include "base/memory.h"
#include "fuzz.h"
#include "pattern/pattern.h"

static bool is_alphanumeric(const char *text)
{
	while (isalnum((unsigned char)*text))
		text++;
	return *text == '\0';
}

static bool is_decided(enum pattern_result result)
{
	return result == PATTERN_MATCH || result == PATTERN_NO_MATCH;
}

/* Flags are for the whole pattern: it cannot be put into another one. */
static bool has_flags(const char *pattern)
{
	return pattern[0] == '(' && pattern[1] == '?' && islower((unsigned char)pattern[2]);
}

static void check_group(const char *pattern, const char *subject, enum pattern_result wanted, struct arena *arena)
{
	struct error error;
	enum pattern_result result = pattern_match(arena_format(arena, "(?:%s)", pattern), subject, &error);

	if (is_decided(result))
		FUZZ_ASSERT(result == wanted);
}

/* An argument that no pattern can match, for its bytes or its code points, is none for the negation either. */
static void check_negation(const char *pattern, const char *subject, enum pattern_result wanted, struct arena *arena)
{
	struct error error;
	bool can_match = pattern_match("[^\\0]*", subject, &error) == PATTERN_MATCH;
	enum pattern_result result =
		pattern_match(arena_format(arena, "(?!(?:%s)\\Z)[^\\0]*", pattern), subject, &error);

	if (is_decided(result))
		FUZZ_ASSERT((result == PATTERN_MATCH) == (can_match && wanted == PATTERN_NO_MATCH));
	FUZZ_ASSERT(can_match || wanted == PATTERN_NO_MATCH);
}

static void check(const char *pattern, const char *subject, struct arena *arena)
{
	struct error error;
	bool usable = pattern_check(pattern, &error) == 0;
	enum pattern_result result = pattern_match(pattern, subject, &error);

	FUZZ_ASSERT(usable == (result != PATTERN_UNUSABLE));
	FUZZ_ASSERT(result != PATTERN_FAILED);
	if (!is_decided(result))
		return;
	if (is_alphanumeric(pattern))
		FUZZ_ASSERT((result == PATTERN_MATCH) == (strcmp(pattern, subject) == 0));
	if (has_flags(pattern))
		return;
	check_group(pattern, subject, result, arena);
	check_negation(pattern, subject, result, arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const uint8_t *newline = size > 0 ? memchr(data, '\n', size) : NULL;
	struct arena arena = { 0 };

	if (newline && size < 4096 && !memchr(data, '\0', size)) {
		size_t length = (size_t)(newline - data);
		const char *pattern = arena_copy(&arena, (const char *)data, length);
		const char *subject = arena_copy(&arena, (const char *)newline + 1, size - length - 1);

		check(pattern, subject, &arena);
	}
	arena_free(&arena);
	return 0;
}
