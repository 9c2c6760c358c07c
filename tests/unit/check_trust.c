#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdarg.h>
#include <sys/mount.h>
#include <sys/syscall.h>

#include "base/descriptor.h"
#include "base/strbuf.h"
#include "suite.h"
#include "tree.h"
#include "trust/trust.h"

#define OWNER_CURE "only root may own it (chown root)"
#define MODE_CURE "only root may be able to change it (chmod go-w)"
#define STICKY_CURE "it must not stand in a directory that others can write to"
#define REGULAR_CURE "it must be a regular file"
#define REPLACED_CURE "it was replaced while it was looked at (try again)"

/* Called between the look at a file and its opening. */
static void (*before_opening)(void);

/* Stands in front of the C library's, so that a test can act at one moment of a race. */
int openat(int directory, const char *path, int flags, ...)
{
	va_list arguments;
	mode_t mode;

	va_start(arguments, flags);
	mode = flags & O_CREAT ? va_arg(arguments, mode_t) : 0;
	va_end(arguments);
	if (before_opening && !(flags & O_PATH) && strcmp(path, "file") == 0)
		before_opening();
	return (int)syscall(SYS_openat, directory, path, flags, mode);
}

/* The tests' own user stands for root. */
static struct trust make_trust(void)
{
	return (struct trust){ .owner = geteuid() };
}

/* A tree with what can be right and wrong. */
static void make_tree(void)
{
	tree_directory("ok", 0755);
	tree_directory("ok/dir", 0755);
	tree_directory("ok/own", 0700);
	tree_directory("ok/closed", 0555);
	tree_file("ok/file", 0644, "content");
	tree_file("ok/dir/file", 0600, "content");
	tree_file("ok/program", 04755, "content");
	tree_file("ok/group-file", 0664, "content");
	tree_file("ok/other-file", 0646, "content");
	tree_file("ok/all-file", 0777, "content");
	tree_fifo("ok/fifo", 0644);
	ck_assert_int_eq(mknod(tree_path("ok/socket"), S_IFSOCK | 0644, 0), 0);

	tree_directory("group", 0775);
	tree_directory("group/dir", 0755);
	tree_file("group/file", 0644, "content");
	tree_directory("other", 0757);
	tree_file("other/file", 0644, "content");

	tree_directory("sticky", 01777);
	tree_directory("sticky/dir", 0755);
	tree_directory("sticky/all", 0777);
	tree_file("sticky/file", 0644, "content");
	tree_file("sticky/dir/file", 0644, "content");
	tree_link("sticky/link", "dir/file");
	tree_link("sticky/link-to-dir", "dir");
	tree_directory("sticky-group", 01775);
	tree_file("sticky-group/file", 0644, "content");
	tree_directory("sticky-closed", 01755);
	tree_file("sticky-closed/file", 0644, "content");
}

static void make_links(void)
{
	tree_link("ok/link", "file");
	tree_link("ok/absolute", tree_path("ok/file"));
	tree_link("ok/up", "../ok/file");
	tree_link("ok/up-and-up", "dir/../../../../../../../../../../../../etc/..");
	tree_link("ok/to-dir", "dir/");
	tree_link("ok/to-link", "link");
	tree_link("ok/to-sticky-dir", "../sticky/dir");
	tree_link("ok/to-fifo", "fifo");
	tree_link("ok/to-group", "../group/file");
	tree_link("ok/to-group-absolute", tree_path("group/file"));
	tree_link("ok/through-group", "../group/../ok/file");
	tree_link("ok/to-group-dir", "../group");
	tree_link("ok/to-group-file", "group-file");
	tree_link("ok/to-sticky-file", "../sticky/file");
	tree_link("ok/to-sticky-link", "../sticky/link");
	tree_link("ok/to-other", "../other/file");
	tree_link("group/link", "../ok/file");
	tree_link("ok/dangling", "nothing");
	tree_link("ok/self", "self");
	tree_link("ok/loop-a", "loop-b");
	tree_link("ok/loop-b", "loop-a");
	tree_link("ok/loop-dir", "../ok/loop-dir/x");
}

struct expectation {
	const char *path;
	enum trust_result result;
	const char *component;  /* the one to blame */
	const char *why;        /* NULL: the text of error_number */
	int error_number;
};

