/* Patterns: "PATTERN\nSUBJECT".  What is accepted compiles, and a match is a match of the whole. */
#include <string.h>

#include "base/memory.h"
#include "fuzz.h"
#include "pattern/pattern.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const uint8_t *newline = size > 0 ? memchr(data, '\n', size) : NULL;
	struct arena arena = { 0 };
	struct error error;

	if (newline && size < 4096 && !memchr(data, '\0', size)) {
		size_t length = (size_t)(newline - data);
		const char *pattern = arena_copy(&arena, (const char *)data, length);
		const char *subject = arena_copy(&arena, (const char *)newline + 1, size - length - 1);
		int usable = pattern_check(pattern, &error) == 0;
		enum pattern_result result = pattern_match(pattern, subject, &error);

		FUZZ_ASSERT(usable == (result != PATTERN_UNUSABLE));
		FUZZ_ASSERT(result != PATTERN_FAILED);
	}
	arena_free(&arena);
	return 0;
}
