#include "ini/ini.h"

#include <string.h>

/* Debian's libinih passes the line as a fifth argument; its header hides that behind this option. */
#define INI_HANDLER_LINENO 1
#include <ini.h>

#include "base/strbuf.h"
#include "ini/reader.h"

enum { BUCKETS = 64 };

/* Options by the hash of section and name, so that a long file is not compared option by option. */
struct bucket_entry {
	const struct ini_section *section;
	struct ini_option *option;
	struct bucket_entry *next;
};

struct parser {
	struct ini *ini;
	struct ini_reader reader;
	enum ini_duplicates duplicates;
	struct arena *arena;
	struct ini_section *section;        /* open for options */
	struct ini_option *option;          /* open for continuation lines */
	struct strbuf value;                /* of the open option, until it is closed */
	struct bucket_entry *buckets[BUCKETS];
};

static struct ini_section *find_section(const struct ini *ini, const char *name, size_t length)
{
	for (struct ini_section *section = ini->sections; section; section = section->next) {
		if (strlen(section->name) == length && memcmp(section->name, name, length) == 0)
			return section;
	}
	return NULL;
}

static struct ini_section *add_section(struct parser *parser, const char *name, size_t length)
{
	struct ini_section *section = arena_allocate(parser->arena, 1, sizeof(*section));
	struct ini_section **end = &parser->ini->sections;

	section->name = arena_copy(parser->arena, name, length);
	section->line = parser->reader.line;
	section->end = &section->options;
	while (*end)
		end = &(*end)->next;
	*end = section;
	return section;
}

/* The value is complete when the next option or section begins, or the file ends. */
static void close_option(struct parser *parser)
{
	if (parser->option)
		parser->option->value = arena_copy(parser->arena, strbuf_text(&parser->value), parser->value.length);
	parser->option = NULL;
	parser->value.length = 0;
}

/* Opens the section of the header that the reader has just read.  Python lets [DEFAULT] come twice even when strict. */
static void open_section(struct parser *parser)
{
	const char *name = parser->reader.section;
	size_t length = parser->reader.section_length;
	bool is_default = length == strlen("DEFAULT") && memcmp(name, "DEFAULT", length) == 0;

	close_option(parser);
	parser->section = find_section(parser->ini, name, length);
	if (!parser->section)
		parser->section = add_section(parser, name, length);
	else if (parser->duplicates == INI_DUPLICATES_REFUSED && !is_default)
		ini_reader_fail(&parser->reader, "the same section twice");
	else
		parser->section->repeated = true;
}

/* libinih does not tell of a section without options: the reader does. */
static char *read_line(char *buffer, int size, void *stream)
{
	struct parser *parser = stream;
	char *line = ini_reader_line(buffer, size, &parser->reader);

	if (line && parser->reader.section_length > 0)
		open_section(parser);
	return parser->reader.why ? NULL : line;
}

static char *lower_case(struct arena *arena, const char *name)
{
	char *copy = arena_string(arena, name);

	for (char *c = copy; *c; c++) {
		if (*c >= 'A' && *c <= 'Z')
			*c = (char)(*c - 'A' + 'a');
	}
	return copy;
}

static struct bucket_entry **bucket_of(struct parser *parser, const char *name)
{
	unsigned hash = 5381;

	for (; *name; name++)
		hash = hash * 33 + (unsigned char)*name;
	return &parser->buckets[hash % BUCKETS];
}

static struct ini_option *find_option(struct parser *parser, const char *name)
{
	for (struct bucket_entry *entry = *bucket_of(parser, name); entry; entry = entry->next) {
		if (entry->section == parser->section && strcmp(entry->option->name, name) == 0)
			return entry->option;
	}
	return NULL;
}

static struct ini_option *add_option(struct parser *parser, const char *name)
{
	struct ini_option *option = arena_allocate(parser->arena, 1, sizeof(*option));
	struct bucket_entry *entry = arena_allocate(parser->arena, 1, sizeof(*entry));
	struct bucket_entry **bucket = bucket_of(parser, name);

	option->name = name;
	*parser->section->end = option;
	parser->section->end = &option->next;
	entry->section = parser->section;
	entry->option = option;
	entry->next = *bucket;
	*bucket = entry;
	return option;
}

static int reject(struct parser *parser, const char *why)
{
	ini_reader_fail(&parser->reader, why);
	return 0; /* libinih's sign of an error */
}