static const struct expectation files[] = {
	{ .path = "ok/file" },
	{ .path = "ok/program" },
	{ .path = "ok/dir/file" },
	{ .path = "ok//dir///file" },
	{ .path = "ok/./dir/./file" },
	{ .path = "ok/dir/../file" },
	{ .path = "ok/dir/../../ok/file" },
	{ .path = "sticky/dir/file" },
	{ .path = "sticky-closed/file" },
	{ .path = "ok/link" },
	{ .path = "ok/absolute" },
	{ .path = "ok/up" },
	{ .path = "ok/to-link" },
	{ .path = "ok/to-dir/file" },
	{ .path = "ok/to-dir/../file" },
	{ .path = "ok/to-sticky-dir/file" },

	{ "ok/group-file", TRUST_REFUSED, "ok/group-file", MODE_CURE, 0 },
	{ "ok/other-file", TRUST_REFUSED, "ok/other-file", MODE_CURE, 0 },
	{ "ok/all-file", TRUST_REFUSED, "ok/all-file", MODE_CURE, 0 },
	{ "ok/to-group-file", TRUST_REFUSED, "ok/group-file", MODE_CURE, 0 },
	{ "group/file", TRUST_REFUSED, "group", MODE_CURE, 0 },
	{ "group/dir/file", TRUST_REFUSED, "group", MODE_CURE, 0 },
	{ "group/../ok/file", TRUST_REFUSED, "group", MODE_CURE, 0 },
	{ "group/link", TRUST_REFUSED, "group", MODE_CURE, 0 },
	{ "other/file", TRUST_REFUSED, "other", MODE_CURE, 0 },
	{ "sticky/file", TRUST_REFUSED, "sticky/file", STICKY_CURE, 0 },
	{ "sticky/link", TRUST_REFUSED, "sticky/link", STICKY_CURE, 0 },
	{ "sticky/link-to-dir/file", TRUST_REFUSED, "sticky/link-to-dir", STICKY_CURE, 0 },
	{ "sticky/all/file", TRUST_REFUSED, "sticky/all", MODE_CURE, 0 },
	{ "sticky-group/file", TRUST_REFUSED, "sticky-group/file", STICKY_CURE, 0 },
	{ "ok/to-group", TRUST_REFUSED, "group", MODE_CURE, 0 },
	{ "ok/to-group-absolute", TRUST_REFUSED, "group", MODE_CURE, 0 },
	{ "ok/through-group", TRUST_REFUSED, "group", MODE_CURE, 0 },
	{ "ok/to-group-dir/../ok/file", TRUST_REFUSED, "group", MODE_CURE, 0 },
	{ "ok/to-other", TRUST_REFUSED, "other", MODE_CURE, 0 },
	{ "ok/to-sticky-file", TRUST_REFUSED, "sticky/file", STICKY_CURE, 0 },
	{ "ok/to-sticky-link", TRUST_REFUSED, "sticky/link", STICKY_CURE, 0 },

	{ "ok/fifo", TRUST_REFUSED, "ok/fifo", REGULAR_CURE, 0 },
	{ "ok/to-fifo", TRUST_REFUSED, "ok/fifo", REGULAR_CURE, 0 },
	{ "ok/socket", TRUST_REFUSED, "ok/socket", REGULAR_CURE, 0 },
	{ "ok/dir", TRUST_REFUSED, "ok/dir", REGULAR_CURE, 0 },
	{ "ok/dir/", TRUST_REFUSED, "ok/dir", REGULAR_CURE, 0 },
	{ "ok/dir/.", TRUST_REFUSED, "ok/dir", REGULAR_CURE, 0 },
	{ "ok/dir/..", TRUST_REFUSED, "ok", REGULAR_CURE, 0 },
	{ "ok/to-dir", TRUST_REFUSED, "ok/dir", REGULAR_CURE, 0 },

	{ "ok/missing", TRUST_MISSING, "ok/missing", NULL, ENOENT },
	{ "ok/missing/file", TRUST_MISSING, "ok/missing", NULL, ENOENT },
	{ "sticky/missing", TRUST_MISSING, "sticky/missing", NULL, ENOENT },
	{ "ok/file/x", TRUST_MISSING, "ok/file", NULL, ENOTDIR },
	{ "ok/file/..", TRUST_MISSING, "ok/file", NULL, ENOTDIR },
	{ "ok/fifo/x", TRUST_MISSING, "ok/fifo", NULL, ENOTDIR },
	{ "ok/link/x", TRUST_MISSING, "ok/file", NULL, ENOTDIR },
	{ "ok/dangling", TRUST_MISSING, "ok/nothing", NULL, ENOENT },
	{ "ok/self", TRUST_ERROR, "ok/self", NULL, ELOOP },
	{ "ok/loop-a", TRUST_ERROR, "ok/loop-a", NULL, ELOOP },
	{ "ok/loop-dir/y", TRUST_ERROR, "ok/loop-dir", NULL, ELOOP },
};

