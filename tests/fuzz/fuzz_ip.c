/* ip's grammar, words separated by zero bytes: what runs commands or reads files is never admitted. */
#include <string.h>

#include "base/memory.h"
#include "filters/ip_grammar.h"
#include "fuzz.h"

static int is_admitted(const char *const *words, size_t count)
{
	struct error error;
	size_t index;
	int admitted = ip_grammar_check(words, count, &index, &error) == 0;

	FUZZ_ASSERT(index <= count);
	return admitted;
}

/* Global options and their values, as ip(8) has them; whatever of them stands in front, what follows is the object. */
static size_t choose_options(const uint8_t *data, size_t size, const char **words)
{
	static const char *const options[] = {
		"-4", "-6", "-0", "-s", "-d", "-r", "-o", "-t", "-ts", "-br", "-j", "-p", "-N", "-a", "-h", "-iec",
		"-c", "-color=always", "--json", "-echo", "-B",
	};
	static const char *const with_value[] = { "-l", "-loops", "-f", "-family", "-rc", "--rcvbuf", "-n", "-netns" };
	size_t count = 0;

	for (size_t i = 0; i < size && i < 8; i++) {
		if (data[i] % 2 == 0) {
			words[count++] = options[data[i] / 2 % ARRAY_LENGTH(options)];
			continue;
		}
		words[count++] = with_value[data[i] / 2 % ARRAY_LENGTH(with_value)];
		words[count++] = data[i] & 0x40 ? "netns" : "link";
	}
	return count;
}

static void check_behind_options(const uint8_t *data, size_t size)
{
	static const char *const forbidden[] = { "netns", "vrf", "monitor" };
	const char *words[24];
	size_t count = choose_options(data, size, words);

	words[count] = "link";
	FUZZ_ASSERT(is_admitted(words, count + 1));
	for (size_t i = 0; i < ARRAY_LENGTH(forbidden); i++) {
		words[count] = forbidden[i];
		words[count + 1] = i < 2 ? "exec" : "file";
		words[count + 2] = "x";
		words[count + 3] = "id";
		FUZZ_ASSERT(!is_admitted(words, count + 4));
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena = { 0 };
	const char *bytes = arena_copy(&arena, (const char *)data, size);
	const char **words = arena_allocate(&arena, size + 1, sizeof(*words));
	size_t count = 0;

	for (size_t i = 0; i < size; i += strlen(bytes + i) + 1)
		words[count++] = bytes + i;
	if (is_admitted(words, count) && count > 0)
		FUZZ_ASSERT(strncmp(words[0], "-ba", 3) != 0 && strncmp(words[0], "-fo", 3) != 0);
	check_behind_options(data, size);
	arena_free(&arena);
	return 0;
}
