#include <stdarg.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>

#include "request/caller.h"
#include "suite.h"
#include "tree.h"

/*
 * /proc is the directory proc/ of the tree, the parent process is 300, and
 * processes from 400 on are not root's: these stand in front of the C library's.
 */
enum { PARENT = 300, FIRST_OF_USER = 400 };

static bool proc_is_in_tree;

static const char *redirected(const char *path)
{
	return proc_is_in_tree && strncmp(path, "/proc/", strlen("/proc/")) == 0 ? tree_path(path + 1) : path;
}

int openat(int directory, const char *path, int flags, ...)
{
	va_list arguments;
	mode_t mode;

	va_start(arguments, flags);
	mode = flags & O_CREAT ? va_arg(arguments, mode_t) : 0;
	va_end(arguments);
	return (int)syscall(SYS_openat, directory, redirected(path), flags, mode);
}

int stat(const char *path, struct stat *status)
{
	int result = fstatat(AT_FDCWD, redirected(path), status, 0);

	if (result == 0 && redirected(path) != path)
		status->st_uid = atoi(path + strlen("/proc/")) < FIRST_OF_USER ? 0 : 1000;
	return result;
}

ssize_t readlink(const char *restrict path, char *restrict target, size_t size)
{
	return readlinkat(AT_FDCWD, redirected(path), target, size);
}

pid_t getppid(void)
{
	return proc_is_in_tree ? PARENT : (pid_t)syscall(SYS_getppid);
}

/* The number of the controlling terminal, if it is not 0. */
static unsigned terminal_number;

int ioctl(int file, unsigned long request, ...)
{
	va_list arguments;
	void *argument;

	va_start(arguments, request);
	argument = va_arg(arguments, void *);
	va_end(arguments);
	if (request == TIOCGDEV && terminal_number != 0) {
		memcpy(argument, &terminal_number, sizeof(terminal_number));
		return 0;
	}
	return (int)syscall(SYS_ioctl, file, request, argument);
}

static const struct {
	const char *environment[3];
	uid_t uid;
	const char *user;
} told_by_sudo[] = {
	{ { "SUDO_UID=1001", "SUDO_USER=app" }, 1001, "app" },
	{ { "SUDO_USER=app", "SUDO_UID=1001" }, 1001, "app" },
	{ { "SUDO_UID=1001" }, 1001, NULL },
	{ { "SUDO_UID=0", "SUDO_USER=root" }, 0, "root" },
	{ { "SUDO_UID=4294967294", "SUDO_USER=app" }, 4294967294U, "app" },
	{ { "SUDO_UID=1001", "SUDO_USER=a b\n" }, 1001, "a b\n" },
};

START_TEST(sudo_says_who_called)
{
	CLEANUP(arena_free) struct arena arena = { 0 };
	struct caller caller;

	caller_identify_user(&caller, told_by_sudo[_i].environment, &arena);
	ck_assert_uint_eq(caller.uid, told_by_sudo[_i].uid);
	ck_assert_pstr_eq(caller.user, told_by_sudo[_i].user);
	ck_assert_int_eq(caller.parent, getppid());
}
END_TEST

/* Without a number from sudo its name does not count either. */
static const char *const not_told[][3] = {
	{ NULL },
	{ "SUDO_USER=app" },
	{ "SUDO_UID=", "SUDO_USER=app" },
	{ "SUDO_UID", "SUDO_USER=app" },
	{ "SUDO_UID=app", "SUDO_USER=app" },
	{ "SUDO_UID=-1", "SUDO_USER=app" },
	{ "SUDO_UID=+1001", "SUDO_USER=app" },
	{ "SUDO_UID= 1001", "SUDO_USER=app" },
	{ "SUDO_UID=1001 ", "SUDO_USER=app" },
	{ "SUDO_UID=1001x", "SUDO_USER=app" },
	{ "SUDO_UID=0x3e9", "SUDO_USER=app" },
	{ "SUDO_UID=4294967295", "SUDO_USER=app" },     /* (uid_t)-1 */
	{ "SUDO_UID=4294967296", "SUDO_USER=app" },     /* 0 when cut */
	{ "SUDO_UID=18446744073709551616", "SUDO_USER=app" },
	{ "XSUDO_UID=1001", "SUDO_USER=app" },
};