static const struct expectation directories[] = {
	{ .path = "ok" },
	{ .path = "ok/" },
	{ .path = "ok/." },
	{ .path = "ok/dir" },
	{ .path = "ok/own" },
	{ .path = "ok/closed" },
	{ .path = "ok/dir/.." },
	{ .path = "ok/to-dir" },
	{ .path = "ok/to-sticky-dir" },
	{ .path = "ok/up-and-up" },
	{ .path = "sticky/dir" },
	{ .path = "sticky-closed" },

	{ "group", TRUST_REFUSED, "group", MODE_CURE, 0 },
	{ "group/dir", TRUST_REFUSED, "group", MODE_CURE, 0 },
	{ "other", TRUST_REFUSED, "other", MODE_CURE, 0 },
	{ "sticky", TRUST_REFUSED, "sticky", MODE_CURE, 0 },
	{ "sticky/.", TRUST_REFUSED, "sticky", MODE_CURE, 0 },
	{ "sticky/dir/..", TRUST_REFUSED, "sticky", MODE_CURE, 0 },
	{ "sticky-group", TRUST_REFUSED, "sticky-group", MODE_CURE, 0 },
	{ "sticky/all", TRUST_REFUSED, "sticky/all", MODE_CURE, 0 },
	{ "sticky/link-to-dir", TRUST_REFUSED, "sticky/link-to-dir", STICKY_CURE, 0 },
	{ "ok/to-group-dir", TRUST_REFUSED, "group", MODE_CURE, 0 },

	{ "ok/missing", TRUST_MISSING, "ok/missing", NULL, ENOENT },
	{ "ok/file", TRUST_MISSING, "ok/file", NULL, ENOTDIR },
	{ "ok/fifo", TRUST_MISSING, "ok/fifo", NULL, ENOTDIR },
	{ "ok/link", TRUST_MISSING, "ok/file", NULL, ENOTDIR },
	{ "ok/dangling", TRUST_MISSING, "ok/nothing", NULL, ENOENT },
	{ "ok/loop-b", TRUST_ERROR, "ok/loop-b", NULL, ELOOP },
};

static void assert_problem(const struct expectation *wanted, const struct trust_problem *problem)
{
	if (wanted->result == TRUST_OK)
		return;
	ck_assert_str_eq(problem->path, tree_path(wanted->component));
	ck_assert_int_eq(problem->error_number, wanted->error_number);
	if (wanted->why)
		ck_assert_str_eq(problem->why, wanted->why);
	else
		ck_assert_ptr_null(problem->why);
}

static void assert_result(const struct expectation *wanted, enum trust_result result,
			  const struct trust_problem *problem)
{
	struct error error = { { 0 } };

	if (result != TRUST_OK)
		trust_describe(problem, &error);
	ck_assert_msg(result == wanted->result, "%s: result %d, %s", wanted->path, (int)result, error.text);
	assert_problem(wanted, problem);
}

static void assert_file(struct trust *trust, const struct expectation *wanted)
{
	struct trust_problem problem;
	struct stat status;
	struct stat opened;
	struct stat named;
	int file = -1;
	const char *path = tree_path(wanted->path);
	enum trust_result result = trust_open_file(trust, path, &file, &status, &problem);

	assert_result(wanted, result, &problem);
	if (result == TRUST_OK) {
		ck_assert_int_eq(fstat(file, &opened), 0);
		ck_assert_int_eq(stat(path, &named), 0);
		ck_assert_uint_eq(status.st_ino, named.st_ino);
		ck_assert_uint_eq(status.st_ino, opened.st_ino);
		ck_assert_int_eq(fcntl(file, F_GETFL) & O_ACCMODE, O_RDONLY);
		ck_assert_int_eq(fcntl(file, F_GETFD), FD_CLOEXEC);
	} else {
		ck_assert_int_eq(file, -1);
	}
	descriptor_close(&file);
	assert_result(wanted, trust_judge_file(trust, path, &status, &problem), &problem);
}

