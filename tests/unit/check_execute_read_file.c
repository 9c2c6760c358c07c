#include "execute/read_file.h"

#include <sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "tree.h"

enum { MAX_LINKS = 40 };

static char output[8192];
static size_t output_length;
static struct error error;
static struct guard_bases bases;

/* Reads to the descriptor as standard output, which it closes. */
static int read_to(int descriptor, const char *path)
{
	int kept = dup(STDOUT_FILENO);
	int result;

	error.text[0] = '\0';
	if (descriptor >= 0)
		dup2(descriptor, STDOUT_FILENO);
	else
		close(STDOUT_FILENO);
	result = read_file_to_output(path, &bases, &error);
	dup2(kept, STDOUT_FILENO);
	close(kept);
	if (descriptor >= 0)
		close(descriptor);
	return result;
}

static int read_path(const char *path)
{
	int file = memfd_create("output", MFD_CLOEXEC);
	int copy = dup(file);
	int result = read_to(file, path);
	ssize_t length = pread(copy, output, sizeof(output) - 1, 0);

	close(copy);
	output_length = length > 0 ? (size_t)length : 0;
	output[output_length] = '\0';
	return result;
}

/* As cat(1) says it, and not a byte of the file. */
static void assert_refused(const char *path, int error_number)
{
	char message[sizeof(error.text)];

	ck_assert_msg(read_path(path) == 1, "%s is read: %s", path, output);
	ck_assert_uint_eq(output_length, 0);
	snprintf(message, sizeof(message), "cat: %s: %s", path, strerror(error_number));
	ck_assert_str_eq(error.text, message);
}

static void assert_read(const char *path, const char *text)
{
	ck_assert_msg(read_path(path) == 0, "%s", error.text);
	ck_assert_str_eq(output, text);
	ck_assert_str_eq(error.text, "");
}

/* Below the directory for temporary files, where everybody can write; for any user. */

static const struct {
	const char *path;
	int error_number; /* 0: it is read */
} shared[] = {
	{ "file", 0 },
	{ "dir/../file", EPERM },
	{ "dir/./file", 0 },
	{ "dir//file", 0 },
	{ "link", ELOOP },
	{ "absolute", ELOOP },
	{ "dirlink/file", ELOOP },
	{ "dangling", ELOOP },
	{ "loop", ELOOP },
	{ "hard", EPERM },
	{ "dir/hard", EPERM },
	{ "fifo", EPERM },
	{ "socket", EPERM },
	{ "dir", EISDIR },
	{ "dir/", EISDIR },
	{ ".", EISDIR },
	{ "missing", ENOENT },
	{ "missing/file", ENOENT },
	{ "file/", ENOTDIR },
	{ "file/x", ENOTDIR },
	{ "file/..", ENOTDIR },
	{ "file/.", ENOTDIR },
	{ "fifo/x", ENOTDIR },
};

static void make_socket(const char *path)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int descriptor = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	ck_assert_int_lt(snprintf(address.sun_path, sizeof(address.sun_path), "%s", tree_path(path)),
			 (int)sizeof(address.sun_path));
	ck_assert_msg(bind(descriptor, (struct sockaddr *)&address, sizeof(address)) == 0, "bind: %m");
	close(descriptor);
}

static void make_files(void)
{
	tree_file("file", 0644, "text");
	tree_directory("dir", 0755);
	tree_file("dir/file", 0644, "text");
	tree_file("twice", 0644, "twice");
	ck_assert_int_eq(link(tree_path("twice"), tree_path("hard")), 0);
	ck_assert_int_eq(link(tree_path("twice"), tree_path("dir/hard")), 0);
	tree_link("link", "file");
	tree_link("absolute", "/etc/hostname");
	tree_link("dirlink", "dir");
	tree_link("dangling", "missing");
	tree_link("loop", "loop");
	tree_fifo("fifo", 0666);
	make_socket("socket");
}

START_TEST(where_others_write_no_link_is_followed)
{
	make_files();
	if (shared[_i].error_number == 0)
		assert_read(tree_path(shared[_i].path), "text");
	else
		assert_refused(tree_path(shared[_i].path), shared[_i].error_number);
}
END_TEST

