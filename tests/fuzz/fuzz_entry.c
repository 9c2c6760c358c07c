/*
 * A log: each line is read, and the records are put together.  What comes out as
 * complete has as many words as it says, and nothing is given out that did not
 * come in.
 */
#include <string.h>

#include "fuzz.h"
#include "report/assembly.h"

enum { MAX_WORDS = 1 << 20 };

static void check_entry(const struct entry *entry)
{
	FUZZ_ASSERT(entry->kind && strlen(entry->id) == 12);
	FUZZ_ASSERT(entry->part >= 1 && entry->part <= entry->parts);
	FUZZ_ASSERT(entry->word_count < MAX_WORDS && !entry->words[entry->word_count]);
	for (size_t i = 0; i < entry->word_count; i++)
		FUZZ_ASSERT(strlen(entry->words[i]) <= ENTRY_MAX_BYTES);
	for (size_t i = 0; i < entry->field_count; i++)
		FUZZ_ASSERT(entry->fields[i].key[0] != '\0');
	if (entry->parts == 1)
		FUZZ_ASSERT(entry_has_all_words(entry));
}

static void check_done(const struct assembled *done)
{
	const struct entry *entry = &done->entry;

	FUZZ_ASSERT(entry->part == 1 && entry->parts == 1 && done->parts >= 1);
	FUZZ_ASSERT(done->missing <= done->parts);
	for (size_t i = 0; i < entry->word_count; i++)
		FUZZ_ASSERT(strlen(entry->words[i]) <= ASSEMBLY_MAX_TRAIL_BYTES);
	FUZZ_ASSERT(!entry->words[entry->word_count]);
	if (done->missing == 0)
		FUZZ_ASSERT(strcmp(entry->kind, "more") != 0 && entry_has_all_words(entry));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct entry_clock clock = { .now = INT64_C(1795671261000000) };
	const char *at = (const char *)data;
	const char *end = at + size;
	struct assembly assembly = { 0 };
	struct assembled done;

	while (at < end) {
		const char *newline = memchr(at, '\n', (size_t)(end - at));
		const char *stop = newline ? newline : end;
		struct arena arena = { 0 };
		struct entry entry;

		if (entry_read(at, (size_t)(stop - at), &clock, &arena, &entry) == ENTRY_RECORD) {
			check_entry(&entry);
			if (assembly_add(&assembly, &entry, &done))
				check_done(&done);
		}
		arena_free(&arena);
		at = newline ? newline + 1 : end;
	}
	while (assembly_take_incomplete(&assembly, &done)) {
		check_done(&done);
		FUZZ_ASSERT(done.missing > 0);
	}
	FUZZ_ASSERT(assembly.bytes == 0);
	assembly_free(&assembly);
	return 0;
}
