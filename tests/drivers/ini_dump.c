/*
 * What the INI reader makes of files, for the comparison with Python.
 *
 * Input: for each file one byte, 's' (duplicates refused) or 'l' (the last one
 * wins), then the file as a frame.  Output: for each file one line of JSON,
 *
 *     {"line":3,"error":"..."}
 *     {"sections":[["NAME",[["option","value"],...]],...],"filters":[["option","value"],...]}
 *
 * where "filters" are the items of [Filters], null without that section.
 */
#include "base/json.h"
#include "frame.h"
#include "ini/ini.h"

static void append_option(struct strbuf *out, const struct ini_option *option, bool first)
{
	const char *const pair[] = { option->name, option->value };

	strbuf_append_string(out, first ? "" : ",");
	json_append_strings(out, pair, ARRAY_LENGTH(pair));
}

static void append_sections(struct strbuf *out, const struct ini *ini)
{
	for (const struct ini_section *section = ini->sections; section; section = section->next) {
		strbuf_append_string(out, section == ini->sections ? "[" : ",[");
		json_append_string(out, section->name);
		strbuf_append_string(out, ",[");
		for (const struct ini_option *option = section->options; option; option = option->next)
			append_option(out, option, option == section->options);
		strbuf_append_string(out, "]]");
	}
}

static void append_filters(struct strbuf *out, const struct ini *ini, struct arena *arena)
{
	const struct ini_option **items = ini_items(ini, "Filters", arena);

	if (!items) {
		strbuf_append_string(out, "null");
		return;
	}
	strbuf_append_char(out, '[');
	for (size_t i = 0; items[i]; i++)
		append_option(out, items[i], i == 0);
	strbuf_append_char(out, ']');
}

static void dump(const char *bytes, size_t length, enum ini_duplicates duplicates)
{
	CLEANUP(strbuf_free) struct strbuf out = { 0 };
	CLEANUP(arena_free) struct arena arena = { 0 };
	struct error error;
	struct ini ini;
	unsigned line;

	if (ini_read(&ini, bytes, length, duplicates, &arena, &line, &error) < 0) {
		strbuf_append_format(&out, "{\"line\":%u,\"error\":", line);
		json_append_string(&out, error.text);
	} else {
		strbuf_append_string(&out, "{\"sections\":[");
		append_sections(&out, &ini);
		strbuf_append_string(&out, "],\"filters\":");
		append_filters(&out, &ini, &arena);
	}
	strbuf_append_string(&out, "}\n");
	fputs(out.text, stdout);
	fflush(stdout);
}

int main(void)
{
	int mode;

	while ((mode = getchar()) != EOF) {
		uint32_t length;
		char *bytes = frame_read_bytes(&length);

		if (!bytes)
			return EXIT_FAILURE;
		dump(bytes, length, mode == 's' ? INI_DUPLICATES_REFUSED : INI_DUPLICATES_LAST_WINS);
		free(bytes);
	}
	return EXIT_SUCCESS;
}