static const struct {
	const char *path;
	int error_number;
} system_paths[] = {
	{ "/", EISDIR },         { "//", EISDIR },           { "/..", EISDIR },
	{ "", EISDIR },          { "/dev/null", EPERM },     { "/dev/zero", EPERM },
	{ "/missing", ENOENT },  { "/dev/null/x", ENOTDIR }, { "/../missing", ENOENT },
};

START_TEST(what_is_no_file_is_not_read)
{
	assert_refused(system_paths[_i].path, system_paths[_i].error_number);
}
END_TEST

START_TEST(bytes_are_copied_as_they_are)
{
	static char bytes[200000];
	static char copied[sizeof(bytes) + 1];
	int file = memfd_create("output", MFD_CLOEXEC);
	int copy = dup(file);

	for (size_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = (char)(i * 7 + i / 251);
	tree_bytes("big", 0644, bytes, sizeof(bytes));
	ck_assert_int_eq(read_to(file, tree_path("big")), 0);
	ck_assert_int_eq(pread(copy, copied, sizeof(copied), 0), sizeof(bytes));
	ck_assert_mem_eq(copied, bytes, sizeof(bytes));
	close(copy);
	tree_file("empty", 0644, "");
	assert_read(tree_path("empty"), "");
}
END_TEST

/* A pipe takes them in parts. */
START_TEST(slow_reader_gets_all)
{
	static char bytes[200000];
	size_t left = sizeof(bytes);
	int ends[2];
	pid_t child;

	memset(bytes, 'x', sizeof(bytes));
	tree_bytes("big", 0644, bytes, sizeof(bytes));
	ck_assert_int_eq(pipe(ends), 0);
	child = fork();
	if (child == 0) {
		close(ends[0]);
		_exit(read_to(ends[1], tree_path("big")));
	}
	close(ends[1]);
	while (left > 0) {
		ssize_t got = read(ends[0], bytes, left < 777 ? left : 777);

		ck_assert_int_gt(got, 0);
		left -= (size_t)got;
	}
	ck_assert_int_eq(read(ends[0], bytes, 1), 0);
}
END_TEST

/* The kernel takes what the limit allows, and nothing more the next time. */
START_TEST(output_that_is_cut_is_told)
{
	const char *path = tree_path("file");
	struct rlimit before;
	struct rlimit low;
	int result;

	tree_file("file", 0644, "text");
	signal(SIGXFSZ, SIG_IGN);
	ck_assert_int_eq(getrlimit(RLIMIT_FSIZE, &before), 0);
	low = (struct rlimit){ 2, before.rlim_max };
	setrlimit(RLIMIT_FSIZE, &low);
	result = read_path(path);
	setrlimit(RLIMIT_FSIZE, &before); /* Check writes files too */
	ck_assert_int_eq(result, 1);
	ck_assert_str_eq(output, "te");
	assert_contains(error.text, strerror(EFBIG));
}
END_TEST

START_TEST(output_that_cannot_be_written_is_told)
{
	tree_file("file", 0644, "text");
	ck_assert_int_eq(read_to(open("/dev/full", O_WRONLY | O_CLOEXEC), tree_path("file")), 1);
	assert_contains(error.text, strerror(ENOSPC));
	ck_assert_int_eq(read_to(open("/dev/null", O_RDONLY | O_CLOEXEC), tree_path("file")), 1);
	assert_contains(error.text, strerror(EBADF));
	ck_assert_int_eq(read_to(-1, tree_path("file")), 1);
	assert_contains(error.text, strerror(EBADF));
}
END_TEST

/* "/x/x/x", of that many components of that length. */
static const char *long_path(size_t components, size_t length)
{
	static char path[1 << 14];
	size_t at = (size_t)snprintf(path, sizeof(path), "%s", tree_path("."));

	ck_assert_uint_lt(at + components * (length + 1), sizeof(path));
	for (size_t i = 0; i < components; i++) {
		path[at++] = '/';
		memset(path + at, 'x', length);
		at += length;
	}
	path[at] = '\0';
	return path;
}

/* What is appended would be read again, without end. */
START_TEST(file_is_not_copied_to_itself)
{
	struct stat status;
	int itself;

	tree_file("file", 0644, "text");
	itself = open(tree_path("file"), O_WRONLY | O_APPEND | O_CLOEXEC);
	ck_assert_int_ge(itself, 0);
	ck_assert_int_eq(dup2(itself, STDOUT_FILENO), STDOUT_FILENO);
	ck_assert_int_eq(read_file_to_output(tree_path("file"), &bases, &error), 1);
	assert_contains(error.text, "input file is output file");
	ck_assert_int_eq(fstat(itself, &status), 0);
	ck_assert_int_eq(status.st_size, 4);
	close(itself);
}
END_TEST

START_TEST(component_that_is_too_long_is_told)
{
	const char *path = long_path(1, NAME_MAX);
	int file = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0644);

	ck_assert_int_eq(write(file, "text", 4), 4);
	close(file);
	assert_read(path, "text");
	assert_refused(long_path(1, NAME_MAX + 1), ENAMETOOLONG);
	ck_assert_int_eq(read_path(long_path(1, 10000)), 1);
	ck_assert_int_eq(read_path(long_path(2, 5000)), 1);
}
END_TEST

