#include "ini/reader.h"

#include <stdint.h>
#include <string.h>

#include "base/utf8.h"
#include "ini/ini.h"

/* A physical line without its end; text is what stands between the white space on both sides. */
struct line {
	const char *start;
	const char *text;
	const char *end;
	bool comment;
	bool first;                 /* of the file */
};

char *ini_reader_fail(struct ini_reader *reader, const char *why)
{
	if (!reader->why)
		reader->why = why;
	return NULL;
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/* What str.isspace() takes above ASCII: Python strips it and counts it as indentation, libinih does not. */
static bool is_unicode_space(uint32_t code_point)
{
	return code_point == 0x85 || code_point == 0xa0 || code_point == 0x1680 ||
	       (code_point >= 0x2000 && code_point <= 0x200a) || code_point == 0x2028 || code_point == 0x2029 ||
	       code_point == 0x202f || code_point == 0x205f || code_point == 0x3000;
}

static const char *code_point_problem(uint32_t code_point, bool comment)
{
	if (code_point == '\r')
		return "carriage return inside a line";
	if ((code_point < 0x20 && code_point != '\t') || code_point == 0x7f)
		return "control character";
	if (!comment && is_unicode_space(code_point))
		return "white space other than blank and tab";
	return NULL;
}

/* Refuses each byte that libinih or Python could take for something else. */
static const char *line_problem(const struct line *line)
{
	static const char byte_order_mark[] = "\xef\xbb\xbf";
	size_t length;

	if (line->first && line->end - line->start >= 3 && memcmp(line->start, byte_order_mark, 3) == 0)
		return "byte order mark";
	for (const char *at = line->start; at < line->end; at += length) {
		uint32_t code_point;
		const char *problem;

		length = 1;
		if (*at >= 0x20 && *at < 0x7f)
			continue;
		length = utf8_decode(at, (size_t)(line->end - at), &code_point);
		if (length == 0)
			return "not UTF-8";
		problem = code_point_problem(code_point, line->comment);
		if (problem)
			return problem;
	}
	return NULL;
}

static struct line take_line(struct ini_reader *reader)
{
	struct line line = { .start = reader->next };
	const char *newline = memchr(line.start, '\n', (size_t)(reader->end - line.start));

	line.end = newline ? newline : reader->end;
	reader->next = newline ? newline + 1 : reader->end;
	line.first = reader->line++ == 0;
	if (newline && line.end > line.start && line.end[-1] == '\r')
		line.end--; /* CRLF */
	line.text = line.start;
	while (line.text < line.end && is_blank(*line.text))
		line.text++;
	line.comment = line.text < line.end && (*line.text == '#' || *line.text == ';');
	return line;
}

/* Hands libinih prefix and text as one line that cannot look cut off. */
static char *give(struct ini_reader *reader, char *buffer, int size, const char *prefix, const char *text,
		  size_t length)
{
	size_t prefix_length = strlen(prefix);

	if (size < 4 || prefix_length + length + 3 > (size_t)size)
		return ini_reader_fail(reader, "line too long");
	memcpy(buffer, prefix, prefix_length);
	memcpy(buffer + prefix_length, text, length);
	buffer[prefix_length + length] = '\n';
	buffer[prefix_length + length + 1] = '\0';
	return buffer;
}

static char *give_section(struct ini_reader *reader, char *buffer, int size, const struct line *line)
{
	size_t length = (size_t)(line->end - line->text);
	const char *first = memchr(line->text, ']', length);
	const char *last = memrchr(line->text, ']', length);

	if (!first)
		return ini_reader_fail(reader, "section header without ]");
	if (first != last) /* Python's header goes to the last ], libinih's to the first */
		return ini_reader_fail(reader, "more than one ] in a section header");
	if (first == line->text + 1)
		return ini_reader_fail(reader, "section header without a name");
	if (first - line->text - 1 > INI_SECTION_NAME_LIMIT)
		return ini_reader_fail(reader, "section name over 49 bytes");
	reader->section = line->text + 1;
	reader->section_length = (size_t)(first - reader->section);
	reader->in_section = true;
	return give(reader, buffer, size, "", line->text, (size_t)(first + 1 - line->text));
}

static char *give_option(struct ini_reader *reader, char *buffer, int size, const struct line *line)
{
	const char *at = line->text;

	if (!reader->in_section)
		return ini_reader_fail(reader, "option before the first section header");
	while (at < line->end && *at != '=' && *at != ':') {
		if (*at++ & 0x80) /* Python would fold its case */
			return ini_reader_fail(reader, "option name is not ASCII");
	}
	if (at == line->end)
		return ini_reader_fail(reader, "neither = nor : on an option line");
	if (at == line->text)
		return ini_reader_fail(reader, "option without a name");
	reader->in_option = true;
	reader->blank_lines = 0;
	reader->kind = INI_LINE_OPTION;
	return give(reader, buffer, size, "", line->text, (size_t)(line->end - line->text));
}

char *ini_reader_line(char *buffer, int size, void *stream)
{
	struct ini_reader *reader = stream;
	struct line line;
	const char *problem;
	size_t indent;

	reader->kind = INI_LINE_OTHER;
	reader->section_length = 0;
	if (reader->why || reader->next == reader->end)
		return NULL;
	line = take_line(reader);
	if (line.end - line.start > INI_LINE_LIMIT)
		return ini_reader_fail(reader, "line over 65533 bytes");
	problem = line_problem(&line);
	if (problem)
		return ini_reader_fail(reader, problem);

	indent = (size_t)(line.text - line.start);
	while (line.end > line.text && is_blank(line.end[-1]))
		line.end--;
	if (line.text == line.end || line.comment) {
		if (line.text == line.end && reader->in_option)
			reader->blank_lines++;
		return give(reader, buffer, size, "", "", 0); /* so that libinih counts the line */
	}
	if (reader->in_option && indent > reader->indent) {
		reader->kind = INI_LINE_CONTINUATION;
		return give(reader, buffer, size, " ", line.text, (size_t)(line.end - line.text));
	}
	reader->indent = indent;
	reader->in_option = false;
	if (*line.text == '[')
		return give_section(reader, buffer, size, &line);
	return give_option(reader, buffer, size, &line);
}