static void assert_directory(struct trust *trust, const struct expectation *wanted)
{
	struct trust_problem problem;
	struct stat opened;
	struct stat named;
	int directory = -1;
	const char *path = tree_path(wanted->path);
	enum trust_result result = trust_open_directory(trust, path, &directory, &problem);

	assert_result(wanted, result, &problem);
	if (result == TRUST_OK) {
		ck_assert_int_eq(fstat(directory, &opened), 0);
		ck_assert_int_eq(stat(path, &named), 0);
		ck_assert_uint_eq(opened.st_ino, named.st_ino);
		ck_assert_int_eq(fcntl(directory, F_GETFD), FD_CLOEXEC);
	} else {
		ck_assert_int_eq(directory, -1);
	}
	descriptor_close(&directory);
	assert_result(wanted, trust_judge_directory(trust, path, &problem), &problem);
}

START_TEST(judges_files)
{
	CLEANUP(trust_free) struct trust trust = make_trust();

	make_tree();
	make_links();
	assert_file(&trust, &files[_i]);
}
END_TEST

START_TEST(judges_directories)
{
	CLEANUP(trust_free) struct trust trust = make_trust();

	make_tree();
	make_links();
	assert_directory(&trust, &directories[_i]);
}
END_TEST

/* What was walked before, for whatever purpose, changes no judgement. */
START_TEST(judges_the_same_when_directories_are_known)
{
	CLEANUP(trust_free) struct trust trust = make_trust();

	make_tree();
	make_links();
	for (int round = 0; round < 2; round++) {
		for (size_t i = 0; i < ARRAY_LENGTH(files); i++)
			assert_file(&trust, &files[i]);
		for (size_t i = 0; i < ARRAY_LENGTH(directories); i++)
			assert_directory(&trust, &directories[i]);
	}
}
END_TEST

START_TEST(reads_the_file_that_was_judged)
{
	CLEANUP(trust_free) struct trust trust = make_trust();
	CLEANUP(descriptor_close) int file = -1;
	struct trust_problem problem;
	struct stat status;
	char text[16] = { 0 };

	tree_file("file", 0644, "content");
	ck_assert_int_eq(trust_open_file(&trust, tree_path("file"), &file, &status, &problem), TRUST_OK);
	ck_assert_int_eq(read(file, text, sizeof(text) - 1), 7);
	ck_assert_str_eq(text, "content");
	ck_assert_int_eq(status.st_size, 7);
	ck_assert_uint_eq(status.st_mode, S_IFREG | 0644);
}
END_TEST

START_TEST(an_opened_directory_can_be_read)
{
	CLEANUP(trust_free) struct trust trust = make_trust();
	struct trust_problem problem;
	int directory = -1;
	DIR *stream;

	ck_assert_int_eq(trust_open_directory(&trust, tree_root, &directory, &problem), TRUST_OK);
	stream = fdopendir(directory);
	ck_assert_ptr_nonnull(stream);
	ck_assert_ptr_nonnull(readdir(stream));
	closedir(stream);
}
END_TEST

static void replace_by_another(void)
{
	tree_file("another", 0600, "another");
	ck_assert_int_eq(rename(tree_path("another"), tree_path("file")), 0);
}

static void replace_once(void)
{
	before_opening = NULL;
	replace_by_another();
}

static void replace_by_a_loose_one(void)
{
	replace_once();
	tree_mode("file", 0666);
}

static void replace_by_a_link(void)
{
	ck_assert_int_eq(unlink(tree_path("file")), 0);
	tree_link("file", "other");
}

static void replace_by_a_fifo(void)
{
	ck_assert_int_eq(unlink(tree_path("file")), 0);
	tree_fifo("file", 0600);
}

static void replace_by_nothing(void)
{
	ck_assert_int_eq(unlink(tree_path("file")), 0);
}

static const struct {
	void (*replace)(void);
	struct expectation wanted;
} replacements[] = {
	{ replace_by_another, { "file", TRUST_REFUSED, "file", REPLACED_CURE, 0 } },
	{ replace_by_a_loose_one, { "file", TRUST_REFUSED, "file", MODE_CURE, 0 } },
	{ replace_by_a_fifo, { "file", TRUST_REFUSED, "file", REGULAR_CURE, 0 } },
	{ replace_by_a_link, { "file", TRUST_ERROR, "file", NULL, ELOOP } },
	{ replace_by_nothing, { "file", TRUST_MISSING, "file", NULL, ENOENT } },
};

START_TEST(refuses_a_file_that_was_replaced)
{
	CLEANUP(trust_free) struct trust trust = make_trust();
	struct trust_problem problem;
	struct stat status;
	int file = -1;

	tree_file("file", 0600, "judged");
	tree_file("other", 0600, "not judged");
	before_opening = replacements[_i].replace;
	assert_result(&replacements[_i].wanted,
		      trust_open_file(&trust, tree_path("file"), &file, &status, &problem), &problem);
	ck_assert_int_eq(file, -1);
}
END_TEST

