#ifndef PSW_INI_READER_H
#define PSW_INI_READER_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

/*
 * Gives libinih one whole physical line a call, judged before it sees it, so
 * that its own limits and readings never come into play.
 */
enum ini_line {
	INI_LINE_OTHER,             /* blank, comment or section header */
	INI_LINE_OPTION,
	INI_LINE_CONTINUATION,
};

struct ini_reader {
	const char *next;
	const char *end;
	unsigned line;              /* of the line given last; 1 is the first */
	enum ini_line kind;         /* what the line given last is */
	const char *section;        /* name in the section header given last, not terminated */
	size_t section_length;      /* 0: the line given last is no section header */
	size_t indent;              /* of the option or header that a continuation belongs to */
	bool in_section;
	bool in_option;             /* an option is open for continuation lines */
	unsigned blank_lines;       /* since the last line of the open option */
	const char *why;            /* why the line cannot be used; NULL: no error */
};

/* An ini_reader() callback of libinih; stream is a struct ini_reader. */
char *ini_reader_line(char *buffer, int size, void *stream);

/* Notes the first reason; returns NULL, which ends libinih's reading. */
char *ini_reader_fail(struct ini_reader *reader, const char *why);

#endif