/* Set-user-ID root it would be another user who writes these variables. */
START_TEST(nobody_but_root_says_who_called)
{
	static const char *const environment[] = { "SUDO_UID=0", "SUDO_USER=root", NULL };
	CLEANUP(arena_free) struct arena arena = { 0 };
	struct caller caller;

	if (getuid() == 0)
		ck_assert_int_eq(setresuid(TREE_OTHER_USER, 0, 0), 0);
	caller_identify_user(&caller, environment, &arena);
	ck_assert_uint_eq(caller.uid, getuid());
	ck_assert_ptr_null(caller.user);
	ck_assert(!caller.uid_is_claim && !caller.user_is_claim);
}
END_TEST

START_TEST(otherwise_it_is_the_real_user)
{
	CLEANUP(arena_free) struct arena arena = { 0 };
	struct caller caller;

	caller_identify_user(&caller, not_told[_i], &arena);
	ck_assert_uint_eq(caller.uid, getuid());
	ck_assert_pstr_eq(caller.user, getuid() == 0 ? "root" : NULL);
}
END_TEST

/* The caller's environment may be gone before the record is written. */
START_TEST(the_name_is_a_copy)
{
	CLEANUP(arena_free) struct arena arena = { 0 };
	char user[] = "SUDO_USER=app";
	const char *environment[] = { "SUDO_UID=1001", user, NULL };
	struct caller caller;

	caller_identify_user(&caller, environment, &arena);
	memset(user, 'x', sizeof(user) - 1);
	ck_assert_str_eq(caller.user, "app");
}
END_TEST

static void make_proc(void)
{
	tree_directory("proc", 0755);
	tree_directory("proc/self", 0755);
	proc_is_in_tree = true;
}

/* A process as proc(5) shows it. */
static void make_process(int pid, const char *name, int parent, const char *groups)
{
	char path[64];
	char text[256];

	snprintf(path, sizeof(path), "proc/%d", pid);
	tree_directory(path, 0755);
	snprintf(path, sizeof(path), "proc/%d/exe", pid);
	snprintf(text, sizeof(text), "/usr/bin/%s", name);
	tree_link(path, text);
	snprintf(path, sizeof(path), "proc/%d/stat", pid);
	snprintf(text, sizeof(text), "%d (%s) S %d 1 1 0 -1 4194560\n", pid, name, parent);
	tree_file(path, 0644, text);
	snprintf(path, sizeof(path), "proc/%d/cgroup", pid);
	tree_file(path, 0644, groups);
}

static void identify(struct caller *caller, struct arena *arena)
{
	static const char *const environment[] = { NULL };

	caller_identify(caller, environment, arena);
}

START_TEST(what_cannot_be_read_is_unknown)
{
	CLEANUP(arena_free) struct arena arena = { 0 };
	struct caller caller;

	make_proc();
	identify(&caller, &arena);
	ck_assert_ptr_null(caller.login_uid);
	ck_assert_ptr_null(caller.session);
	ck_assert_ptr_null(caller.unit);
	ck_assert_int_eq(caller.parent, PARENT);
}
END_TEST

static const struct {
	const char *text;
	const char *number;
} numbers[] = {
	{ "1000", "1000" },
	{ "0", "0" },
	{ "4294967294", "4294967294" },
	{ "4294967295", NULL },         /* not set */
	{ "", NULL },
	{ "12345678901234567890123456789012", NULL }, /* does not fit */
};

