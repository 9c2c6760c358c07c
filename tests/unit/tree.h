#ifndef PSW_TREE_H
#define PSW_TREE_H

/*
 * A directory of its own for each test, with the files that it asks for.  Paths
 * are relative to it, modes do not depend on the umask, and all is removed at
 * the end of the test case, even if a test fails or is killed.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sys/stat.h>

#include "suite.h"

static char tree_base[PATH_MAX];        /* of the test case, in TMPDIR or /tmp */
static char tree_root[PATH_MAX];        /* of the test */

/* Calls of one expression can hold several paths.  "." is the directory itself, without a slash. */
static inline const char *tree_path(const char *relative)
{
	static char paths[8][PATH_MAX];
	static unsigned next;
	char *path = paths[next++ % ARRAY_LENGTH(paths)];
	int length;

	if (strcmp(relative, ".") == 0)
		return tree_root;
	length = snprintf(path, PATH_MAX, "%s/%s", tree_root, relative);
	ck_assert(length > 0 && length < PATH_MAX);
	return path;
}

static inline void tree_mode(const char *path, mode_t mode)
{
	ck_assert_msg(chmod(tree_path(path), mode) == 0, "chmod %s: %m", path);
}

static inline void tree_directory(const char *path, mode_t mode)
{
	ck_assert_msg(mkdir(tree_path(path), 0700) == 0, "mkdir %s: %m", path);
	tree_mode(path, mode);
}

static inline void tree_bytes(const char *path, mode_t mode, const char *bytes, size_t length)
{
	int file = open(tree_path(path), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	ck_assert_msg(file >= 0, "open %s: %m", path);
	ck_assert_int_eq(write(file, bytes, length), (ssize_t)length);
	close(file);
	tree_mode(path, mode);
}

static inline void tree_file(const char *path, mode_t mode, const char *text)
{
	tree_bytes(path, mode, text, strlen(text));
}

static inline void tree_link(const char *path, const char *target)
{
	ck_assert_msg(symlink(target, tree_path(path)) == 0, "symlink %s: %m", path);
}

static inline void tree_fifo(const char *path, mode_t mode)
{
	ck_assert_msg(mkfifo(tree_path(path), 0600) == 0, "mkfifo %s: %m", path);
	tree_mode(path, mode);
}

enum { TREE_OTHER_USER = 65534 };

/* For root alone. */
static inline void tree_owner(const char *path, uid_t owner)
{
	ck_assert_msg(lchown(tree_path(path), owner, (gid_t)-1) == 0, "lchown %s: %m", path);
}

/* From here to its end the test is an ordinary user to the kernel, and owns its directory. */
static inline void tree_leave_root(void)
{
	if (geteuid() != 0)
		return;
	tree_owner(".", TREE_OTHER_USER);
	ck_assert_int_eq(seteuid(TREE_OTHER_USER), 0);
}

static inline void tree_remove_directory(int parent, const char *name)
{
	int directory;
	DIR *stream;
	struct dirent *entry;

	if (fchmodat(parent, name, 0700, 0) != 0)
		return;
	directory = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	stream = directory >= 0 ? fdopendir(directory) : NULL;
	while (stream && (entry = readdir(stream)) != NULL) {
		if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
			continue;
		if (unlinkat(directory, entry->d_name, 0) != 0 && errno == EISDIR)
			tree_remove_directory(directory, entry->d_name);
	}
	if (stream)
		closedir(stream);
	unlinkat(parent, name, AT_REMOVEDIR);
}

static inline void tree_make_base(void)
{
	const char *temporary = getenv("TMPDIR");
	char canonical[PATH_MAX];

	ck_assert_msg(realpath(temporary ? temporary : "/tmp", canonical) != NULL, "TMPDIR: %m");
	ck_assert(snprintf(tree_base, sizeof(tree_base), "%s/privsep-wrap-test-XXXXXX", canonical) <
		  (int)sizeof(tree_base));
	ck_assert_msg(mkdtemp(tree_base) != NULL, "mkdtemp: %m");
	ck_assert_int_eq(chmod(tree_base, 0755), 0);
}

static inline void tree_remove_base(void)
{
	tree_remove_directory(AT_FDCWD, tree_base);
}

static inline void tree_make_root(void)
{
	ck_assert(snprintf(tree_root, sizeof(tree_root), "%s/XXXXXX", tree_base) < (int)sizeof(tree_root));
	ck_assert_msg(mkdtemp(tree_root) != NULL, "mkdtemp: %m");
	ck_assert_int_eq(chmod(tree_root, 0755), 0);
}

/* LeakSanitizer's look at the process afterwards takes its own user. */
static inline void tree_return_to_root(void)
{
	ck_assert_int_eq(seteuid(getuid()), 0);
}

/* Gives each test of the test case its directory. */
static inline void tree_add_fixtures(TCase *tcase)
{
	tcase_add_unchecked_fixture(tcase, tree_make_base, tree_remove_base);
	tcase_add_checked_fixture(tcase, tree_make_root, tree_return_to_root);
}

#endif
