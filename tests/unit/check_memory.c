#include <fcntl.h>
#include <stdint.h>

#include "base/exit_status.h"
#include "base/memory.h"
#include "suite.h"

enum { PIECES = 300 };

/* AddressSanitizer would end the process before the code under test sees that there is no memory. */
const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
	return "allocator_may_return_null=1";
}

static bool is_filled_with(const char *bytes, size_t length, int value)
{
	for (size_t i = 0; i < length; i++) {
		if ((unsigned char)bytes[i] != (value & 0xff))
			return false;
	}
	return true;
}

START_TEST(allocated_memory_is_zeroed)
{
	char *memory = memory_allocate(100, 10);

	ck_assert(is_filled_with(memory, 1000, 0));
	memset(memory, 'x', 1000);
	free(memory);
}
END_TEST

START_TEST(nothing_is_allocated_as_something)
{
	void *none = memory_allocate(0, 0);
	void *resized = memory_resize(NULL, 0, 8);

	ck_assert_ptr_nonnull(none);
	ck_assert_ptr_nonnull(resized);
	free(none);
	free(resized);
}
END_TEST

START_TEST(resizing_keeps_what_was_there)
{
	char *memory = memory_resize(NULL, 4, 1);

	memcpy(memory, "abc", 4);
	memory = memory_resize(memory, 100000, 1);
	ck_assert_str_eq(memory, "abc");
	free(memory);
}
END_TEST

/* Among them the sizes of an arena's blocks, so that pieces end before, at and behind the end of one. */
static const size_t piece_sizes[] = {
	0, 1, 15, 16, 17, 512, 1008, 1023, 1024, 1025, 4096, 32767, 32768, 32769, 100000,
};

START_TEST(arena_pieces_are_zeroed_aligned_and_apart)
{
	size_t size = piece_sizes[_i];
	struct arena arena = { 0 };
	char *pieces[PIECES];

	for (int i = 0; i < PIECES; i++) {
		pieces[i] = arena_allocate(&arena, size, 1);
		ck_assert(is_filled_with(pieces[i], size, 0));
		ck_assert_uint_eq((uintptr_t)pieces[i] % _Alignof(max_align_t), 0);
		memset(pieces[i], i, size);
	}
	for (int i = 0; i < PIECES; i++)
		ck_assert(is_filled_with(pieces[i], size, i));
	arena_free(&arena);
}
END_TEST

START_TEST(arena_can_be_used_after_it_was_freed)
{
	struct arena arena = { 0 };

	arena_free(&arena);
	ck_assert_str_eq(arena_string(&arena, "first"), "first");
	arena_free(&arena);
	ck_assert_ptr_null(arena.blocks);
	ck_assert_str_eq(arena_string(&arena, "second"), "second");
	arena_free(&arena);
}
END_TEST

START_TEST(arena_copies_are_terminated)
{
	struct arena arena = { 0 };
	const char *zero_inside = arena_copy(&arena, "a\0bX", 3);

	ck_assert_str_eq(arena_copy(&arena, "abcdef", 3), "abc");
	ck_assert_str_eq(arena_copy(&arena, NULL, 0), "");
	ck_assert_mem_eq(zero_inside, "a\0b", 4);
	arena_free(&arena);
}
END_TEST

START_TEST(arena_formats_text_of_any_length)
{
	struct arena arena = { 0 };
	const char *text = arena_format(&arena, "%0100000d|%s", 7, "end");

	ck_assert_uint_eq(strlen(text), 100004);
	ck_assert_str_eq(text + 99999, "7|end");
	arena_free(&arena);
}
END_TEST

/* The message would only blur the output of the tests. */
static void silence(void)
{
	dup2(open("/dev/null", O_WRONLY), STDERR_FILENO);
}

START_TEST(no_memory_to_allocate_ends_the_process)
{
	silence();
	memory_allocate(SIZE_MAX / 2, 4);
}
END_TEST

START_TEST(no_memory_to_resize_ends_the_process)
{
	silence();
	memory_resize(NULL, SIZE_MAX / 2, 4);
}
END_TEST

/* A product that wraps around to a small number must not give a small piece. */
static const size_t impossible[][2] = {
	{ SIZE_MAX, 2 },         { SIZE_MAX / 16 + 2, 16 }, { SIZE_MAX, 1 },
	{ SIZE_MAX / 2 + 1, 1 }, { SIZE_MAX / 2 - 64, 1 },
};

START_TEST(no_memory_for_an_arena_ends_the_process)
{
	struct arena arena = { 0 };

	silence();
	arena_allocate(&arena, impossible[_i][0], impossible[_i][1]);
}
END_TEST

START_TEST(out_of_memory_is_said)
{
	int ends[2];
	char text[64] = { 0 };
	pid_t child;

	ck_assert_int_eq(pipe(ends), 0);
	child = fork();
	if (child == 0) {
		dup2(ends[1], STDERR_FILENO);
		memory_allocate(SIZE_MAX / 2, 4);
		_exit(0);
	}
	close(ends[1]);
	ck_assert_int_gt(read(ends[0], text, sizeof(text) - 1), 0);
	close(ends[0]);
	ck_assert_str_eq(text, "privsep-wrap: out of memory\n");
}
END_TEST

static void fill_memory(TCase *tcase)
{
	tcase_add_test(tcase, allocated_memory_is_zeroed);
	tcase_add_test(tcase, nothing_is_allocated_as_something);
	tcase_add_test(tcase, resizing_keeps_what_was_there);
}

static void fill_arena(TCase *tcase)
{
	add_table_test(tcase, arena_pieces_are_zeroed_aligned_and_apart, piece_sizes);
	tcase_add_test(tcase, arena_can_be_used_after_it_was_freed);
	tcase_add_test(tcase, arena_copies_are_terminated);
	tcase_add_test(tcase, arena_formats_text_of_any_length);
}

static void fill_out_of_memory(TCase *tcase)
{
	tcase_add_exit_test(tcase, no_memory_to_allocate_ends_the_process, EXIT_NOT_CONFINED);
	tcase_add_exit_test(tcase, no_memory_to_resize_ends_the_process, EXIT_NOT_CONFINED);
	tcase_add_loop_exit_test(tcase, no_memory_for_an_arena_ends_the_process, EXIT_NOT_CONFINED, 0,
				 (int)ARRAY_LENGTH(impossible));
	tcase_add_test(tcase, out_of_memory_is_said);
}

static Suite *make_suite(void)
{
	Suite *suite = suite_create("memory");

	suite_add(suite, "memory", fill_memory);
	suite_add(suite, "arena", fill_arena);
	suite_add(suite, "out of memory", fill_out_of_memory);
	return suite;
}

SUITE_MAIN(make_suite)