START_TEST(reads_what_a_file_was_replaced_by)
{
	CLEANUP(trust_free) struct trust trust = make_trust();
	struct trust_problem problem;
	struct stat status;
	struct stat named;
	struct stat open;
	int file = -1;

	tree_file("file", 0600, "judged");
	before_opening = replace_once;
	ck_assert_int_eq(trust_open_file(&trust, tree_path("file"), &file, &status, &problem), TRUST_OK);
	ck_assert_int_eq(fstat(file, &open), 0);
	ck_assert_int_eq(stat(tree_path("file"), &named), 0);
	ck_assert_uint_eq(open.st_ino, named.st_ino);
	ck_assert_uint_eq(status.st_ino, named.st_ino);
	ck_assert_int_eq(status.st_size, named.st_size);
	close(file);
}
END_TEST

/* A chain of links to ok/file, which is as many to follow. */
static const char *make_chain(int count)
{
	static char name[32];
	char target[32] = "file";

	for (int i = 0; i < count; i++) {
		snprintf(name, sizeof(name), "chain-%d", i);
		tree_link(name, target);
		memcpy(target, name, sizeof(target));
	}
	return tree_path(name);
}

START_TEST(follows_forty_links_at_most)
{
	CLEANUP(trust_free) struct trust trust = make_trust();
	struct trust_problem problem;
	struct stat status;

	tree_file("file", 0644, "content");
	ck_assert_int_eq(trust_judge_file(&trust, make_chain(40), &status, &problem), TRUST_OK);
	tree_link("one-more", "chain-39");
	ck_assert_int_eq(trust_judge_file(&trust, tree_path("one-more"), &status, &problem), TRUST_ERROR);
	ck_assert_int_eq(problem.error_number, ELOOP);
}
END_TEST

/* A path to the file of length bytes, made long by "/." */
static void long_path(char *path, size_t length)
{
	size_t start = strlen(tree_root);
	size_t end = length - strlen("/file");

	memcpy(path, tree_root, start);
	if ((end - start) % 2 != 0)
		path[start++] = '/';
	for (size_t at = start; at < end; at += 2)
		memcpy(path + at, "/.", 2);
	memcpy(path + end, "/file", sizeof("/file"));
}

START_TEST(a_path_has_at_most_4095_bytes)
{
	CLEANUP(trust_free) struct trust trust = make_trust();
	struct trust_problem problem;
	struct stat status;
	char path[5000];

	tree_file("file", 0644, "content");
	long_path(path, 4095);
	ck_assert_int_eq(trust_judge_file(&trust, path, &status, &problem), TRUST_OK);
	long_path(path, 4096);
	ck_assert_int_eq(trust_judge_file(&trust, path, &status, &problem), TRUST_ERROR);
	ck_assert_int_eq(problem.error_number, ENAMETOOLONG);
}
END_TEST

START_TEST(a_link_cannot_make_a_path_too_long)
{
	CLEANUP(trust_free) struct trust trust = make_trust();
	struct trust_problem problem;
	struct strbuf path = { 0 };
	struct stat status;
	char target[4000];

	tree_file("file", 0644, "content");
	memset(target, '/', sizeof(target));
	target[0] = '.';
	target[sizeof(target) - 1] = '\0';
	tree_link("link", target);
	strbuf_append_string(&path, tree_path("link"));
	for (int i = 0; i < 60; i++)
		strbuf_append_string(&path, "/.");
	strbuf_append_string(&path, "/file");
	ck_assert_int_eq(trust_judge_file(&trust, path.text, &status, &problem), TRUST_ERROR);
	ck_assert_int_eq(problem.error_number, ENAMETOOLONG);
	ck_assert_int_eq(trust_judge_file(&trust, tree_path("link/file"), &status, &problem), TRUST_OK);
	strbuf_free(&path);
}
END_TEST

static void assert_described(const struct trust_problem *problem, const char *text)
{
	struct error error;

	trust_describe(problem, &error);
	ck_assert_str_eq(error.text, text);
}

START_TEST(a_name_has_at_most_255_bytes)
{
	CLEANUP(trust_free) struct trust trust = make_trust();
	struct trust_problem problem;
	struct stat status;
	struct error error;
	char name[257];

	memset(name, 'n', 256);
	name[255] = '\0';
	tree_file(name, 0644, "content");
	ck_assert_int_eq(trust_judge_file(&trust, tree_path(name), &status, &problem), TRUST_OK);
	memcpy(name + 255, "n", 2);
	ck_assert_int_eq(trust_judge_file(&trust, tree_path(name), &status, &problem), TRUST_ERROR);
	ck_assert_int_eq(problem.error_number, ENAMETOOLONG);
	ck_assert_int_eq(trust_judge_directory(&trust, tree_path(name), &problem), TRUST_ERROR);
	trust_describe(&problem, &error);
	assert_contains(error.text, strerror(ENAMETOOLONG));
}
END_TEST

