/* The INI reader: no input may be cut, and what is accepted must be whole. */
#include <string.h>

#include "fuzz.h"
#include "ini/ini.h"

static void check_values(const struct ini *ini, size_t size)
{
	for (const struct ini_section *section = ini->sections; section; section = section->next) {
		FUZZ_ASSERT(strlen(section->name) <= INI_SECTION_NAME_LIMIT);
		for (const struct ini_option *option = section->options; option; option = option->next) {
			FUZZ_ASSERT(option->name[0] != '\0');
			FUZZ_ASSERT(strlen(option->value) <= size);
			FUZZ_ASSERT(option->line >= section->line);
		}
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size == 0)
		return 0;
	for (int strict = 0; strict < 2; strict++) {
		struct arena arena = { 0 };
		struct error error;
		struct ini ini;
		unsigned line;

		if (ini_read(&ini, (const char *)data, size,
			     strict ? INI_DUPLICATES_REFUSED : INI_DUPLICATES_LAST_WINS, &arena, &line, &error) == 0) {
			FUZZ_ASSERT(!memchr(data, '\0', size));
			check_values(&ini, size);
			ini_items(&ini, "Filters", &arena);
		}
		arena_free(&arena);
	}
	return 0;
}
