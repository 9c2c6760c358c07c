#include "match/guard.h"

#include <limits.h>

#include "base/path.h"
#include "fixture.h"
#include "tree.h"

static struct guard_list guards;
static struct guard_bases bases;

static void setup(void)
{
	fixture_setup();
	fixture_root = tree_root;
	bases = (struct guard_bases){ 0 };
}

/* The number of the next descriptor: the same again when none has been left open. */
static int next_descriptor(void)
{
	int next = dup(STDERR_FILENO);

	ck_assert_int_ge(next, 0);
	close(next);
	return next;
}

/* The guards for a line of paths, in the order in which they are mounted. */
static void assert_guards(const char *paths, const char *wanted)
{
	const struct request words = fixture_request(paths);
	struct error error = { { 0 } };
	int next = next_descriptor();

	ck_assert_msg(guard_find(words.argv, words.argc, &bases, &guards, &fixture_arena, &error) == 0, "%s: %s",
		      paths, error.text);
	ck_assert_str_eq(fixture_line(guards.directories, guards.count), fixture_expand(wanted));
	ck_assert_int_eq(next_descriptor(), next);
}

static void assert_refused(const char *paths, const char *why)
{
	const struct request words = fixture_request(paths);
	struct error error = { { 0 } };
	int next = next_descriptor();

	ck_assert_msg(guard_find(words.argv, words.argc, &bases, &guards, &fixture_arena, &error) == -1,
		      "%s is taken", paths);
	assert_contains(error.text, why);
	ck_assert_int_eq(next_descriptor(), next);
}

/* What only root can change stands in @/root, what others can beside it. */
static void make_tree(void)
{
	static const struct {
		const char *path;
		mode_t mode;
		bool others; /* owned by somebody else */
	} directories[] = {
		{ "root", 0755, false },         { "root/dir", 0755, false },
		{ "root/dir/sub", 0755, false }, { "root/app", 0755, true },
		{ "root/app/dir", 0755, false }, { "root/app-old", 0755, true },
		{ "root/locked", 0555, false },  { "write-only", 0702, false },
		{ "app", 0755, true },           { "app/dir", 0755, false },
		{ "app/dir/app", 0755, true },   { "app-old", 0700, true },
		{ "locked", 0555, true },        { "open", 0777, false },
		{ "open/dir", 0755, false },     { "sticky", 01777, false },
		{ "group", 0775, false },        { "setgid", 02755, false },
	};

	for (size_t i = 0; i < ARRAY_LENGTH(directories); i++) {
		tree_directory(directories[i].path, directories[i].mode);
		if (directories[i].others)
			tree_owner(directories[i].path, TREE_OTHER_USER);
	}
	ck_assert_int_eq(lchown(tree_path("setgid"), 0, TREE_OTHER_USER), 0);
	tree_file("root/file", 0644, "");
	tree_file("root/theirs", 0666, "");
	tree_owner("root/theirs", TREE_OTHER_USER);
	tree_fifo("root/fifo", 0622);
	tree_link("root/link", "dir");
	tree_link("root/dangling", "nowhere");
	tree_link("app/link", "../root");
}

/* In /tmp everybody can change what is on the way. */
static void use_a_directory_of_root(void)
{
	ck_assert_int_eq(setenv("TMPDIR", "/run", 1), 0);
}

