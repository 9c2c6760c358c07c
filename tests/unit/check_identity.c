#include "confine/identity.h"

#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <sched.h>
#include <sys/mount.h>

#include "base/strbuf.h"
#include "tree.h"

static struct arena arena;
static struct identity identity;
static struct error error;

static void forget(void)
{
	arena_free(&arena);
}

START_TEST(root_needs_no_lookup)
{
	ck_assert_int_eq(identity_find(&identity, "root", &arena, &error), 0);
	ck_assert_str_eq(identity.name, "root");
	ck_assert_uint_eq(identity.uid, 0);
	ck_assert_uint_eq(identity.gid, 0);
	ck_assert_uint_eq(identity.group_count, 1);
	ck_assert_uint_eq(identity.groups[0], 0);
	ck_assert_str_eq(identity.home, "/root");
	ck_assert_str_eq(identity.shell, "/bin/sh");
	ck_assert_ptr_null(arena.blocks);
}
END_TEST

static const char *const not_root[] = { "",      "Root", "ROOT", "root ", " root", "roo",
					"rootx", "0",    "#0",   "toor",  "root\n" };

START_TEST(only_root_is_root)
{
	ck_assert(identity_is_root("root"));
	ck_assert(!identity_is_root(not_root[_i]));
}
END_TEST

static const char *const unknown[] = {
	"",       "no-such-user-at-all", "-1",      "0",         "#0", "4294967295", "0x0", "65534", "../root",
	"root:0", "root\n",              " nobody", "nobody\n", "*",  "+",          "%root",
};

START_TEST(unknown_user_is_refused)
{
	ck_assert_int_eq(identity_find(&identity, unknown[_i], &arena, &error), -1);
	assert_contains(error.text, "does not exist");
}
END_TEST

START_TEST(long_name_is_refused)
{
	static char name[100001];

	memset(name, 'x', sizeof(name) - 1);
	ck_assert_int_eq(identity_find(&identity, name, &arena, &error), -1);
	assert_contains(error.text, "does not exist");
}
END_TEST

/* The user database of the test's own, in a mount namespace that ends with the test. */
static void set_database(const char *passwd, const char *group)
{
	tree_file("passwd", 0644, passwd);
	tree_file("group", 0644, group);
	tree_file("nsswitch.conf", 0644, "passwd: files\ngroup: files\n");
	ck_assert_msg(unshare(CLONE_NEWNS) == 0, "unshare: %m");
	ck_assert_int_eq(mount("none", "/", "none", MS_REC | MS_PRIVATE, NULL), 0);
	ck_assert_int_eq(mount(tree_path("passwd"), "/etc/passwd", "none", MS_BIND, NULL), 0);
	ck_assert_int_eq(mount(tree_path("group"), "/etc/group", "none", MS_BIND, NULL), 0);
	if (access("/etc/nsswitch.conf", F_OK) == 0)
		ck_assert_int_eq(mount(tree_path("nsswitch.conf"), "/etc/nsswitch.conf", "none", MS_BIND, NULL), 0);
}

static const char passwd[] = "root:x:0:0:root:/root:/bin/bash\n"
			     "other:x:2001:2002:Other:/home/other:/bin/false\n"
			     "app:x:1001:1002:App,,,:/var/lib/app:/usr/sbin/nologin\n"
			     "bare:x:1003:1003:::\n"
			     "toor:x:0:0::/home/toor:/bin/sh\n"
			     "nouid:x:4294967295:1003::/:/bin/sh\n"
			     "nogid:x:1003:4294967295::/:/bin/sh\n";
static const char group[] = "root:x:0:app\n"
			    "app:x:1002:\n"
			    "disk:x:6:other,app\n"
			    "other:x:2002:other\n"
			    "bare:x:1003:\n";

START_TEST(user_has_all_that_belongs_to_it)
{
	static const gid_t groups[] = { 1002, 0, 6 };

	set_database(passwd, group);
	ck_assert_msg(identity_find(&identity, "app", &arena, &error) == 0, "%s", error.text);
	ck_assert_str_eq(identity.name, "app");
	ck_assert_uint_eq(identity.uid, 1001);
	ck_assert_uint_eq(identity.gid, 1002);
	ck_assert_str_eq(identity.home, "/var/lib/app");
	ck_assert_str_eq(identity.shell, "/usr/sbin/nologin");
	ck_assert_uint_eq(identity.group_count, ARRAY_LENGTH(groups));
	ck_assert_mem_eq(identity.groups, groups, sizeof(groups));
}
END_TEST

