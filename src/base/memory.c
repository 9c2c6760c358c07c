#include "base/memory.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/exit_status.h"

/*
 * Blocks grow: most arenas of a run hold little, and every page touched costs.
 * Under AddressSanitizer every piece is a block of its own, so that an overflow
 * by one byte is seen.
 */
#if defined(__SANITIZE_ADDRESS__)
#define FIRST_BLOCK_SIZE 0
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define FIRST_BLOCK_SIZE 0
#endif
#endif
#ifndef FIRST_BLOCK_SIZE
#define FIRST_BLOCK_SIZE 1024
#endif

enum { MAX_BLOCK_SIZE = 32768 };

struct arena_block {
	struct arena_block *next;
	size_t used;
	size_t size;
	max_align_t data[];
};

static NORETURN void out_of_memory(void)
{
	static const char message[] = "privsep-wrap: out of memory\n";
	ssize_t ignored = write(STDERR_FILENO, message, sizeof(message) - 1);

	(void)ignored;
	_exit(EXIT_NOT_CONFINED);
}

void *memory_allocate(size_t count, size_t size)
{
	void *memory = calloc(count > 0 ? count : 1, size > 0 ? size : 1);

	if (!memory)
		out_of_memory();
	return memory;
}

void *memory_resize(void *old, size_t count, size_t size)
{
	void *memory = reallocarray(old, count > 0 ? count : 1, size > 0 ? size : 1);

	if (!memory)
		out_of_memory();
	return memory;
}

static struct arena_block *block_with_room(struct arena *arena, size_t size)
{
	struct arena_block *block = arena->blocks;
	size_t capacity = block && FIRST_BLOCK_SIZE > 0 ? block->size * 2 : FIRST_BLOCK_SIZE;

	if (block && block->size - block->used >= size)
		return block;
	if (capacity > MAX_BLOCK_SIZE)
		capacity = MAX_BLOCK_SIZE;
	if (capacity < size)
		capacity = size;
	if (capacity > SIZE_MAX - sizeof(*block))
		out_of_memory();
	block = memory_allocate(1, sizeof(*block) + capacity);
	block->size = capacity;
	block->next = arena->blocks;
	arena->blocks = block;
	return block;
}

void *arena_allocate(struct arena *arena, size_t count, size_t size)
{
	size_t bytes;
	struct arena_block *block;
	void *memory;

	if (__builtin_mul_overflow(count, size, &bytes) || bytes > SIZE_MAX / 2)
		out_of_memory();
	bytes = (bytes + sizeof(max_align_t) - 1) / sizeof(max_align_t) * sizeof(max_align_t);
	block = block_with_room(arena, bytes);
	memory = (char *)block->data + block->used;
	block->used += bytes;
	return memory;
}

char *arena_copy(struct arena *arena, const char *bytes, size_t length)
{
	char *copy = arena_allocate(arena, length + 1, 1);

	if (length > 0)
		memcpy(copy, bytes, length);
	return copy;
}

char *arena_string(struct arena *arena, const char *string)
{
	return arena_copy(arena, string, strlen(string));
}

char *arena_format(struct arena *arena, const char *format, ...)
{
	va_list arguments;
	int length;
	char *text;

	va_start(arguments, format);
	length = vsnprintf(NULL, 0, format, arguments);
	va_end(arguments);
	if (length < 0)
		out_of_memory();
	text = arena_allocate(arena, (size_t)length + 1, 1);
	va_start(arguments, format);
	vsnprintf(text, (size_t)length + 1, format, arguments);
	va_end(arguments);
	return text;
}

void arena_free(struct arena *arena)
{
	struct arena_block *next;

	for (struct arena_block *block = arena->blocks; block; block = next) {
		next = block->next;
		free(block);
	}
	arena->blocks = NULL;
}