static const struct {
	const char *paths;
	const char *guards;
} found[] = {
	/* on the way of root alone: none, but for a directory that can be gone down into */
	{ "@/root/file", "" },
	{ "@/root/theirs", "" },
	{ "@/root/fifo", "" },
	{ "@/root/dir", "@/root/dir" },
	{ "@/root/dir/sub", "@/root/dir/sub" },
	{ "@/root/dir/", "@/root/dir" },
	{ "@/root/locked", "@/root/locked" },
	{ "@/setgid", "@/setgid" },
	{ "@/setgid/x", "" },
	{ "@", "@" },
	/* what is missing can only be made by root */
	{ "@/root/missing", "" },
	{ "@/root/missing/deeper/still", "" },
	{ "@/missing", "" },
	{ "@/root/file/x", "" },
	{ "@/root/file/", "" },
	{ "@/root/fifo/x/y", "" },
	/* the first directory that anybody else can change, however deep the path goes */
	{ "@/app", "@/app" },
	{ "@/app/", "@/app" },
	{ "@/app/dir", "@/app" },
	{ "@/app/dir/app", "@/app" },
	{ "@/app/dir/app/file", "@/app" },
	{ "@/app/missing", "@/app" },
	{ "@/app/missing/deeper", "@/app" },
	{ "@/app/link/dir", "@/app" }, /* a link from here on is not followed when it counts */
	{ "@/app/../root/file", "@/app" },
	{ "@/root/app/dir/x", "@/root/app" },
	{ "@/app-old/x", "@/app-old" },
	{ "@/locked/x", "@/locked" }, /* its owner can make it writable */
	{ "@/open/x", "@/open" },
	{ "@/open/dir/x", "@/open" },
	{ "@/sticky/x", "@/sticky" }, /* who owns an entry can rename it */
	{ "@/group/x", "@/group" },
	{ "@/write-only/x", "@/write-only" },
	/* each once, and none inside another */
	{ "@/app/a @/app/b", "@/app" },
	{ "@/app/a @/open/b", "@/app @/open" },
	{ "@/open/a @/app/b @/open/c", "@/open @/app" },
	{ "@/root/file @/app/b @/root/missing", "@/app" },
	{ "@/root/file @/root/missing", "" },
	{ "@/app/a @/app-old/b", "@/app @/app-old" },
	{ "@/app-old/a @/app/b", "@/app-old @/app" },
	{ "@/root @/root/app/x", "@/root" },
	{ "@/root/app/x @/root", "@/root" },
	{ "@/root/app/x @/open/y @/root", "@/open @/root" },
	{ "@/root/app/x @/root/dir @/root/app-old/y @/root", "@/root" },
	{ "@/root/app/x @/root/dir/sub @/root/dir", "@/root/app @/root/dir" },
	{ "@/root/dir @/root/dir", "@/root/dir" },
	{ "@/root/dir @/root/dir/sub @/root/app/x", "@/root/dir @/root/app" },
	{ "@/app/a @/open/b @", "@" },
	{ "@ @/app/a @/open/b", "@" },
	{ "/ @/app/a", "/" },
	{ "@/app/a @/root/dir /", "/" },
};

START_TEST(guard_is_the_first_directory_that_others_can_change)
{
	make_tree();
	assert_guards(found[_i].paths, found[_i].guards);
}
END_TEST

/* Whoever owns what is in a base may have been given more of it when the command comes there. */
static const struct {
	const char *filters;
	const char *path;
	const char *guard;
} based[] = {
	{ "@/root", "@/root/file", "@/root" },
	{ "@/root", "@/root/dir/sub/x", "@/root" },
	{ "@/root/", "@/root/dir/sub/x", "@/root" },
	{ "@/root", "@/root/missing", "@/root" },
	{ "@/root", "@/root/app/x", "@/root" },
	{ "@/root", "@/root", "@/root" },
	{ "@/root/dir", "@/root/file", "" },
	{ "@/root/dir", "@/root/dir/x", "@/root/dir" },
	{ "@/root/dir", "@/root/directory", "" },
	/* of several the outermost */
	{ "@/root/dir @/root", "@/root/dir/x", "@/root" },
	{ "@/root @/root/dir", "@/root/dir/x", "@/root" },
	{ "@/root/dir/sub @/root/dir", "@/root/dir/sub/x", "@/root/dir" },
	{ "@/app/dir", "@/app/dir/x", "@/app" },
	/* one that is missing, or no directory */
	{ "@/root/new", "@/root/new/x", "@/root" },
	{ "@/root/dir/new", "@/root/dir/new/x/y", "@/root/dir" },
	{ "@/root/new", "@/root/new", "@/root" },
	{ "@/root/new", "@/root/newer", "" },
	{ "@/root/file", "@/root/file", "@/root" },
	{ "@/root/file", "@/root/file/x", "@/root" },
	{ "@/root/fifo", "@/root/fifo", "@/root" },
	/* in a directory that no guard can hold */
	{ "/etc/hostname", "/etc/hostname", "" },
	{ "/etc/no-such-file", "/etc/no-such-file", "" },
	{ "/no-such-file", "/no-such-file", "" },
	{ "/no-such-directory", "/no-such-directory/x", "/" },
	/* what holds the system cannot be given away */
	{ "/", "@/root/file", "" },
	{ "/usr", "/usr/bin/env", "" },
	{ "pass root", "@/root/file", "" },
};