START_TEST(identity_outlives_the_next_lookup)
{
	set_database(passwd, group);
	ck_assert_int_eq(identity_find(&identity, "app", &arena, &error), 0);
	ck_assert_ptr_nonnull(getpwnam("other"));
	ck_assert_str_eq(identity.name, "app");
	ck_assert_str_eq(identity.home, "/var/lib/app");
	ck_assert_str_eq(identity.shell, "/usr/sbin/nologin");
}
END_TEST

START_TEST(missing_home_and_shell_have_defaults)
{
	set_database(passwd, group);
	ck_assert_int_eq(identity_find(&identity, "bare", &arena, &error), 0);
	ck_assert_str_eq(identity.home, "/");
	ck_assert_str_eq(identity.shell, "/bin/sh");
	ck_assert_uint_eq(identity.group_count, 1);
	ck_assert_uint_eq(identity.groups[0], 1003);
}
END_TEST

/* Whatever the database says of root, root is user and group 0 alone. */
START_TEST(database_does_not_say_who_root_is)
{
	set_database("root:x:1001:1001::/home/app:/home/app/shell\n", "app:x:1001:root\n");
	ck_assert_int_eq(identity_find(&identity, "root", &arena, &error), 0);
	ck_assert_uint_eq(identity.uid, 0);
	ck_assert_uint_eq(identity.gid, 0);
	ck_assert_uint_eq(identity.group_count, 1);
	ck_assert_str_eq(identity.home, "/root");
}
END_TEST

START_TEST(other_name_of_root_is_looked_up)
{
	set_database(passwd, group);
	ck_assert_int_eq(identity_find(&identity, "toor", &arena, &error), 0);
	ck_assert_str_eq(identity.name, "toor");
	ck_assert_uint_eq(identity.uid, 0);
	ck_assert_str_eq(identity.home, "/home/toor");
}
END_TEST

static const char *const unusable[] = { "nouid", "nogid" };

/* To setresuid(2) it would mean "leave as it is": root. */
START_TEST(user_without_a_usable_id_is_refused)
{
	set_database(passwd, group);
	ck_assert_int_eq(identity_find(&identity, unusable[_i], &arena, &error), -1);
	ck_assert_str_ne(error.text, "");
}
END_TEST

static const int numbers_of_groups[] = { 63, 64, 65, 200, 1000 };

START_TEST(user_can_have_many_groups)
{
	int count = numbers_of_groups[_i];
	struct strbuf many = { 0 };

	for (int i = 0; i < count; i++)
		strbuf_append_format(&many, "g%d:x:%d:app\n", i, 5000 + i);
	set_database(passwd, strbuf_text(&many));
	ck_assert_int_eq(identity_find(&identity, "app", &arena, &error), 0);
	ck_assert_int_eq((int)identity.group_count, count + 1);
	ck_assert_uint_eq(identity.groups[0], 1002);
	for (int i = 0; i < count; i++)
		ck_assert_uint_eq(identity.groups[i + 1], 5000U + (unsigned)i);
	strbuf_free(&many);
}
END_TEST

static void fill(TCase *tcase)
{
	tcase_add_checked_fixture(tcase, NULL, forget);
	tcase_add_test(tcase, root_needs_no_lookup);
	add_table_test(tcase, only_root_is_root, not_root);
	add_table_test(tcase, unknown_user_is_refused, unknown);
	tcase_add_test(tcase, long_name_is_refused);
}

static void fill_database(TCase *tcase)
{
	tree_add_fixtures(tcase);
	tcase_add_checked_fixture(tcase, NULL, forget);
	tcase_add_test(tcase, user_has_all_that_belongs_to_it);
	tcase_add_test(tcase, identity_outlives_the_next_lookup);
	tcase_add_test(tcase, missing_home_and_shell_have_defaults);
	tcase_add_test(tcase, database_does_not_say_who_root_is);
	tcase_add_test(tcase, other_name_of_root_is_looked_up);
	add_table_test(tcase, user_without_a_usable_id_is_refused, unusable);
	add_table_test(tcase, user_can_have_many_groups, numbers_of_groups);
}

static Suite *make_suite(void)
{
	Suite *suite = suite_create("identity");

	suite_add(suite, "identity", fill);
	suite_add_for_root(suite, "user database", fill_database);
	return suite;
}

SUITE_MAIN(make_suite)
