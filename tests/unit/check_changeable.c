#include <fcntl.h>

#include "suite.h"
#include "tree.h"
#include "trust/changeable.h"

static const struct {
	mode_t mode;
	uid_t owner;
	bool changeable;
} directories[] = {
	{ 0755, 0, false }, { 0700, 0, false },   { 0775, 0, true }, { 0757, 0, true },
	{ 0777, 0, true },  { 01777, 0, true },   { 0755, 2001, true }, { 0500, 2001, true },
};

START_TEST(directory_is_changeable_by_its_owner_and_mode)
{
	struct stat status;
	int directory;

	tree_directory("d", directories[_i].mode);
	ck_assert_int_eq(chown(tree_path("d"), directories[_i].owner, (gid_t)-1), 0);
	directory = open(tree_path("d"), O_PATH | O_DIRECTORY);
	ck_assert_int_eq(fstat(directory, &status), 0);
	ck_assert_int_eq(directory_is_changeable(directory, &status), directories[_i].changeable);
	close(directory);
}
END_TEST

START_TEST(one_that_cannot_be_looked_at_is_changeable)
{
	const struct stat status = { .st_mode = S_IFDIR | 0755 };

	ck_assert(directory_is_changeable(-1, &status));
}
END_TEST

static void fill(TCase *tcase)
{
	tree_add_fixtures(tcase);
	add_table_test(tcase, directory_is_changeable_by_its_owner_and_mode, directories);
	tcase_add_test(tcase, one_that_cannot_be_looked_at_is_changeable);
}

static Suite *make_suite(void)
{
	Suite *suite = suite_create("changeable");

	suite_add_for_root(suite, "changeable", fill);
	return suite;
}

SUITE_MAIN(make_suite)