START_TEST(login_uid_and_session_are_the_kernels)
{
	CLEANUP(arena_free) struct arena arena = { 0 };
	struct caller caller;

	make_proc();
	tree_file("proc/self/loginuid", 0444, numbers[_i].text);
	identify(&caller, &arena);
	ck_assert_pstr_eq(caller.login_uid, numbers[_i].number);
	ck_assert_ptr_null(caller.session);
	ck_assert_int_eq(rename(tree_path("proc/self/loginuid"), tree_path("proc/self/sessionid")), 0);
	identify(&caller, &arena);
	ck_assert_ptr_null(caller.login_uid);
	ck_assert_pstr_eq(caller.session, numbers[_i].number);
}
END_TEST

static const struct {
	const char *groups;
	const char *unit;
} units[] = {
	{ "0::/system.slice/app-agent.service\n", "app-agent.service" },
	{ "0::/user.slice/user-1000.slice/session-3.scope\n", "session-3.scope" },
	{ "12:devices:/x\n1:name=systemd:/y.service\n0::/system.slice/app.service\n", "app.service" },
	{ "0::/custom/group\n", "/custom/group" },
	{ "0::/system.slice\n", "/system.slice" },
	{ "0::/a.service", "a.service" },
	/* a service may make groups of any name below its own */
	{ "0::/system.slice/app.service/sshd.service\n", "app.service" },
	{ "0::/system.slice/app.service/x/y.scope\n", "app.service" },
	{ "0::/user.slice/user@1000.service/app.slice/evil.scope\n", "user@1000.service" },
	/* a name that only holds what a unit's ends with */
	{ "0::/x.service.d/y\n", "/x.service.d/y" },
	{ "0::/.service\n", "/.service" },
	{ "0::/.scope/a.scope\n", "a.scope" },
	{ "0::/\n", NULL },
	{ "", NULL },
	{ "12:devices:/x.service\n", NULL },
	{ "10::/x.service\n", NULL },
};

START_TEST(unit_is_of_the_unified_hierarchy)
{
	CLEANUP(arena_free) struct arena arena = { 0 };
	struct caller caller;

	make_proc();
	make_process(PARENT, "bash", 1, units[_i].groups);
	identify(&caller, &arena);
	ck_assert_pstr_eq(caller.unit, units[_i].unit);
}
END_TEST

struct process {
	int pid;
	const char *name;
	int parent;
};

/* From the parent on; each is in a unit of its own number. */
static const struct {
	struct process processes[7];
	const char *unit;
} ancestors[] = {
	{ { { 300, "bash", 301 }, { 301, "sshd", 1 } }, "300.service" },
	{ { { 300, "sudo", 301 }, { 301, "bash", 1 } }, "301.service" },
	{ { { 300, "sudo", 301 }, { 301, "sudo", 450 }, { 450, "app", 1 } }, "450.service" },
	/* a name cannot lead to another parent */
	{ { { 300, "sudo", 301 }, { 301, ") S 302 (", 1 }, { 302, "bash", 1 } }, "301.service" },
	{ { { 300, "sudo ", 301 }, { 301, "bash", 1 } }, "300.service" },
	{ { { 300, "sudoedit", 301 }, { 301, "bash", 1 } }, "300.service" },
	{ { { 300, "su", 301 }, { 301, "bash", 1 } }, "300.service" },
	/* a process of the caller that calls itself sudo */
	{ { { 300, "sudo", 401 }, { 401, "sudo", 302 }, { 302, "bash", 1 } }, "401.service" },
	{ { { 300, "sudo", 401 }, { 401, "sudo) S 302 (", 302 }, { 302, "bash", 1 } }, "401.service" },
	/* gone: unknown */
	{ { { 300, "sudo", 301 } }, NULL },
	/* the caller has ended, or the first process started sudo: what is left is sudo's */
	{ { { 300, "sudo", 1 } }, "300.service" },
	{ { { 300, "sudo", 0 } }, "300.service" },
	{ { { 300, "sudo", 301 }, { 301, "sudo", 1 } }, "301.service" },
	/* other programs of sudo's, and one that was upgraded meanwhile */
	{ { { 300, "sudo-rs", 301 }, { 301, "bash", 1 } }, "301.service" },
	{ { { 300, "sudo (deleted)", 301 }, { 301, "bash", 1 } }, "301.service" },
	{ { { 300, "xsudo", 301 }, { 301, "bash", 1 } }, "300.service" },
	/* no chain is followed for ever */
	{ { { 300, "sudo", 300 } }, "300.service" },
	{ { { 300, "sudo", 301 },
	    { 301, "sudo", 302 },
	    { 302, "sudo", 303 },
	    { 303, "sudo", 304 },
	    { 304, "sudo", 305 },
	    { 305, "bash", 1 } },
	  "304.service" },
};

