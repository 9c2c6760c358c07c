#include "report/assembly_trail.h"

#include <stdlib.h>
#include <string.h>

#include "base/strbuf.h"

struct assembly_part {
	unsigned number;
	bool continues;
	int64_t time;
	const char *words;      /* one after the other, each with its zero byte */
	size_t length;          /* of all these */
	size_t word_count;
};

struct assembly_trail assembly_trail_for(const struct entry *entry)
{
	struct assembly_trail trail = { .is_of_error = entry_is_of_error(entry), .announced = entry->parts };

	trail.id = arena_string(&trail.arena, entry->id);
	return trail;
}

static size_t field_bytes(const struct entry *entry)
{
	size_t bytes = entry->field_count * sizeof(*entry->fields);

	for (size_t i = 0; i < entry->field_count; i++)
		bytes += strlen(entry->fields[i].key) + (entry->fields[i].value ? strlen(entry->fields[i].value) : 0);
	return bytes;
}

static struct assembly_part pack_part(const struct entry *entry, struct strbuf *words)
{
	for (size_t i = 0; i < entry->word_count; i++)
		strbuf_append(words, entry->words[i], strlen(entry->words[i]) + 1);
	return (struct assembly_part){
		.number = entry->part,
		.continues = entry->continues,
		.time = entry->time,
		.words = strbuf_text(words),
		.length = words->length,
		.word_count = entry->word_count,
	};
}

static bool same_text(const char *a, const char *b)
{
	return a && b ? strcmp(a, b) == 0 : a == b;
}

static bool same_part(const struct assembly_part *a, const struct assembly_part *b)
{
	return a->continues == b->continues && a->word_count == b->word_count && a->length == b->length &&
	       (a->length == 0 || memcmp(a->words, b->words, a->length) == 0);
}

static bool same_head(const struct entry *a, const struct entry *b)
{
	if (strcmp(a->kind, b->kind) != 0 || a->parts != b->parts || a->field_count != b->field_count)
		return false;
	for (size_t i = 0; i < a->field_count; i++) {
		if (strcmp(a->fields[i].key, b->fields[i].key) != 0 ||
		    !same_text(a->fields[i].value, b->fields[i].value))
			return false;
	}
	return true;
}

static void keep_head(struct assembly_trail *trail, const struct entry *entry)
{
	struct entry_field *fields = arena_allocate(&trail->arena, entry->field_count + 1, sizeof(*fields));

	for (size_t i = 0; i < entry->field_count; i++) {
		const struct entry_field *field = &entry->fields[i];

		fields[i].key = arena_string(&trail->arena, field->key);
		fields[i].value = field->value ? arena_string(&trail->arena, field->value) : NULL;
	}
	trail->first = *entry;
	trail->first.kind = arena_string(&trail->arena, entry->kind);
	trail->first.fields = fields;
}

/* Where the part with that number is, or belongs. */
static size_t find_part(const struct assembly_trail *trail, unsigned number)
{
	size_t at = trail->count; /* most come in order */

	while (at > 0 && trail->parts[at - 1].number >= number)
		at--;
	return at;
}

static void insert_part(struct assembly_trail *trail, size_t at, const struct assembly_part *part)
{
	if (trail->count == trail->capacity) {
		trail->capacity = trail->capacity > 0 ? trail->capacity * 2 : 4;
		trail->parts = memory_resize(trail->parts, trail->capacity, sizeof(*trail->parts));
	}
	memmove(trail->parts + at + 1, trail->parts + at, (trail->count - at) * sizeof(*trail->parts));
	trail->parts[at] = *part;
	trail->parts[at].words = arena_copy(&trail->arena, part->words, part->length);
	trail->count++;
}

void assembly_trail_add(struct assembly_trail *trail, const struct entry *entry)
{
	CLEANUP(strbuf_free) struct strbuf words = { 0 };
	struct assembly_part part = pack_part(entry, &words);
	size_t bytes = part.length + field_bytes(entry) + sizeof(part);
	size_t at = find_part(trail, part.number);

	if (entry->parts == trail->announced && at < trail->count && trail->parts[at].number == part.number) {
		trail->contradicts |= !same_part(&trail->parts[at], &part);
	} else if (entry->parts != trail->announced || trail->count == ASSEMBLY_MAX_PARTS ||
		   bytes > ASSEMBLY_MAX_TRAIL_BYTES - trail->bytes) {
		trail->contradicts = true;
	} else {
		insert_part(trail, at, &part);
		trail->bytes += bytes;
		if (part.number == 1)
			keep_head(trail, entry);
	}
}

bool assembly_trail_is_other(const struct assembly_trail *trail, const struct entry *entry)
{
	CLEANUP(strbuf_free) struct strbuf words = { 0 };
	struct assembly_part part;

	if (entry->part != 1)
		return false;
	if (!trail->first.kind)
		return entry->parts != trail->announced;
	part = pack_part(entry, &words);
	return !same_head(&trail->first, entry) || !same_part(&trail->parts[0], &part);
}

/* Joins the words of all parts that came; over a gap none goes on. */
static void join_words(struct assembly_trail *trail, struct entry *entry)
{
	CLEANUP(strbuf_free) struct strbuf all = { 0 };
	const char **words;
	const char *at;
	size_t count = 0;

	for (size_t i = 0; i < trail->count; i++) {
		const struct assembly_part *part = &trail->parts[i];

		if (part->continues && part->word_count > 0 && count > 0 && part[-1].number + 1 == part->number) {
			all.length--; /* the zero byte after the word that goes on */
			count--;
		}
		strbuf_append(&all, part->words, part->length);
		count += part->word_count;
	}
	at = arena_copy(&trail->arena, strbuf_text(&all), all.length);
	words = arena_allocate(&trail->arena, count + 1, sizeof(*words));
	for (size_t i = 0; i < count; i++, at += strlen(at) + 1)
		words[i] = at;
	entry->words = words;
	entry->word_count = count;
}

bool assembly_trail_has_all_parts(const struct assembly_trail *trail)
{
	return trail->first.kind && trail->count == trail->announced;
}

void assembly_trail_join(struct assembly_trail *trail, struct assembled *done)
{
	struct entry *entry = &done->entry;

	*done = (struct assembled){ .entry = trail->first, .parts = trail->announced };
	entry->id = trail->id;
	entry->part = entry->parts = 1;
	if (!entry->kind) {
		entry->kind = "more";
		entry->time = trail->count > 0 ? trail->parts[0].time : ENTRY_NO_TIME;
	}
	join_words(trail, entry);
	done->missing = trail->announced - (unsigned)trail->count;
	if (done->missing == 0 && (trail->contradicts || !entry_has_all_words(entry)))
		done->missing = 1;
}

void assembly_trail_free(struct assembly_trail *trail)
{
	arena_free(&trail->arena);
	free(trail->parts);
	*trail = (struct assembly_trail){ 0 };
}
