#ifndef PSW_INI_H
#define PSW_INI_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "base/memory.h"

/*
 * INI files as Python's RawConfigParser reads them, on libinih.  Every valid
 * file gives the same options, in the same order, with the same values; what
 * Python refuses is refused, and so is what the two could read differently.
 * Nothing is ever cut: what is too long is an error.
 */
enum {
	INI_FILE_LIMIT = 1 << 20,     /* bytes of a file */
	INI_LINE_LIMIT = 65533,     /* bytes of a line without its end; not INI_MAX_LINE, which is a macro of <ini.h> */
	INI_SECTION_NAME_LIMIT = 49,/* libinih cuts what is longer */
};

enum ini_duplicates {
	INI_DUPLICATES_REFUSED,     /* RawConfigParser(strict=True) */
	INI_DUPLICATES_LAST_WINS,   /* RawConfigParser(strict=False): the last value in the first place */
};

struct ini_option {
	const char *name;           /* in lower case, as optionxform() */
	const char *value;          /* continuation lines joined with newlines */
	unsigned line;              /* where the value in force begins */
	bool repeated;              /* an earlier value was replaced */
	struct ini_option *next;    /* in the section, in the order of the file */
};

struct ini_section {
	const char *name;
	unsigned line;              /* where it is first named */
	bool repeated;              /* it is named again */
	struct ini_option *options;
	struct ini_option **end;
	struct ini_section *next;
};

struct ini {
	struct ini_section *sections;
};

/*
 * Reads length bytes.  Strings live in the arena.  Returns -1 with the line and
 * the reason, which never holds text of the file; *ini is then not to be used.
 */
int ini_read(struct ini *ini, const char *bytes, size_t length, enum ini_duplicates duplicates,
	     struct arena *arena, unsigned *error_line, struct error *error) MUST_CHECK;

/* The section of exactly that name, or NULL. */
const struct ini_section *ini_section(const struct ini *ini, const char *name);

/*
 * The options of a section as RawConfigParser.items() gives them: first those
 * of [DEFAULT], with the section's value where it has one, then the others.
 * Returns a NULL-terminated array in the arena; NULL when there is no such section.
 */
const struct ini_option **ini_items(const struct ini *ini, const char *section, struct arena *arena);

#endif