START_TEST(unit_is_that_of_the_process_that_called_sudo)
{
	CLEANUP(arena_free) struct arena arena = { 0 };
	struct caller caller;

	make_proc();
	for (size_t i = 0; ancestors[_i].processes[i].pid != 0; i++) {
		const struct process *process = &ancestors[_i].processes[i];
		char groups[64];

		snprintf(groups, sizeof(groups), "0::/%d.service\n", process->pid);
		make_process(process->pid, process->name, process->parent, groups);
	}
	identify(&caller, &arena);
	ck_assert_pstr_eq(caller.unit, ancestors[_i].unit);
	ck_assert_int_eq(caller.parent, PARENT);
}
END_TEST

/* Whose word is taken: that of sudo, and that of a parent which is this very user. */
static const struct {
	const char *parent;
	const char *environment[3];
	bool uid_is_claim;
	bool user_is_claim;
} claims[] = {
	{ "sudo", { "SUDO_UID=1001", "SUDO_USER=app" }, false, false },
	{ "sudo", { NULL }, false, false },
	{ "bash", { NULL }, false, false },
	{ "bash", { "SUDO_UID=1001", "SUDO_USER=app" }, true, true },
	{ "bash", { "SUDO_UID=1001" }, true, false },
	{ "sudoedit", { "SUDO_UID=1001", "SUDO_USER=app" }, true, true },
	/* the parent is root: sudo may have become us, and if not root writes what it likes */
	{ "bash", { "SUDO_UID=0", "SUDO_USER=innocent" }, false, true },
	{ "bash", { "SUDO_UID=", "SUDO_USER=innocent" }, false, false },
};

START_TEST(what_nobody_vouches_for_is_a_claim)
{
	CLEANUP(arena_free) struct arena arena = { 0 };
	struct caller caller;

	make_proc();
	make_process(PARENT, claims[_i].parent, 1, "");
	caller_identify(&caller, claims[_i].environment, &arena);
	ck_assert_int_eq(caller.uid_is_claim, claims[_i].uid_is_claim);
	ck_assert_int_eq(caller.user_is_claim, claims[_i].user_is_claim);
}
END_TEST

/* Its name can change between two looks at it; a parenthesis in it ends nothing. */
START_TEST(the_parent_stands_behind_the_whole_name)
{
	CLEANUP(arena_free) struct arena arena = { 0 };
	struct caller caller;

	make_proc();
	make_process(PARENT, "sudo", 1, "0::/300.service\n");
	tree_file("proc/300/stat", 0644, "300 (x) S 302 (y) S 301 1 1 0 -1 4194560\n");
	make_process(301, "bash", 1, "0::/301.service\n");
	make_process(302, "bash", 1, "0::/302.service\n");
	identify(&caller, &arena);
	ck_assert_str_eq(caller.unit, "301.service");
}
END_TEST

/* In a session of its own, with that controlling terminal or none: what the caller's terminal is. */
static void write_terminal(const char *terminal, int out)
{
	struct arena arena = { 0 };
	struct caller caller;

	if (setsid() < 0 || (terminal && open(terminal, O_RDWR) < 0))
		_exit(1);
	identify(&caller, &arena);
	dprintf(out, "%s", caller.terminal ? caller.terminal : "none");
	_exit(0);
}