static const char *comma_separated(const char *words)
{
	char *fields = arena_string(&fixture_arena, words);

	for (char *blank = fields; (blank = strchr(blank, ' ')) != NULL;)
		*blank = ',';
	return fields;
}

START_TEST(guard_is_not_below_what_can_be_given_away)
{
	make_tree();
	fixture_add_filters(arena_format(&fixture_arena, "x: PathFilter, /bin/chown, root, %s\n"
					 "y: RegExpFilter, /bin/chown, root, chown, /root\n",
					 comma_separated(based[_i].filters)));
	guard_bases_find(&bases, &fixture_policy.list, &fixture_arena);
	assert_guards(based[_i].path, based[_i].guard);
}
END_TEST

static const struct {
	const char *paths;
	const char *why;
} changed[] = {
	{ "@/root/link", "has become a link" },
	{ "@/root/link/sub", "has become a link" },
	{ "@/root/dangling", "has become a link" },
	{ "@/root/dangling/x", "has become a link" },
	{ "@/root/file @/root/link", "has become a link" },
	{ "@/app/x @/root/link/x", "has become a link" },
	{ "@/root/link/x @/app/x", "has become a link" },
};

/* It was canonical when it was checked. */
START_TEST(path_that_has_become_a_link_is_refused)
{
	make_tree();
	assert_refused(changed[_i].paths, changed[_i].why);
}
END_TEST

/* What cannot be looked at is not taken to be root's. */
START_TEST(path_that_cannot_be_walked_is_refused)
{
	make_tree();
	tree_directory("root/closed", 0700);
	assert_guards("@/root/closed/x", "");
	ck_assert_int_eq(seteuid(TREE_OTHER_USER), 0);
	assert_refused("@/root/closed/x", "cannot be walked");
	assert_guards("@/root/closed", "@/root/closed");
	ck_assert_int_eq(seteuid(0), 0);
}
END_TEST

START_TEST(root_directory_is_the_guard_where_others_can_change_it)
{
	static const char *const paths[] = { "/dir/sub", "/missing", "/" };
	struct error error = { { 0 } };
	int root = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);

	tree_directory("top", 0777);
	tree_directory("top/dir", 0755);
	ck_assert_int_eq(chroot(tree_path("top")), 0);
	for (size_t i = 0; i < ARRAY_LENGTH(paths); i++) {
		assert_guards(paths[i], "/");
		ck_assert_int_eq(guard_check(&guards, "/bin/chown", &error), -1);
	}
	ck_assert(fchdir(root) == 0 && chroot(".") == 0); /* LeakSanitizer looks at /proc afterwards */
	close(root);
}
END_TEST

/* A path of which a component cannot be one, in a directory of root's. */
static const char *long_path(size_t length)
{
	char *component = arena_allocate(&fixture_arena, length + 1, 1);

	memset(component, 'x', length);
	return arena_format(&fixture_arena, "/%s/y", component);
}

START_TEST(long_component_is_refused)
{
	assert_guards(long_path(NAME_MAX), "");
	assert_refused(long_path(NAME_MAX + 1), "a component of the path is too long");
	assert_refused(long_path(PATH_MAX), "a component of the path is too long");
	assert_refused(long_path((size_t)100 * PATH_MAX), "a component of the path is too long");
}
END_TEST

START_TEST(no_path_needs_no_guard)
{
	struct error error = { { 0 } };

	ck_assert_int_eq(guard_find(NULL, 0, &bases, &guards, &fixture_arena, &error), 0);
	ck_assert_uint_eq(guards.count, 0);
	ck_assert_int_eq(guard_check(&guards, "/bin/mount", &error), 0);
}
END_TEST

/* For anybody: /etc and / are root's. */
START_TEST(paths_of_the_system)
{
	assert_guards("/", "/");
	assert_guards("/etc", "/etc");
	assert_guards("/etc/passwd", "");
	assert_guards("/etc/passwd/x", "");
	assert_guards("/privsep-wrap-test-nowhere/x", "");
	assert_guards("/etc/passwd / /etc", "/");
}
END_TEST

