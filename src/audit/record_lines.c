#include "audit/record_lines.h"

#include <stdint.h>
#include <string.h>

#include "audit/record.h"

/* The words of one line. */
struct piece {
	struct strbuf text;
	bool continues;         /* its first word goes on with the last one of the piece before */
};

/* A record being cut into lines. */
struct writer {
	const struct record_form *form;
	const struct record_facts *facts;
	struct arena *arena;
	size_t room[2];         /* bytes for words in the first line, and in each of the others */
	struct piece *pieces;
	size_t count;
	size_t capacity;
};

void record_add_text(struct record_facts *facts, const char *key, const char *value)
{
	facts->fields[facts->field_count++] = (struct record_field){ .key = key, .value = value };
}

void record_add_whole(struct record_facts *facts, const char *key, const char *value)
{
	facts->fields[facts->field_count++] = (struct record_field){ .key = key, .value = value, .is_whole = true };
}

void record_add_digits(struct record_facts *facts, const char *key, const char *digits)
{
	facts->fields[facts->field_count++] = (struct record_field){ .key = key, .value = digits, .is_number = true };
}

void record_add_number(struct record_facts *facts, const char *key, unsigned long number, struct arena *arena)
{
	record_add_digits(facts, key, arena_format(arena, "%lu", number));
}

static size_t written_length(const struct record_form *form, const char *word)
{
	CLEANUP(strbuf_free) struct strbuf written = { 0 };

	form->append_word(&written, word);
	return written.length;
}

/* The value as it fits: whole, or its end. */
static const char *bounded(const struct writer *writer, const char *value)
{
	const struct record_form *form = writer->form;
	size_t written = value ? written_length(form, value) : 0;
	size_t room = form->max_value - strlen("...") - form->max_quotes;
	size_t length;

	if (written <= form->max_value)
		return value;
	length = strlen(value);
	if (written > length + strlen("''")) /* something is escaped: then all may be */
		room /= form->max_escape;
	return arena_format(writer->arena, "...%s", value + length - room);
}

static void append_head(const struct writer *writer, struct strbuf *line, size_t piece)
{
	const struct record_facts *facts = writer->facts;
	const struct record_field id = { .key = "id", .value = facts->id };
	const struct record_field of_error = { .key = "of", .value = "error" };

	writer->form->begin(line, piece == 0 ? facts->kind : "more");
	writer->form->append_field(line, &id);
	/* A request that was allowed can leave an error too: parts of both have the same id. */
	if (piece > 0 && strcmp(facts->kind, "error") == 0)
		writer->form->append_field(line, &of_error);
	for (size_t i = 0; piece == 0 && i < facts->field_count; i++) {
		struct record_field field = facts->fields[i];

		if (!field.is_whole)
			field.value = bounded(writer, field.value);
		writer->form->append_field(line, &field);
	}
}

static void append_command(const struct writer *writer, struct strbuf *line, const char *words)
{
	writer->form->begin_command(line);
	strbuf_append_string(line, words);
	writer->form->end_command(line);
}

/* What the longest numbers of parts leave. */
static size_t room_in_line(const struct writer *writer, size_t piece)
{
	CLEANUP(strbuf_free) struct strbuf line = { 0 };

	append_head(writer, &line, piece);
	writer->form->append_part(&line, UINT32_MAX, UINT32_MAX, true);
	append_command(writer, &line, "");
	writer->form->end(&line);
	return line.length < RECORD_MAX ? RECORD_MAX - line.length : 0;
}

static size_t room_in(const struct writer *writer, size_t piece)
{
	return writer->room[piece == 0 ? 0 : 1];
}

static struct piece *new_piece(struct writer *writer)
{
	if (writer->count == writer->capacity) {
		size_t capacity = writer->capacity > 0 ? writer->capacity * 2 : 4;
		struct piece *pieces = arena_allocate(writer->arena, capacity, sizeof(*pieces));

		if (writer->count > 0)
			memcpy(pieces, writer->pieces, writer->count * sizeof(*pieces));
		writer->pieces = pieces;
		writer->capacity = capacity;
	}
	return &writer->pieces[writer->count++];
}

/* Adds a word, or, if continues, a piece of one; on a line of its own where it does not fit. */
static void append_word(struct writer *writer, const char *word, bool is_first, bool continues)
{
	struct piece *piece = &writer->pieces[writer->count - 1];
	size_t length = written_length(writer->form, word) + (is_first || continues ? 0 : 1);

	/* Two pieces of one word stand on two lines, or JSON would take them for two words. */
	if (continues || piece->text.length + length > room_in(writer, writer->count - 1)) {
		piece = new_piece(writer);
		piece->continues = continues;
	}
	if (!is_first && !continues)
		writer->form->separate_words(&piece->text, piece->text.length == 0);
	writer->form->append_word(&piece->text, word);
}

static bool is_inside_character(const char *at)
{
	return ((unsigned char)*at & 0xc0) == 0x80;
}

/* The longest beginning of a word that fills a line well; not inside a character, as long as it is UTF-8. */
static const char *beginning_of(const struct writer *writer, const char *word)
{
	size_t room = room_in(writer, 1) - 1;
	size_t least = (room - writer->form->max_quotes) / writer->form->max_escape;
	size_t length = strnlen(word, room);
	size_t written = written_length(writer->form, arena_copy(writer->arena, word, length));

	while (written > room && length > least) {
		size_t shorter = length * room / written;

		length = shorter > least ? shorter : least;
		written = written_length(writer->form, arena_copy(writer->arena, word, length));
	}
	for (size_t back = 0; back < 3 && length > 1 && is_inside_character(word + length); back++)
		length--;
	return arena_copy(writer->arena, word, length);
}

static void append_whole_word(struct writer *writer, const char *word, bool is_first)
{
	bool continues = false;

	if (written_length(writer->form, word) + 1 <= room_in(writer, 1)) {
		append_word(writer, word, is_first, false);
		return;
	}
	while (*word) {
		const char *beginning = beginning_of(writer, word);

		append_word(writer, beginning, is_first, continues);
		word += strlen(beginning);
		continues = true;
	}
}

static const char *finish_line(const struct writer *writer, size_t number)
{
	CLEANUP(strbuf_free) struct strbuf line = { 0 };
	struct piece *piece = writer->count > 0 ? &writer->pieces[number] : NULL;

	append_head(writer, &line, number);
	if (writer->count > 1)
		writer->form->append_part(&line, number + 1, writer->count, piece->continues);
	if (piece) {
		append_command(writer, &line, strbuf_text(&piece->text));
		strbuf_free(&piece->text);
	}
	writer->form->end(&line);
	return arena_string(writer->arena, line.text);
}

struct record record_write(const struct record_facts *facts, const struct record_form *form, struct arena *arena)
{
	struct writer writer = { .form = form, .facts = facts, .arena = arena };
	struct record record = { 0 };

	if (facts->words) {
		writer.room[0] = room_in_line(&writer, 0);
		writer.room[1] = room_in_line(&writer, 1);
		new_piece(&writer);
		for (size_t i = 0; i < facts->word_count; i++)
			append_whole_word(&writer, facts->words[i], i == 0);
	}
	record.count = facts->words ? writer.count : 1;
	record.parts = arena_allocate(arena, record.count, sizeof(*record.parts));
	for (size_t i = 0; i < record.count; i++)
		record.parts[i] = finish_line(&writer, i);
	return record;
}
