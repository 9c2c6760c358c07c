/* Words separated by zero bytes: what is written is read back the same, alone and from the parts of a record. */
#include <string.h>

#include "audit/record.h"
#include "base/quote.h"
#include "fuzz.h"

static void check_words(const char *text, const char *const *words, size_t count, struct arena *arena)
{
	const char *const *back;
	struct error error;
	size_t found;

	for (const char *c = text; *c; c++)
		FUZZ_ASSERT(*c >= 0x20 && *c <= 0x7e);
	FUZZ_ASSERT(quote_read_words(text, arena, &back, &found, &error) == 0);
	FUZZ_ASSERT(found == count);
	for (size_t i = 0; i < count; i++)
		FUZZ_ASSERT(strcmp(words[i], back[i]) == 0);
}

static void check_record(const char *const *words, size_t count, struct arena *arena)
{
	const struct request request = { .argc = count, .argv = words };
	const struct record_subject subject = { .id = "0123456789ab", .request = &request, .arguments = words,
						.conf = "/etc/app/rootwrap.conf", .form = &record_form_text };
	const struct decision denied = { 0 };
	CLEANUP(strbuf_free) struct strbuf joined = { 0 };
	struct record record = record_decision(&subject, &denied, 0, arena);

	for (size_t i = 0; i < record.count; i++) {
		FUZZ_ASSERT(strlen(record.parts[i]) <= RECORD_MAX);
		FUZZ_ASSERT(strstr(record.parts[i], " cmd="));
		strbuf_append_string(&joined, strstr(record.parts[i], " cmd=") + strlen(" cmd="));
	}
	check_words(strbuf_text(&joined), words, count, arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena = { 0 };
	const char *bytes = arena_copy(&arena, (const char *)data, size);
	const char **words = arena_allocate(&arena, size + 2, sizeof(*words));
	CLEANUP(strbuf_free) struct strbuf text = { 0 };
	const char *const *read;
	struct error error;
	size_t count = 0;

	for (size_t i = 0; i <= size && size <= REQUEST_MAX_BYTES / 2; i += strlen(bytes + i) + 1)
		words[count++] = bytes + i;
	if (count > 0) {
		quote_append_words(&text, words, count);
		check_words(strbuf_text(&text), words, count, &arena);
		check_record(words, count, &arena);
		if (quote_read_words(bytes, &arena, &read, &count, &error) == 0)
			FUZZ_ASSERT(count <= size);
	}
	arena_free(&arena);
	return 0;
}