static const char *const relative[] = { "", "relative", "./relative", "../relative", "." };

START_TEST(refuses_a_relative_path)
{
	CLEANUP(trust_free) struct trust trust = make_trust();
	struct trust_problem problem;
	struct strbuf text = { 0 };
	struct stat status;
	int descriptor = -1;

	ck_assert_int_eq(chdir(tree_root), 0);
	tree_file("relative", 0644, "content");
	ck_assert_int_eq(trust_open_file(&trust, relative[_i], &descriptor, &status, &problem), TRUST_ERROR);
	ck_assert_int_eq(trust_judge_file(&trust, relative[_i], &status, &problem), TRUST_ERROR);
	ck_assert_int_eq(trust_open_directory(&trust, relative[_i], &descriptor, &problem), TRUST_ERROR);
	ck_assert_int_eq(trust_judge_directory(&trust, relative[_i], &problem), TRUST_ERROR);
	ck_assert_int_eq(descriptor, -1);
	strbuf_append_format(&text, "%s: it must be an absolute path", relative[_i]);
	assert_described(&problem, text.text);
	strbuf_free(&text);
}
END_TEST

START_TEST(describes_owner_mode_and_cure)
{
	CLEANUP(trust_free) struct trust trust = make_trust();
	struct trust_problem problem;
	struct stat status;
	struct strbuf text = { 0 };

	tree_file("file", 04775, "content");
	ck_assert_int_eq(trust_judge_file(&trust, tree_path("file"), &status, &problem), TRUST_REFUSED);
	ck_assert(problem.judged);
	ck_assert_uint_eq(problem.owner, geteuid());
	ck_assert_uint_eq(problem.mode & 07777, 04775);
	strbuf_append_format(&text, "%s: owned by uid %u, mode 4775: " MODE_CURE, tree_path("file"),
			     (unsigned)geteuid());
	assert_described(&problem, text.text);
	strbuf_free(&text);
}
END_TEST

START_TEST(describes_what_the_system_says)
{
	CLEANUP(trust_free) struct trust trust = make_trust();
	struct trust_problem problem;
	struct stat status;
	struct strbuf text = { 0 };

	ck_assert_int_eq(trust_judge_file(&trust, tree_path("a/b"), &status, &problem), TRUST_MISSING);
	ck_assert(!problem.judged);
	strbuf_append_format(&text, "%s: %s", tree_path("a"), strerror(ENOENT));
	assert_described(&problem, text.text);
	strbuf_free(&text);
}
END_TEST

START_TEST(a_long_component_is_cut_in_the_description)
{
	CLEANUP(trust_free) struct trust trust = make_trust();
	struct trust_problem problem;
	struct stat status;
	char path[4096];
	char *end = path + (size_t)snprintf(path, sizeof(path), "%s", tree_root);

	for (int i = 0; i < 4; i++) {
		memset(end, 'd', 201);
		*end = '/';
		end[201] = '\0';
		ck_assert_int_eq(mkdir(path, 0755), 0);
		end += 201;
	}
	memcpy(end, "/missing", sizeof("/missing"));
	ck_assert_int_eq(trust_judge_file(&trust, path, &status, &problem), TRUST_MISSING);
	ck_assert_uint_eq(strlen(problem.path), sizeof(problem.path) - 1);
}
END_TEST

START_TEST(freeing_closes_everything)
{
	struct trust trust = make_trust();
	struct trust_problem problem;
	struct stat status;
	int before = dup(STDERR_FILENO);
	int after;

	close(before);
	make_tree();
	make_links();
	for (size_t i = 0; i < ARRAY_LENGTH(files); i++) {
		int file = -1;

		if (trust_open_file(&trust, tree_path(files[i].path), &file, &status, &problem) == TRUST_OK)
			close(file);
	}
	trust_free(&trust);
	ck_assert_ptr_null(trust.known);
	after = dup(STDERR_FILENO);
	ck_assert_int_eq(after, before);
}
END_TEST

/* The user who asks is not root: nothing of his own is trusted unless any_owner says so. */
static const char *const own[] = { "ok/file", "ok/link", "sticky/dir/file" };