static const char *terminal_in_session(const char *terminal)
{
	static char name[64];
	int ends[2];
	ssize_t length;
	int status;
	pid_t child;

	ck_assert_int_eq(pipe(ends), 0);
	child = fork();
	if (child == 0)
		write_terminal(terminal, ends[1]);
	close(ends[1]);
	length = read(ends[0], name, sizeof(name) - 1);
	close(ends[0]);
	ck_assert_int_eq(waitpid(child, &status, 0), child);
	ck_assert_int_eq(status, 0);
	ck_assert_int_gt(length, 0);
	name[length] = '\0';
	return name;
}

/* The path of a new terminal. */
static const char *make_terminal(void)
{
	int master = posix_openpt(O_RDWR | O_NOCTTY);

	ck_assert_msg(master >= 0 && grantpt(master) == 0 && unlockpt(master) == 0, "no terminal: %m");
	return ptsname(master);
}

START_TEST(terminal_is_the_controlling_one)
{
	const char *terminal = make_terminal();

	ck_assert_str_eq(terminal_in_session(terminal), terminal + strlen("/dev/"));
}
END_TEST

START_TEST(without_a_terminal_it_is_unknown)
{
	ck_assert_str_eq(terminal_in_session(NULL), "none");
}
END_TEST

static const struct {
	unsigned major;
	unsigned minor;
	const char *name;
} terminals[] = {
	{ 136, 0, "pts/0" },    { 136, 255, "pts/255" }, { 137, 5, "pts/261" }, { 143, 255, "pts/2047" },
	{ 136, 1048575, "pts/1048575" },
	{ 4, 1, "tty1" },       { 4, 63, "tty63" },      { 4, 64, "ttyS0" },    { 4, 65, "ttyS1" },
	{ 5, 1, "5:1" },        { 135, 0, "135:0" },     { 144, 0, "144:0" },
};

START_TEST(terminals_have_the_kernels_names)
{
	const char *terminal = make_terminal();

	terminal_number = (unsigned)makedev(terminals[_i].major, terminals[_i].minor);
	ck_assert_str_eq(terminal_in_session(terminal), terminals[_i].name);
}
END_TEST

static void fill_user(TCase *tcase)
{
	tcase_add_test(tcase, nobody_but_root_says_who_called);
	add_table_test(tcase, otherwise_it_is_the_real_user, not_told);
}

static void fill_told_by_sudo(TCase *tcase)
{
	tree_add_fixtures(tcase);
	add_table_test(tcase, sudo_says_who_called, told_by_sudo);
	add_table_test(tcase, what_nobody_vouches_for_is_a_claim, claims);
	tcase_add_test(tcase, the_name_is_a_copy);
}

static void fill_proc(TCase *tcase)
{
	tree_add_fixtures(tcase);
	tcase_add_test(tcase, what_cannot_be_read_is_unknown);
	add_table_test(tcase, login_uid_and_session_are_the_kernels, numbers);
	add_table_test(tcase, unit_is_of_the_unified_hierarchy, units);
	add_table_test(tcase, unit_is_that_of_the_process_that_called_sudo, ancestors);
	tcase_add_test(tcase, the_parent_stands_behind_the_whole_name);
}

static void fill_terminal(TCase *tcase)
{
	tcase_add_test(tcase, terminal_is_the_controlling_one);
	tcase_add_test(tcase, without_a_terminal_it_is_unknown);
	add_table_test(tcase, terminals_have_the_kernels_names, terminals);
}

static Suite *make_suite(void)
{
	Suite *suite = suite_create("caller");

	suite_add(suite, "user", fill_user);
	suite_add_for_root(suite, "told by sudo", fill_told_by_sudo);
	suite_add(suite, "proc", fill_proc);
	suite_add(suite, "terminal", fill_terminal);
	return suite;
}

SUITE_MAIN(make_suite)