/* Whatever the test's own directory stands in, nothing further down is the guard of what others own. */
START_TEST(own_directory_is_never_without_a_guard)
{
	struct error error = { { 0 } };
	const char *path;

	tree_directory("open", 0777);
	path = tree_path("open/x");
	ck_assert_int_eq(guard_find(&path, 1, &bases, &guards, &fixture_arena, &error), 0);
	ck_assert_uint_eq(guards.count, 1);
	ck_assert(path_is_inside(guards.directories[0], tree_path("open")));
}
END_TEST

static const struct {
	const char *directory;
	const char *program;
	bool refused;
} checked[] = {
	{ "/", "/bin/chown", true },
	/* its own directory, and all above it */
	{ "@/app/bin", "@/app/bin/tool", true },
	{ "@/app", "@/app/bin/tool", true },
	{ "@", "@/app/bin/tool", true },
	{ "@/app/bin/tool", "@/app/bin/tool", true },
	{ "@/app/bi", "@/app/bin/tool", false },
	{ "@/app/bin-old", "@/app/bin/tool", false },
	{ "@/app/bin/tool/x", "@/app/bin/tool", false },
	{ "@/other", "@/app/bin/tool", false },
	/* what a link to it leads to, and where that stands */
	{ "@/app", "@/sbin/to-tool", true },
	{ "@/app/bin", "@/sbin/to-tool", true },
	{ "@/sbin", "@/sbin/to-tool", true },
	{ "@/app", "@/sbin/to-link", true },
	{ "@/other", "@/sbin/to-tool", false },
	{ "@/app", "@/sbin/dangling", false },
	{ "@/sbin", "@/sbin/dangling", true },
	{ "@/app", "@/app/missing", true },
	{ "@/other", "@/app/missing", false },
	/* programs, the loader, libraries and what they read */
	{ "/usr", "@/app/bin/tool", true },
	{ "/usr/bin", "@/app/bin/tool", true },
	{ "/usr/sbin", "@/app/bin/tool", true },
	{ "/usr/lib", "@/app/bin/tool", true },
	{ "/usr/lib64", "@/app/bin/tool", true },
	{ "/usr/libexec", "@/app/bin/tool", true },
	{ "/bin", "@/app/bin/tool", true },
	{ "/sbin", "@/app/bin/tool", true },
	{ "/lib", "@/app/bin/tool", true },
	{ "/lib64", "@/app/bin/tool", true },
	{ "/etc", "@/app/bin/tool", true },
	{ "/dev", "@/app/bin/tool", true },
	{ "/proc", "@/app/bin/tool", true },
	{ "/sys", "@/app/bin/tool", true },
	{ "/us", "@/app/bin/tool", false },
	{ "/usr/bin-old", "@/app/bin/tool", false },
	{ "/library", "@/app/bin/tool", false },
	{ "/etc2", "@/app/bin/tool", false },
	{ "/srv/etc", "@/app/bin/tool", false },
	{ "/var/lib/app", "@/app/bin/tool", false },
	{ "/home/app", "@/app/bin/tool", false },
	{ "/tmp", "/bin/chown", false },
};

static void make_programs(void)
{
	tree_directory("app", 0755);
	tree_directory("app/bin", 0755);
	tree_directory("sbin", 0755);
	tree_file("app/bin/tool", 0755, "");
	tree_link("sbin/to-tool", "../app/bin/tool");
	tree_link("sbin/to-link", "to-tool");
	tree_link("sbin/dangling", "../app/nothing");
}

/* Wherever it stands in the list. */
START_TEST(guard_must_not_hold_the_program)
{
	const char *other = "/var/lib/other";
	const char *directory = fixture_expand(checked[_i].directory);
	const char *lists[][2] = { { directory, other }, { other, directory } };
	const char *program = fixture_expand(checked[_i].program);

	make_programs();
	for (size_t i = 0; i < ARRAY_LENGTH(lists); i++) {
		for (size_t count = 2 - (i == 0); count <= 2; count++) {
			const struct guard_list list = { .directories = lists[i], .count = count };
			struct error error = { { 0 } };

			ck_assert_int_eq(guard_check(&list, program, &error), checked[_i].refused ? -1 : 0);
			if (!checked[_i].refused)
				continue;
			assert_contains(error.text, "holds the system or the program itself");
			assert_contains(error.text, "path_guard = off");
		}
	}
}
END_TEST