START_TEST(only_any_owner_trusts_the_user_who_asks)
{
	struct trust trust = { .owner = 0 };
	struct trust_problem problem;
	struct stat status;

	tree_leave_root();
	make_tree();
	make_links();
	ck_assert_int_eq(trust_judge_file(&trust, tree_path(own[_i]), &status, &problem), TRUST_REFUSED);
	ck_assert_str_eq(problem.why, OWNER_CURE);
	ck_assert_uint_eq(problem.owner, geteuid());
	trust_free(&trust);

	trust.any_owner = true;
	ck_assert_int_eq(trust_judge_file(&trust, tree_path(own[_i]), &status, &problem), TRUST_OK);
	ck_assert_int_eq(trust_judge_file(&trust, tree_path("ok/group-file"), &status, &problem),
			 TRUST_REFUSED);
	ck_assert_int_eq(trust_judge_file(&trust, tree_path("group/file"), &status, &problem), TRUST_REFUSED);
	ck_assert_int_eq(trust_judge_file(&trust, tree_path("sticky/file"), &status, &problem),
			 TRUST_REFUSED);
	trust_free(&trust);
}
END_TEST

START_TEST(what_cannot_be_looked_at_is_an_error)
{
	CLEANUP(trust_free) struct trust trust = { 0 };
	struct trust_problem problem;
	struct stat status;
	int file = -1;

	tree_leave_root();
	trust.owner = geteuid();
	make_tree();
	tree_file("ok/closed-file", 0000, "content");
	tree_mode("ok/dir", 0000);
	ck_assert_int_eq(trust_judge_file(&trust, tree_path("ok/closed-file"), &status, &problem), TRUST_OK);
	ck_assert_int_eq(trust_open_file(&trust, tree_path("ok/closed-file"), &file, &status, &problem),
			 TRUST_ERROR);
	ck_assert_int_eq(problem.error_number, EACCES);
	ck_assert_int_eq(trust_judge_file(&trust, tree_path("ok/dir/file"), &status, &problem), TRUST_ERROR);
	ck_assert_int_eq(problem.error_number, EACCES);
	ck_assert_int_eq(trust_open_directory(&trust, tree_path("ok/dir"), &file, &problem), TRUST_ERROR);
	ck_assert_int_eq(problem.error_number, EACCES);
}
END_TEST

/* Who owns a component. */
static const struct {
	const char *given_away;
	struct expectation wanted;
} owners[] = {
	{ "ok/file", { "ok/file", TRUST_REFUSED, "ok/file", OWNER_CURE, 0 } },
	{ "ok/file", { "ok/link", TRUST_REFUSED, "ok/file", OWNER_CURE, 0 } },
	{ "ok/group-file", { "ok/group-file", TRUST_REFUSED, "ok/group-file", OWNER_CURE, 0 } },
	{ "ok", { "ok/file", TRUST_REFUSED, "ok", OWNER_CURE, 0 } },
	{ "ok/dir", { "ok/dir/file", TRUST_REFUSED, "ok/dir", OWNER_CURE, 0 } },
	{ "ok/dir", { "ok/to-dir/file", TRUST_REFUSED, "ok/dir", OWNER_CURE, 0 } },
	{ "ok/dir", { "ok/dir/../file", TRUST_REFUSED, "ok/dir", OWNER_CURE, 0 } },
	{ "sticky", { "sticky/dir/file", TRUST_REFUSED, "sticky", OWNER_CURE, 0 } },
	{ "sticky/dir", { "sticky/dir/file", TRUST_REFUSED, "sticky/dir", OWNER_CURE, 0 } },
	{ "sticky/link-to-dir",
	  { "sticky/link-to-dir/file", TRUST_REFUSED, "sticky/link-to-dir", STICKY_CURE, 0 } },
	{ ".", { "ok/file", TRUST_REFUSED, ".", OWNER_CURE, 0 } },
	/* who owns a link does not matter: only those who can change the directory can change it */
	{ "ok/link", { .path = "ok/link" } },
};

START_TEST(refuses_what_somebody_else_owns)
{
	CLEANUP(trust_free) struct trust trust = { .owner = 0 };
	struct trust_problem problem;
	struct stat status;

	make_tree();
	make_links();
	tree_owner(owners[_i].given_away, TREE_OTHER_USER);
	assert_file(&trust, &owners[_i].wanted);
	if (trust_judge_file(&trust, tree_path(owners[_i].wanted.path), &status, &problem) == TRUST_REFUSED)
		ck_assert_uint_eq(problem.owner, TREE_OTHER_USER);
}
END_TEST

