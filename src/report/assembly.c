#include "report/assembly.h"

#include <stdlib.h>
#include <string.h>

#include "report/assembly_trail.h"

/* Takes the trail at index out into *done. */
static void give_out(struct assembly *assembly, size_t index, struct assembled *done)
{
	*assembly->given = assembly->trails[index];
	assembly->bytes -= assembly->given->bytes;
	assembly->count--;
	memmove(assembly->trails + index, assembly->trails + index + 1,
		(assembly->count - index) * sizeof(*assembly->trails));
	assembly_trail_join(assembly->given, done);
}

static bool belongs_to(const struct assembly_trail *trail, const struct entry *entry)
{
	return strcmp(trail->id, entry->id) == 0 && trail->is_of_error == entry_is_of_error(entry);
}

/* Returns its index; count: there is none. */
static size_t find_trail(const struct assembly *assembly, const struct entry *entry)
{
	size_t index = 0;

	while (index < assembly->count && !belongs_to(&assembly->trails[index], entry))
		index++;
	return index;
}

static size_t new_trail(struct assembly *assembly, const struct entry *entry)
{
	if (assembly->count == assembly->capacity) {
		assembly->capacity = assembly->capacity > 0 ? assembly->capacity * 2 : 4;
		assembly->trails = memory_resize(assembly->trails, assembly->capacity, sizeof(*assembly->trails));
	}
	assembly->trails[assembly->count] = assembly_trail_for(entry);
	return assembly->count++;
}

static void forget_given(struct assembly *assembly)
{
	if (!assembly->given)
		assembly->given = memory_allocate(1, sizeof(*assembly->given));
	assembly_trail_free(assembly->given);
}

bool assembly_add(struct assembly *assembly, const struct entry *entry, struct assembled *done)
{
	size_t index = entry->parts > 1 ? find_trail(assembly, entry) : assembly->count;
	struct assembly_trail *trail;
	bool given = false;

	forget_given(assembly);
	if (index < assembly->count && assembly_trail_is_other(&assembly->trails[index], entry)) {
		give_out(assembly, index, done);
		index = assembly->count;
		given = true;
	}
	if (index == assembly->count)
		index = new_trail(assembly, entry);
	trail = &assembly->trails[index];
	assembly->bytes -= trail->bytes;
	assembly_trail_add(trail, entry);
	assembly->bytes += trail->bytes;
	if (!given && assembly_trail_has_all_parts(trail)) {
		give_out(assembly, index, done);
		given = true;
	}
	if (!given && (assembly->count > ASSEMBLY_MAX_TRAILS || assembly->bytes > ASSEMBLY_MAX_BYTES)) {
		give_out(assembly, 0, done);
		given = true;
	}
	return given;
}

bool assembly_take_incomplete(struct assembly *assembly, struct assembled *done)
{
	forget_given(assembly);
	if (assembly->count == 0)
		return false;
	give_out(assembly, 0, done);
	return true;
}

void assembly_free(struct assembly *assembly)
{
	for (size_t i = 0; i < assembly->count; i++)
		assembly_trail_free(&assembly->trails[i]);
	if (assembly->given)
		assembly_trail_free(assembly->given);
	free(assembly->given);
	free(assembly->trails);
	*assembly = (struct assembly){ 0 };
}