static int open_option(struct parser *parser, const char *name, const char *value)
{
	const char *lower = lower_case(parser->arena, name);
	struct ini_option *option = find_option(parser, lower);

	close_option(parser);
	if (option && parser->duplicates == INI_DUPLICATES_REFUSED)
		return reject(parser, "the same option twice");
	if (option)
		option->repeated = true;
	else
		option = add_option(parser, lower);
	option->line = parser->reader.line;
	parser->option = option;
	strbuf_append_string(&parser->value, value);
	return 1;
}

/* Python joins the lines of a value with newlines and keeps blank lines between them. */
static int continue_option(struct parser *parser, const char *value)
{
	for (unsigned i = 0; i <= parser->reader.blank_lines; i++)
		strbuf_append_char(&parser->value, '\n');
	strbuf_append_string(&parser->value, value);
	parser->reader.blank_lines = 0;
	return 1;
}

/*
 * What libinih calls for each option.  Of what it says only the name and the
 * value count; section, line and kind come from the reader, and a libinih that
 * sees the file otherwise is an error.
 */
static int handle_option(void *user, const char *section, const char *name, const char *value, int line)
{
	struct parser *parser = user;
	enum ini_line kind = parser->reader.kind;

	parser->reader.kind = INI_LINE_OTHER;
	if (!parser->section || !section || !name || !value || strcmp(section, parser->section->name) != 0 ||
	    line < 0 || (unsigned)line != parser->reader.line)
		return reject(parser, "libinih does not behave as expected");
	if (kind == INI_LINE_OPTION)
		return open_option(parser, name, value);
	if (kind == INI_LINE_CONTINUATION && parser->option)
		return continue_option(parser, value);
	return reject(parser, "libinih does not behave as expected");
}

/* Debian's libinih takes its options at run time; one built without them does not link. */
static void set_library_options(void)
{
	ini_allow_multiline = true;
	ini_allow_bom = false;
	ini_allow_inline_comments = false;
	ini_allow_no_value = false;
	ini_stop_on_first_error = true;
	ini_use_stack = false;
	ini_allow_realloc = false;
	ini_initial_alloc = INI_LINE_LIMIT + 3;
	ini_max_line = INI_LINE_LIMIT + 3;
}

int ini_read(struct ini *ini, const char *bytes, size_t length, enum ini_duplicates duplicates, struct arena *arena,
	     unsigned *error_line, struct error *error)
{
	struct parser parser = {
		.ini = ini,
		.reader = { .next = bytes, .end = bytes + length },
		.duplicates = duplicates,
		.arena = arena,
	};
	int result;

	*ini = (struct ini){ 0 };
	*error_line = 0;
	if (length > INI_FILE_LIMIT)
		return error_set(error, "file over 1 MiB");
	set_library_options();
	result = ini_parse_stream(read_line, &parser, handle_option, &parser);
	if (result == -2)
		ini_reader_fail(&parser.reader, "out of memory");
	else if (result != 0)
		ini_reader_fail(&parser.reader, "libinih refuses the line");
	else if (parser.reader.next != parser.reader.end)
		ini_reader_fail(&parser.reader, "libinih stopped early");
	close_option(&parser);
	strbuf_free(&parser.value);
	*error_line = parser.reader.line;
	return parser.reader.why ? error_set(error, "%s", parser.reader.why) : 0;
}

const struct ini_section *ini_section(const struct ini *ini, const char *name)
{
	return find_section(ini, name, strlen(name));
}

static const struct ini_option *option_of(const struct ini_section *section, const char *name)
{
	for (const struct ini_option *option = section ? section->options : NULL; option; option = option->next) {
		if (strcmp(option->name, name) == 0)
			return option;
	}
	return NULL;
}

static size_t count_options(const struct ini_section *section)
{
	size_t count = 0;

	for (const struct ini_option *option = section ? section->options : NULL; option; option = option->next)
		count++;
	return count;
}

const struct ini_option **ini_items(const struct ini *ini, const char *name, struct arena *arena)
{
	const struct ini_section *section = ini_section(ini, name);
	const struct ini_section *defaults = ini_section(ini, "DEFAULT");
	const struct ini_option **items;
	size_t count = 0;

	if (!section)
		return NULL;
	items = arena_allocate(arena, count_options(section) + count_options(defaults) + 1, sizeof(void *));
	for (const struct ini_option *option = defaults ? defaults->options : NULL; option; option = option->next) {
		const struct ini_option *own = option_of(section, option->name);

		items[count++] = own ? own : option;
	}
	for (const struct ini_option *option = section->options; option; option = option->next) {
		if (!option_of(defaults, option->name))
			items[count++] = option;
	}
	return items;
}