START_TEST(a_group_does_not_matter_unless_it_can_write)
{
	CLEANUP(trust_free) struct trust trust = { .owner = 0 };
	struct expectation wanted = { .path = "ok/file" };

	make_tree();
	ck_assert_int_eq(lchown(tree_path("ok"), (uid_t)-1, TREE_OTHER_USER), 0);
	ck_assert_int_eq(lchown(tree_path("ok/file"), (uid_t)-1, TREE_OTHER_USER), 0);
	assert_file(&trust, &wanted);
}
END_TEST

START_TEST(any_owner_does_not_trust_others)
{
	CLEANUP(trust_free) struct trust trust = { .owner = 0, .any_owner = true };

	make_tree();
	tree_owner("ok/file", TREE_OTHER_USER);
	assert_file(&trust, &owners[0].wanted);
}
END_TEST

/* A file system of the caller's own could say anything of the owners of its files. */
START_TEST(refuses_what_is_mounted_in_a_sticky_directory)
{
	CLEANUP(trust_free) struct trust trust = { .owner = 0 };
	struct expectation in_sticky = { "sticky/dir/file", TRUST_REFUSED, "sticky/dir", STICKY_CURE, 0 };
	struct expectation elsewhere = { .path = "ok/dir/file" };

	make_tree();
	ck_assert_int_eq(unshare(CLONE_NEWNS), 0);
	ck_assert_int_eq(mount("none", "/", "none", MS_REC | MS_PRIVATE, NULL), 0);
	ck_assert_int_eq(mount("tmpfs", tree_path("sticky/dir"), "tmpfs", 0, "mode=0755"), 0);
	ck_assert_int_eq(mount("tmpfs", tree_path("ok/dir"), "tmpfs", 0, "mode=0755"), 0);
	tree_file("sticky/dir/file", 0644, "content");
	tree_file("ok/dir/file", 0644, "content");
	assert_file(&trust, &in_sticky);
	assert_file(&trust, &elsewhere);
}
END_TEST

static void fill_judge(TCase *tcase)
{
	tree_add_fixtures(tcase);
	add_table_test(tcase, judges_files, files);
	add_table_test(tcase, judges_directories, directories);
	tcase_add_test(tcase, judges_the_same_when_directories_are_known);
	add_table_test(tcase, only_any_owner_trusts_the_user_who_asks, own);
	tcase_add_test(tcase, what_cannot_be_looked_at_is_an_error);
	add_table_test(tcase, refuses_a_relative_path, relative);
}

static void fill_open(TCase *tcase)
{
	tree_add_fixtures(tcase);
	tcase_add_test(tcase, reads_the_file_that_was_judged);
	tcase_add_test(tcase, an_opened_directory_can_be_read);
	add_table_test(tcase, refuses_a_file_that_was_replaced, replacements);
	tcase_add_test(tcase, reads_what_a_file_was_replaced_by);
	tcase_add_test(tcase, freeing_closes_everything);
}

static void fill_limits(TCase *tcase)
{
	tree_add_fixtures(tcase);
	tcase_add_test(tcase, follows_forty_links_at_most);
	tcase_add_test(tcase, a_path_has_at_most_4095_bytes);
	tcase_add_test(tcase, a_link_cannot_make_a_path_too_long);
	tcase_add_test(tcase, a_name_has_at_most_255_bytes);
}

static void fill_describe(TCase *tcase)
{
	tree_add_fixtures(tcase);
	tcase_add_test(tcase, describes_owner_mode_and_cure);
	tcase_add_test(tcase, describes_what_the_system_says);
	tcase_add_test(tcase, a_long_component_is_cut_in_the_description);
}

static void fill_owner(TCase *tcase)
{
	tree_add_fixtures(tcase);
	add_table_test(tcase, refuses_what_somebody_else_owns, owners);
	tcase_add_test(tcase, a_group_does_not_matter_unless_it_can_write);
	tcase_add_test(tcase, any_owner_does_not_trust_others);
	tcase_add_test(tcase, refuses_what_is_mounted_in_a_sticky_directory);
}

static Suite *make_suite(void)
{
	Suite *suite = suite_create("trust");

	suite_add(suite, "judge", fill_judge);
	suite_add(suite, "open", fill_open);
	suite_add(suite, "limits", fill_limits);
	suite_add(suite, "describe", fill_describe);
	suite_add_for_root(suite, "foreign owner", fill_owner);
	return suite;
}

SUITE_MAIN(make_suite)
