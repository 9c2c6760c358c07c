#include <errno.h>
#include <fcntl.h>

#include "base/descriptor.h"
#include "suite.h"
#include "tree.h"

START_TEST(closes_a_descriptor_and_keeps_errno)
{
	int descriptor = open("/dev/null", O_RDONLY);

	ck_assert_int_ge(descriptor, 0);
	errno = ELOOP;
	descriptor_close(&descriptor);
	ck_assert_int_eq(errno, ELOOP);
	ck_assert_int_eq(fcntl(descriptor, F_GETFD), -1);
	errno = ELOOP;
	descriptor_close(&descriptor); /* EBADF */
	ck_assert_int_eq(errno, ELOOP);
}
END_TEST

START_TEST(leaves_a_negative_descriptor_alone)
{
	int descriptor = -1;

	errno = 0;
	descriptor_close(&descriptor);
	ck_assert_int_eq(errno, 0);
	ck_assert_int_eq(fcntl(STDIN_FILENO, F_GETFD), 0);
}
END_TEST

START_TEST(reads_a_small_file_whole)
{
	char text[8];

	memset(text, 'x', sizeof(text));
	tree_file("file", 0600, "seven..");
	ck_assert_int_eq(descriptor_read_small(AT_FDCWD, tree_path("file"), text, sizeof(text)), 7);
	ck_assert_str_eq(text, "seven..");
	tree_file("file", 0600, "");
	ck_assert_int_eq(descriptor_read_small(AT_FDCWD, tree_path("file"), text, sizeof(text)), 0);
	ck_assert_str_eq(text, "");
}
END_TEST

START_TEST(reads_relative_to_a_directory)
{
	char text[8];
	int directory = open(tree_root, O_RDONLY | O_DIRECTORY);

	tree_file("file", 0600, "here");
	ck_assert_int_eq(descriptor_read_small(directory, "file", text, sizeof(text)), 4);
	ck_assert_str_eq(text, "here");
	close(directory);
}
END_TEST

/* A part of the text must not pass for the whole. */
START_TEST(refuses_a_file_that_does_not_fit)
{
	char text[8];

	tree_file("file", 0600, "eight...");
	ck_assert_int_eq(descriptor_read_small(AT_FDCWD, tree_path("file"), text, sizeof(text)), -1);
	ck_assert_int_eq(errno, EFBIG);
	tree_file("file", 0600, "nine.....");
	ck_assert_int_eq(descriptor_read_small(AT_FDCWD, tree_path("file"), text, sizeof(text)), -1);
	ck_assert_int_eq(errno, EFBIG);
}
END_TEST

START_TEST(tells_why_it_cannot_read)
{
	char text[8];

	ck_assert_int_eq(descriptor_read_small(AT_FDCWD, tree_path("missing"), text, sizeof(text)), -1);
	ck_assert_int_eq(errno, ENOENT);
	ck_assert_int_eq(descriptor_read_small(AT_FDCWD, tree_root, text, sizeof(text)), -1);
	ck_assert_int_eq(errno, EISDIR);
}
END_TEST

START_TEST(leaves_no_descriptor_open)
{
	char text[8];
	int before = dup(STDERR_FILENO);
	int after;

	close(before);
	tree_file("file", 0600, "too long for it");
	ck_assert_int_eq(descriptor_read_small(AT_FDCWD, tree_path("file"), text, sizeof(text)), -1);
	ck_assert_int_eq(descriptor_read_small(AT_FDCWD, tree_root, text, sizeof(text)), -1);
	after = dup(STDERR_FILENO);
	ck_assert_int_eq(after, before);
	close(after);
}
END_TEST

static void fill(TCase *tcase)
{
	tree_add_fixtures(tcase);
	tcase_add_test(tcase, closes_a_descriptor_and_keeps_errno);
	tcase_add_test(tcase, leaves_a_negative_descriptor_alone);
	tcase_add_test(tcase, reads_a_small_file_whole);
	tcase_add_test(tcase, reads_relative_to_a_directory);
	tcase_add_test(tcase, refuses_a_file_that_does_not_fit);
	tcase_add_test(tcase, tells_why_it_cannot_read);
	tcase_add_test(tcase, leaves_no_descriptor_open);
}

static Suite *make_suite(void)
{
	Suite *suite = suite_create("descriptor");

	suite_add(suite, "descriptor", fill);
	return suite;
}

SUITE_MAIN(make_suite)