static const struct {
	const char *program;
	bool unsuitable;
} programs[] = {
	{ "mount", true },
	{ "/bin/mount", true },
	{ "/home/x/bin/mount", true },
	{ "mount.nfs", true },
	{ "/sbin/mount.nfs4", true },
	{ "umount", true },
	{ "umount.nfs", true },
	{ "losetup", true },
	{ "ip", true },
	{ "/usr/sbin/ip", true },
	{ "privsep-helper", true },
	{ "/usr/bin/privsep-helper", true },
	{ "unshare", true },
	{ "nsenter", true },
	{ "fusermount", true },
	{ "fusermount3", true },
	{ "systemd-mount", true },
	{ "systemd-umount", true },
	{ "pivot_root", true },
	{ "switch_root", true },
	{ "systemd-nspawn", true },
	{ "bwrap", true },
	{ "runc", true },
	{ "crun", true },
	{ "docker", true },
	{ "chroot", true },
	{ "systemd-run", true },
	{ "virsh", true },
	{ "lxc-attach", true },
	{ "podman", true },
	{ "swapon", true },
	{ "/sbin/swapoff", true },
	{ "mkswap", true },
	{ "fsck", true },
	{ "fsck.ext4", true },
	{ "parted", true },
	{ "restorecon", true },
	{ "setfiles", true },
	{ "e4defrag", true },
	{ "swaponx", false },
	{ "partedx", false },
	{ "chown", false },
	{ "/bin/chmod", false },
	{ "mountpoint", false },
	{ "findmnt", false },
	{ "mount-helper", false },
	{ "Mount", false },
	{ "xmount", false },
	{ "iptables", false },
	{ "ip6tables", false },
	{ "/ip/chown", false },
	{ "/mount/", false },
	{ "", false },
};

START_TEST(programs_that_mount_cannot_run_guarded)
{
	const char *directory = "/var/lib/app";
	const struct guard_list list = { .directories = &directory, .count = 1 };
	struct error error = { { 0 } };

	ck_assert_msg(guard_is_unsuitable(programs[_i].program) == programs[_i].unsuitable, "%s",
		      programs[_i].program);
	ck_assert_int_eq(guard_check(&list, programs[_i].program, &error), programs[_i].unsuitable ? -1 : 0);
	if (!programs[_i].unsuitable)
		return;
	assert_contains(error.text, "mounts");
	assert_contains(error.text, "path_guard = off");
}
END_TEST

static void fill_walks(TCase *tcase)
{
	tcase_add_unchecked_fixture(tcase, use_a_directory_of_root, NULL);
	tree_add_fixtures(tcase);
	tcase_add_checked_fixture(tcase, setup, fixture_teardown);
	add_table_test(tcase, guard_is_the_first_directory_that_others_can_change, found);
	add_table_test(tcase, guard_is_not_below_what_can_be_given_away, based);
	add_table_test(tcase, path_that_has_become_a_link_is_refused, changed);
	tcase_add_test(tcase, path_that_cannot_be_walked_is_refused);
	tcase_add_test(tcase, root_directory_is_the_guard_where_others_can_change_it);
}

static void fill_system(TCase *tcase)
{
	tree_add_fixtures(tcase);
	tcase_add_checked_fixture(tcase, setup, fixture_teardown);
	tcase_add_test(tcase, long_component_is_refused);
	tcase_add_test(tcase, no_path_needs_no_guard);
	tcase_add_test(tcase, paths_of_the_system);
	tcase_add_test(tcase, own_directory_is_never_without_a_guard);
}

static void fill_checks(TCase *tcase)
{
	tree_add_fixtures(tcase);
	tcase_add_checked_fixture(tcase, setup, fixture_teardown);
	add_table_test(tcase, guard_must_not_hold_the_program, checked);
	add_table_test(tcase, programs_that_mount_cannot_run_guarded, programs);
}

static Suite *make_suite(void)
{
	Suite *suite = suite_create("guard");

	suite_add(suite, "paths of the system", fill_system);
	suite_add(suite, "checks", fill_checks);
	suite_add_for_root(suite, "walks", fill_walks);
	return suite;
}

SUITE_MAIN(make_suite)
