#include "confine/path_guard.h"

#include <sched.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/wait.h>

#include "system_call.h"
#include "tree.h"

enum { MOUNT_NOSYMFOLLOW = 256 /* MS_NOSYMFOLLOW */ };

/* What a child has to say: it enters a namespace for good, and ends. */
static struct {
	int result;
	struct error error;
	int errors[16];
	char text[4096];
} *said;

/* The host: a mount namespace that ends with the test, and in it a shared tree that is root's. */
static void make_host(void)
{
	said = mmap(NULL, sizeof(*said), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	ck_assert_ptr_ne(said, MAP_FAILED);
	ck_assert_msg(unshare(CLONE_NEWNS) == 0, "unshare: %m");
	ck_assert_int_eq(mount("none", "/", "none", MS_REC | MS_PRIVATE, NULL), 0);
	ck_assert_msg(mount("tmpfs", "/mnt", "tmpfs", 0, "mode=0755") == 0, "mount: %m");
	ck_assert_int_eq(mount("none", "/mnt", "none", MS_SHARED, NULL), 0);
	strcpy(tree_root, "/mnt");

	tree_directory("outside", 0755);
	tree_file("outside/secret", 0644, "secret");
	tree_link("above", "outside");
	tree_directory("elsewhere", 0755);
	tree_directory("data", 0755);
	tree_directory("data/mount", 0755);
	tree_directory("data/dir", 0755);
	tree_directory("data/dir/deep", 0755);
	tree_file("data/plain", 0644, "plain");
	tree_file("data/dir/secret", 0644, "theirs");
	tree_link("data/link", "../outside");
	tree_link("data/to-file", "/mnt/outside/secret");
	tree_link("data/inside", "plain");
	tree_link("data/dir/deep/link", "/mnt/outside/secret");
	tree_directory("more", 0755);
	tree_link("more/link", "../outside");
	tree_link("more/up", "..");
}

static void remove_host(void)
{
	munmap(said, sizeof(*said));
}

/* Of paths in the tree.  The last list made is good alone. */
static struct guard_list guards_of(const char *first, const char *second)
{
	static char paths[2][PATH_MAX];
	static const char *directories[] = { paths[0], paths[1] };

	strcpy(paths[0], first ? tree_path(first) : "");
	strcpy(paths[1], second ? tree_path(second) : "");
	return (struct guard_list){ .directories = directories, .count = !first ? 0 : second ? 2 : 1 };
}

static int error_of_open(const char *path)
{
	int file = open(tree_path(path), O_RDONLY | O_CLOEXEC);

	if (file < 0)
		return errno;
	close(file);
	return 0;
}

static void wait_for(pid_t child)
{
	int status;

	ck_assert_int_eq(waitpid(child, &status, 0), child);
	ck_assert_int_eq(status, 0);
}

/* Enters in a child, which goes on with what then() does. */
static void enter(const struct guard_list *guards, void (*then)(void))
{
	pid_t child = fork();

	if (child == 0) {
		said->result = path_guard_enter(guards, &said->error);
		if (said->result == 0 && then)
			then();
		_exit(0);
	}
	wait_for(child);
}

/* With a guard on data. */
static const struct {
	const char *path;
	int error_number;
} paths[] = {
	{ "data", 0 },
	{ "data/plain", 0 },
	{ "data/dir/secret", 0 },
	{ "data/dir/deep/../../plain", 0 },
	{ "data/link", ELOOP },
	{ "data/link/secret", ELOOP },
	{ "data/to-file", ELOOP },
	{ "data/inside", ELOOP },
	{ "data/dir/deep/link", ELOOP },
	{ "data/../data/link/secret", ELOOP },
	{ "above/../data/link/secret", ELOOP },
	{ "data/../above/secret", 0 },
	{ "above/secret", 0 },
	{ "more/link/secret", 0 },
	{ "more/up/data/link/secret", ELOOP },
};

static void open_paths(void)
{
	for (size_t i = 0; i < ARRAY_LENGTH(paths); i++)
		said->errors[i] = error_of_open(paths[i].path);
}

START_TEST(links_are_followed_above_a_guard_only)
{
	const struct guard_list guards = guards_of("data", NULL);

	enter(&guards, open_paths);
	ck_assert_msg(said->result == 0, "%s", said->error.text);
	for (size_t i = 0; i < ARRAY_LENGTH(paths); i++)
		ck_assert_msg(said->errors[i] == paths[i].error_number, "%s: %s", paths[i].path,
			      strerror(said->errors[i]));
}
END_TEST

/* A link is still a file that can be looked at, moved and removed. */
static void handle_link(void)
{
	struct stat status;
	char target[64];

	said->errors[0] = lstat(tree_path("data/link"), &status) < 0;
	said->errors[1] = readlink(tree_path("data/link"), target, sizeof(target)) < 0;
	said->errors[2] = rename(tree_path("data/link"), tree_path("data/moved")) < 0;
	said->errors[3] = unlink(tree_path("data/moved")) < 0;
	said->errors[4] = symlink("x", tree_path("data/new")) < 0;
}

START_TEST(links_can_be_handled)
{
	const struct guard_list guards = guards_of("data", NULL);

	enter(&guards, handle_link);
	ck_assert_int_eq(said->result, 0);
	for (size_t i = 0; i < 5; i++)
		ck_assert_msg(said->errors[i] == 0, "%zu", i);
	ck_assert_msg(access(tree_path("data/link"), F_OK) < 0, "it is the host's directory");
}
END_TEST

/* Two turns of a command that waits with its guard while the host does something. */
static int to_host[2];
static int to_command[2];

static void open_turns(void)
{
	ck_assert_int_eq(pipe2(to_host, O_CLOEXEC), 0);
	ck_assert_int_eq(pipe2(to_command, O_CLOEXEC), 0);
}

static void say(const int *channel)
{
	ck_assert_int_eq(write(channel[1], "", 1), 1);
}

static void await(const int *channel)
{
	char byte;

	ck_assert_int_eq(read(channel[0], &byte, 1), 1);
}

static pid_t start(const struct guard_list *guards, void (*then)(void))
{
	pid_t child;

	open_turns();
	child = fork();
	if (child == 0) {
		said->result = path_guard_enter(guards, &said->error);
		if (said->result < 0)
			_exit(1);
		say(to_host);
		await(to_command);
		then();
		_exit(0);
	}
	await(to_host);
	return child;
}

static void swap(const char *one, const char *other)
{
	ck_assert_int_eq(renameat2(AT_FDCWD, tree_path(one), AT_FDCWD, tree_path(other), RENAME_EXCHANGE), 0);
}

static void open_swapped(void)
{
	said->errors[0] = error_of_open("data/dir/secret");
	said->errors[1] = error_of_open("data/link/secret");
}

START_TEST(directory_that_was_swapped_for_a_link_leads_nowhere)
{
	const struct guard_list guards = guards_of("data", NULL);
	pid_t child = start(&guards, open_swapped);

	swap("data/dir", "data/link");
	say(to_command);
	wait_for(child);
	ck_assert_int_eq(said->errors[0], ELOOP);
	ck_assert_int_eq(said->errors[1], 0);
}
END_TEST

static void mount_with_link(const char *path)
{
	char inside[128];

	ck_assert_msg(mount("tmpfs", tree_path(path), "tmpfs", 0, "mode=0755") == 0, "mount %s: %m", path);
	snprintf(inside, sizeof(inside), "%s/link", path);
	tree_link(inside, "/mnt/outside");
	snprintf(inside, sizeof(inside), "%s/plain", path);
	tree_file(inside, 0644, "");
}

static void open_mounted(void)
{
	said->errors[0] = error_of_open("data/mount/plain");
	said->errors[1] = error_of_open("data/mount/link/secret");
	said->errors[2] = error_of_open("elsewhere/plain");
	said->errors[3] = error_of_open("elsewhere/link/secret");
}

START_TEST(mounts_of_before_are_guarded_too)
{
	const struct guard_list guards = guards_of("data", NULL);

	mount_with_link("data/mount");
	mount_with_link("elsewhere");
	enter(&guards, open_mounted);
	ck_assert_msg(said->result == 0, "%s", said->error.text);
	ck_assert_int_eq(said->errors[0], 0);
	ck_assert_int_eq(said->errors[1], ELOOP);
	ck_assert_int_eq(said->errors[2], 0);
	ck_assert_int_eq(said->errors[3], 0);
}
END_TEST

/* Below a guard they would arrive without its flag. */
START_TEST(mounts_of_the_host_arrive_but_not_below_a_guard)
{
	const struct guard_list guards = guards_of("data", NULL);
	pid_t child = start(&guards, open_mounted);

	mount_with_link("data/mount");
	mount_with_link("elsewhere");
	say(to_command);
	wait_for(child);
	ck_assert_int_eq(said->errors[0], ENOENT);
	ck_assert_int_eq(said->errors[1], ENOENT);
	ck_assert_int_eq(said->errors[2], 0);
	ck_assert_int_eq(said->errors[3], 0);
}
END_TEST

/* A device that the host wants back is not held by a command that has nothing to do with it. */
START_TEST(umount_of_the_host_arrives)
{
	const struct guard_list guards = guards_of("data", NULL);
	pid_t child;

	mount_with_link("elsewhere");
	child = start(&guards, open_mounted);
	ck_assert_int_eq(umount(tree_path("elsewhere")), 0);
	say(to_command);
	wait_for(child);
	ck_assert_int_eq(said->errors[2], ENOENT);
}
END_TEST

static void mount_both(void)
{
	said->errors[0] = mount("tmpfs", tree_path("elsewhere"), "tmpfs", 0, NULL) < 0 ? errno : 0;
	said->errors[1] = mount("tmpfs", tree_path("data/mount"), "tmpfs", 0, NULL) < 0 ? errno : 0;
	tree_file("elsewhere/of-the-command", 0644, "");
	tree_file("data/mount/of-the-command", 0644, "");
	say(to_host);
	await(to_command);
}

START_TEST(mounts_of_the_command_stay_with_it)
{
	const struct guard_list guards = guards_of("data", NULL);
	pid_t child = start(&guards, mount_both);

	say(to_command);
	await(to_host);
	ck_assert_int_eq(said->errors[0], 0);
	ck_assert_int_eq(said->errors[1], 0);
	ck_assert_int_eq(error_of_open("elsewhere/of-the-command"), ENOENT);
	ck_assert_int_eq(error_of_open("data/mount/of-the-command"), ENOENT);
	say(to_command);
	wait_for(child);
}
END_TEST

static void read_mounts(void)
{
	int file = open("/proc/self/mountinfo", O_RDONLY | O_CLOEXEC);
	ssize_t got;
	size_t length = 0;

	while (length < sizeof(said->text) - 1 &&
	       (got = read(file, said->text + length, sizeof(said->text) - 1 - length)) > 0)
		length += (size_t)got;
}

/* The optional fields of the last mount on a path: "shared:1 master:2 "; "" for none. */
static const char *propagation(const char *path)
{
	static char fields[128];
	char *line = strtok(said->text, "\n");

	strcpy(fields, "no mount");
	for (; line; line = strtok(NULL, "\n")) {
		char point[128];
		char options[128];
		int end = 0;

		if (sscanf(line, "%*s %*s %*s %*s %127s %127s %n", point, options, &end) != 2 ||
		    strcmp(point, path) != 0)
			continue;
		snprintf(fields, sizeof(fields), "%.*s", (int)(strstr(line, "- ") - line - end), line + end);
	}
	return fields;
}

START_TEST(guard_is_private)
{
	const struct guard_list guards = guards_of("data", NULL);

	enter(&guards, read_mounts);
	ck_assert_str_eq(propagation("/mnt/data"), "");
}
END_TEST

START_TEST(rest_is_a_slave_of_the_host)
{
	const struct guard_list guards = guards_of("data", NULL);

	enter(&guards, read_mounts);
	assert_contains(said->text, "/mnt/data");
	ck_assert_int_eq(strncmp(propagation("/mnt"), "master:", 7), 0);
}
END_TEST

static void open_below_both(void)
{
	said->errors[0] = error_of_open("data/link/secret");
	said->errors[1] = error_of_open("more/link/secret");
	said->errors[2] = error_of_open("above/secret");
}

START_TEST(each_of_several_guards_is_in_force)
{
	const struct guard_list guards = guards_of("data", "more");

	enter(&guards, open_below_both);
	ck_assert_msg(said->result == 0, "%s", said->error.text);
	ck_assert_int_eq(said->errors[0], ELOOP);
	ck_assert_int_eq(said->errors[1], ELOOP);
	ck_assert_int_eq(said->errors[2], 0);
}
END_TEST

static void read_namespace(void)
{
	said->errors[0] = readlink("/proc/self/ns/mnt", said->text, sizeof(said->text) - 1) < 0;
}

START_TEST(namespace_is_made_for_a_guard_alone)
{
	struct guard_list guards = guards_of(NULL, NULL);
	char ours[64] = "";

	ck_assert_int_gt(readlink("/proc/self/ns/mnt", ours, sizeof(ours) - 1), 0);
	enter(&guards, read_namespace);
	ck_assert_int_eq(said->result, 0);
	ck_assert_str_eq(said->text, ours);
	guards = guards_of("data", NULL);
	enter(&guards, read_namespace);
	ck_assert_str_ne(said->text, ours);
	ck_assert_int_eq(error_of_open("data/link/secret"), 0);
}
END_TEST

/* In its place it has to be a directory that is reached without any link. */
static const struct {
	const char *path;
	int error_number;
} wrong[] = {
	{ "missing", ENOENT },  { "data/missing", ENOENT }, { "data/link", ELOOP },
	{ "above", ELOOP },     { "data/plain", ENOTDIR },  { "above/../data", ELOOP },
	{ "more/up/data", ELOOP }, { "data/plain/x", ENOTDIR },
};

START_TEST(what_is_no_directory_any_more_is_an_error)
{
	struct guard_list guards = guards_of(wrong[_i].path, NULL);

	enter(&guards, NULL);
	ck_assert_int_eq(said->result, -1);
	assert_contains(said->error.text, strerror(wrong[_i].error_number));
	assert_contains(said->error.text, "path_guard = off");
	guards = guards_of("data", wrong[_i].path);
	enter(&guards, NULL);
	ck_assert_int_eq(said->result, -1);
	guards = guards_of(wrong[_i].path, "data");
	enter(&guards, NULL);
	ck_assert_int_eq(said->result, -1);
}
END_TEST

/* A mount over the root directory is not what a path leads to. */
START_TEST(root_directory_cannot_be_guarded)
{
	const char *directories[] = { "/" };
	const struct guard_list guards = { .directories = directories, .count = 1 };

	enter(&guards, NULL);
	ck_assert_int_eq(said->result, -1);
	assert_contains(said->error.text, "not in its place");
}
END_TEST

START_TEST(privilege_that_is_missing_is_an_error)
{
	const struct guard_list guards = guards_of("data", NULL);
	pid_t child = fork();

	if (child == 0) {
		if (setresuid(TREE_OTHER_USER, TREE_OTHER_USER, TREE_OTHER_USER) < 0)
			_exit(2);
		said->result = path_guard_enter(&guards, &said->error);
		_exit(0);
	}
	wait_for(child);
	ck_assert_int_eq(said->result, -1);
	assert_contains(said->error.text, strerror(EPERM));
}
END_TEST

static const struct {
	long call;
	const char *what;
} calls[] = {
	{ SYS_unshare, "a mount namespace" },   { SYS_mount, "detached" },     { SYS_openat2, "opened" },
	{ SYS_open_tree, "cloned" },            { SYS_move_mount, "mounted" }, { SYS_fstatfs, "opened" },
	{ SYS_mount_setattr, "switched off" },  { SYS_statx, "not in its place" },
};

static void enter_with(long call, int error_number)
{
	const struct guard_list guards = guards_of("data", NULL);
	pid_t child;

	said->result = 1;
	child = fork();
	if (child == 0) {
		system_call_answer(call, ANY_ARGUMENT, error_number);
		said->result = path_guard_enter(&guards, &said->error);
		_exit(0);
	}
	wait_for(child);
}

static const int error_numbers[] = { EPERM, ENOSYS, EINVAL };

START_TEST(failing_call_is_an_error)
{
	for (size_t i = 0; i < ARRAY_LENGTH(error_numbers); i++) {
		enter_with(calls[_i].call, error_numbers[i]);
		ck_assert_int_eq(said->result, -1);
		assert_contains(said->error.text, calls[_i].what);
		assert_contains(said->error.text, "path_guard = off");
		if (calls[_i].call != SYS_statx)
			assert_contains(said->error.text, strerror(error_numbers[i]));
	}
}
END_TEST

static const long idle_calls[] = { SYS_mount_setattr, SYS_move_mount };

START_TEST(call_that_did_nothing_is_seen)
{
	enter_with(idle_calls[_i], 0);
	ck_assert_int_eq(said->result, -1);
	assert_contains(said->error.text, "not in its place");
}
END_TEST

/* The flag alone does not tell our mount from one that the host had there. */
START_TEST(flag_of_another_mount_is_no_guard)
{
	ck_assert_msg(mount("tmpfs", tree_path("data"), "tmpfs", MOUNT_NOSYMFOLLOW, "mode=0755") == 0, "mount: %m");
	enter_with(SYS_move_mount, 0);
	ck_assert_int_eq(said->result, -1);
	assert_contains(said->error.text, "not in its place");
}
END_TEST

static void look_at_descriptors(void)
{
	DIR *directory = opendir("/proc/self/fd");
	const struct dirent *entry;

	while (directory && (entry = readdir(directory)) != NULL) {
		if (atoi(entry->d_name) > STDERR_FILENO && atoi(entry->d_name) != dirfd(directory))
			said->errors[0]++;
	}
	closedir(directory);
}

/* One that stays open would lead around the guard. */
START_TEST(no_descriptor_is_left)
{
	struct guard_list guards = guards_of(NULL, NULL);
	int before;

	enter(&guards, look_at_descriptors);
	before = said->errors[0];
	said->errors[0] = 0;
	guards = guards_of("data", "more");
	enter(&guards, look_at_descriptors);
	ck_assert_int_eq(said->result, 0);
	ck_assert_int_eq(said->errors[0], before);
}
END_TEST

static void fill_guard(TCase *tcase)
{
	tcase_add_checked_fixture(tcase, make_host, remove_host);
	tcase_set_timeout(tcase, 60);
	tcase_add_test(tcase, links_are_followed_above_a_guard_only);
	tcase_add_test(tcase, links_can_be_handled);
	tcase_add_test(tcase, directory_that_was_swapped_for_a_link_leads_nowhere);
	tcase_add_test(tcase, each_of_several_guards_is_in_force);
	tcase_add_test(tcase, namespace_is_made_for_a_guard_alone);
	tcase_add_test(tcase, no_descriptor_is_left);
}

static void fill_propagation(TCase *tcase)
{
	tcase_add_checked_fixture(tcase, make_host, remove_host);
	tcase_set_timeout(tcase, 60);
	tcase_add_test(tcase, mounts_of_before_are_guarded_too);
	tcase_add_test(tcase, mounts_of_the_host_arrive_but_not_below_a_guard);
	tcase_add_test(tcase, umount_of_the_host_arrives);
	tcase_add_test(tcase, mounts_of_the_command_stay_with_it);
	tcase_add_test(tcase, guard_is_private);
	tcase_add_test(tcase, rest_is_a_slave_of_the_host);
}

static void fill_failures(TCase *tcase)
{
	tcase_add_checked_fixture(tcase, make_host, remove_host);
	tcase_set_timeout(tcase, 60);
	add_table_test(tcase, what_is_no_directory_any_more_is_an_error, wrong);
	tcase_add_test(tcase, root_directory_cannot_be_guarded);
	tcase_add_test(tcase, privilege_that_is_missing_is_an_error);
	add_table_test(tcase, failing_call_is_an_error, calls);
	add_table_test(tcase, call_that_did_nothing_is_seen, idle_calls);
	tcase_add_test(tcase, flag_of_another_mount_is_no_guard);
}

static Suite *make_suite(void)
{
	Suite *suite = suite_create("path_guard");

	suite_add_for_root(suite, "guard", fill_guard);
	suite_add_for_root(suite, "propagation", fill_propagation);
	suite_add_for_root(suite, "failures", fill_failures);
	return suite;
}

SUITE_MAIN(make_suite)