START_TEST(path_may_be_longer_than_the_kernel_takes)
{
	const char *path = long_path(20, NAME_MAX);
	int directory = open(tree_path("."), O_PATH | O_CLOEXEC);
	const char *name = strrchr(path, '/') + 1;
	int file;

	ck_assert_uint_gt(strlen(path), PATH_MAX);
	for (int i = 0; i < 19; i++) {
		int next;

		ck_assert_int_eq(mkdirat(directory, name, 0755), 0);
		next = openat(directory, name, O_PATH | O_CLOEXEC);
		close(directory);
		directory = next;
	}
	file = openat(directory, name, O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
	ck_assert_int_eq(write(file, "far", 3), 3);
	close(file);
	close(directory);
	assert_read(path, "far");
}
END_TEST

/* What the caller's user cannot read is not read as him. */
START_TEST(kernel_checks_permissions_too)
{
	tree_leave_root();
	tree_file("mode", 0, "text");
	assert_refused(tree_path("mode"), EACCES);
	tree_directory("closed", 0);
	assert_refused(tree_path("closed/file"), EACCES);
}
END_TEST

static int count_descriptors(void)
{
	int count = 0;

	for (int i = 0; i < 256; i++)
		count += fcntl(i, F_GETFD) >= 0;
	return count;
}

START_TEST(no_descriptor_is_left)
{
	int before = count_descriptors();

	make_files();
	assert_read(tree_path("file"), "text");
	for (size_t i = 0; i < ARRAY_LENGTH(shared); i++)
		(void)read_path(tree_path(shared[i].path));
	ck_assert_int_eq(count_descriptors(), before);
}
END_TEST

/* In a tree that is root's down from the root directory. */

static void make_trusted_tree(void)
{
	ck_assert_msg(unshare(CLONE_NEWNS) == 0, "unshare: %m");
	ck_assert_int_eq(mount("none", "/", "none", MS_REC | MS_PRIVATE, NULL), 0);
	ck_assert_msg(mount("tmpfs", "/mnt", "tmpfs", 0, "mode=0755") == 0, "mount: %m");
	strcpy(tree_root, "/mnt");
}

/* A directory that others can change in its own way. */
static void make_changeable(const char *name, mode_t mode, uid_t owner)
{
	char path[64];

	tree_directory(name, mode);
	snprintf(path, sizeof(path), "%s/link", name);
	tree_link(path, "../secret");
	snprintf(path, sizeof(path), "%s/file", name);
	tree_file(path, 0644, "theirs");
	snprintf(path, sizeof(path), "%s/hard", name);
	ck_assert_int_eq(link(tree_path("secret"), tree_path(path)), 0);
	snprintf(path, sizeof(path), "%s/ours", name);
	tree_directory(path, 0755);
	snprintf(path, sizeof(path), "%s/ours/link", name);
	tree_link(path, "/mnt/secret");
	snprintf(path, sizeof(path), "%s/ours/file", name);
	tree_file(path, 0600, "ours");
	snprintf(path, sizeof(path), "%s/up", name);
	tree_link(path, "..");
	tree_owner(name, owner);
}

static void make_tree(void)
{
	tree_file("secret", 0600, "secret");
	tree_file("alone", 0600, "alone"); /* has no other name */
	tree_directory("dir", 0755);
	tree_file("dir/inner", 0600, "inner");
	tree_link("dir/up", "../secret");
	tree_link("link", "secret");
	tree_link("absolute", "/mnt/secret");
	tree_link("dirlink", "dir");
	tree_link("dotted", "dir/.././dir//../secret");
	tree_link("slashed", "secret/");
	tree_link("dir-slashed", "dir/");
	tree_link("beyond", "../../../../mnt/secret");
	tree_link("dangling", "missing");
	tree_link("loop", "loop");
	tree_link("ping", "pong");
	tree_link("pong", "ping");
	tree_link("growing", "growing/x");
	tree_link("to-fifo", "fifo");
	tree_fifo("fifo", 0666);
	tree_file("mode", 0, "mode");
	tree_file("of-other", 0600, "other");
	tree_owner("of-other", TREE_OTHER_USER);
	tree_link("link-of-other", "secret");
	tree_owner("link-of-other", TREE_OTHER_USER);
	make_changeable("owned", 0755, TREE_OTHER_USER);
	make_changeable("group", 0775, 0);
	make_changeable("sticky", 01777, 0);
	make_changeable("world", 0757, 0);
	tree_link("through", "owned/link");
	tree_link("into", "owned/file");
	tree_link("into-hard", "owned/hard");
	tree_link("and-back", "owned/ours/../../alone");
}

static const struct {
	const char *path;
	const char *text;
} followed[] = {
	{ "secret", "secret" },
	{ "link", "secret" },
	{ "absolute", "secret" },
	{ "dirlink/inner", "inner" },
	{ "dirlink/up", "secret" },
	{ "dotted", "secret" },
	{ "dir-slashed/inner", "inner" },
	{ "beyond", "secret" },
	{ "../mnt/./link", "secret" },
	{ "dir/../link", "secret" },
	{ "mode", "mode" },
	{ "of-other", "other" },
	{ "owned/file", "theirs" },
	{ "owned/ours/file", "ours" },
	{ "group/file", "theirs" },
	{ "sticky/file", "theirs" },
	{ "world/file", "theirs" },
	{ "into", "theirs" },
};

START_TEST(links_that_root_alone_can_have_put_are_followed)
{
	make_tree();
	assert_read(tree_path(followed[_i].path), followed[_i].text);
}
END_TEST

static const struct {
	const char *path;
	int error_number;
} refused[] = {
	{ "owned/link", ELOOP },
	{ "group/link", ELOOP },
	{ "sticky/link", ELOOP },
	{ "world/link", ELOOP },
	{ "owned/ours/link", ELOOP },
	{ "group/ours/link", ELOOP },
	{ "sticky/ours/link", ELOOP },
	{ "link-of-other", ELOOP },
	{ "owned/up/secret", ELOOP },
	{ "through", ELOOP },
	{ "and-back", EPERM },
	{ "owned/hard", EPERM },
	{ "group/hard", EPERM },
	{ "sticky/hard", EPERM },
	{ "world/hard", EPERM },
	{ "into-hard", EPERM },
	/* theirs can be moved, and what is above them is another directory then */
	{ "owned/../alone", EPERM },
	{ "owned/ours/../file", EPERM },
	{ "owned/../link", EPERM },
	{ "sticky/ours/../../alone", EPERM },
	{ "dangling", ENOENT },
	{ "loop", ELOOP },
	{ "ping", ELOOP },
	{ "growing", ELOOP },
	{ "slashed", ENOTDIR },
	{ "link/", ENOTDIR },
	{ "link/x", ENOTDIR },
	{ "dirlink", EISDIR },
	{ "dirlink/", EISDIR },
	{ "to-fifo", EPERM },
	{ "fifo", EPERM },
};

START_TEST(what_others_can_have_put_leads_nowhere)
{
	make_tree();
	assert_refused(tree_path(refused[_i].path), refused[_i].error_number);
}
END_TEST

/* As with the kernel. */
START_TEST(chain_of_links_has_an_end)
{
	char name[16];
	char target[16] = "secret";

	tree_file("secret", 0600, "secret");
	for (int i = 1; i <= MAX_LINKS + 1; i++) {
		snprintf(name, sizeof(name), "link%d", i);
		tree_link(name, target);
		strcpy(target, name);
	}
	snprintf(name, sizeof(name), "link%d", MAX_LINKS);
	assert_read(tree_path(name), "secret");
	snprintf(name, sizeof(name), "link%d", MAX_LINKS + 1);
	assert_refused(tree_path(name), ELOOP);
}
END_TEST

START_TEST(longest_target_is_followed_whole)
{
	char target[PATH_MAX] = "";

	tree_file("secret", 0600, "secret");
	memset(target, '/', sizeof(target) - 1);
	memcpy(target, "/mnt", 4);
	memcpy(target + sizeof(target) - 1 - strlen("secret"), "secret", strlen("secret"));
	ck_assert_uint_eq(strlen(target), PATH_MAX - 1);
	tree_link("longest", target);
	assert_read(tree_path("longest"), "secret");
}
END_TEST

/* What the caller has open is not read by way of /dev/stdin: the text of such a link is walked. */
START_TEST(links_of_proc_are_text)
{
	int ends[2];
	char path[64];

	ck_assert_int_eq(pipe2(ends, O_CLOEXEC), 0);
	ck_assert_int_eq(write(ends[1], "text", 4), 4);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", ends[0]);
	ck_assert_int_eq(read_path(path), 1);
	ck_assert_uint_eq(output_length, 0);
	close(ends[0]);
	close(ends[1]);
}
END_TEST

START_TEST(file_that_cannot_be_read_is_told)
{
	ck_assert_int_eq(read_path("/proc/self/mem"), 1);
	assert_contains(error.text, strerror(EIO));
	ck_assert_uint_eq(output_length, 0);
}
END_TEST

static void fill_anybody(TCase *tcase)
{
	tree_add_fixtures(tcase);
	tcase_set_timeout(tcase, 60);
	add_table_test(tcase, where_others_write_no_link_is_followed, shared);
	add_table_test(tcase, what_is_no_file_is_not_read, system_paths);
	tcase_add_test(tcase, file_is_not_copied_to_itself);
	tcase_add_test(tcase, component_that_is_too_long_is_told);
	tcase_add_test(tcase, path_may_be_longer_than_the_kernel_takes);
	tcase_add_test(tcase, kernel_checks_permissions_too);
	tcase_add_test(tcase, no_descriptor_is_left);
}

static void fill_copy(TCase *tcase)
{
	tree_add_fixtures(tcase);
	tcase_set_timeout(tcase, 60);
	tcase_add_test(tcase, bytes_are_copied_as_they_are);
	tcase_add_test(tcase, slow_reader_gets_all);
	tcase_add_test(tcase, output_that_is_cut_is_told);
	tcase_add_test(tcase, output_that_cannot_be_written_is_told);
}

static void fill_root(TCase *tcase)
{
	tcase_add_checked_fixture(tcase, make_trusted_tree, NULL);
	tcase_set_timeout(tcase, 60);
	add_table_test(tcase, links_that_root_alone_can_have_put_are_followed, followed);
	add_table_test(tcase, what_others_can_have_put_leads_nowhere, refused);
	tcase_add_test(tcase, chain_of_links_has_an_end);
	tcase_add_test(tcase, longest_target_is_followed_whole);
	tcase_add_test(tcase, links_of_proc_are_text);
	tcase_add_test(tcase, file_that_cannot_be_read_is_told);
}

static Suite *make_suite(void)
{
	Suite *suite = suite_create("read_file");

	suite_add(suite, "where others write", fill_anybody);
	suite_add(suite, "copy", fill_copy);
	suite_add_for_root(suite, "where root alone writes", fill_root);
	return suite;
}

SUITE_MAIN(make_suite)
