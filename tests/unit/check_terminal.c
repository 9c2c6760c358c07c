#include "execute/terminal.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#include "base/clock.h"
#include "suite.h"

/* Runs a task, which returns whether all was as expected, in a session of its own. */
static int status_of(bool (*task)(void))
{
	int status;
	pid_t pid = fork();

	ck_assert_int_ge(pid, 0);
	if (pid == 0)
		_exit(setsid() > 0 && signal(SIGTTOU, SIG_IGN) != SIG_ERR && task() ? 0 : 1);
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	return status;
}

/* A pseudoterminal becomes the controlling terminal; its master stays open until this process ends. */
static bool get_terminal(void)
{
	int master = posix_openpt(O_RDWR | O_NOCTTY);
	int terminal;

	if (master < 0 || grantpt(master) < 0 || unlockpt(master) < 0)
		return false;
	terminal = open(ptsname(master), O_RDWR | O_NOCTTY);
	return terminal >= 0 && ioctl(terminal, TIOCSCTTY, 0) == 0 && tcgetpgrp(terminal) == getpgrp();
}

/* A child in a process group of its own, that sleeps until it, or its parent, is killed. */
static pid_t other_group(void)
{
	pid_t pid = fork();

	if (pid == 0) {
		(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
		for (;;)
			pause();
	}
	return pid > 0 && setpgid(pid, pid) == 0 ? pid : -1;
}

static bool end(pid_t pid)
{
	return kill(pid, SIGKILL) == 0 && waitpid(pid, NULL, 0) == pid;
}

static bool has_foreground(void)
{
	int terminal = terminal_open_foreground();

	return terminal >= 0 && close(terminal) == 0;
}

static bool none_is_none(void)
{
	terminal_take_back();
	return !has_foreground() && !terminal_give(-1, getpgrp()) && !terminal_give_ours(getpgrp());
}

START_TEST(without_a_controlling_terminal_there_is_nothing_to_give)
{
	ck_assert_int_eq(status_of(none_is_none), 0);
}
END_TEST

static bool given_and_taken_back(void)
{
	bool good = get_terminal() && has_foreground();
	pid_t other = other_group();

	good = good && other > 0 && terminal_give_ours(other) && !has_foreground();
	terminal_take_back();
	return good && has_foreground() && end(other);
}

START_TEST(a_terminal_is_given_and_taken_back)
{
	ck_assert_int_eq(status_of(given_and_taken_back), 0);
}
END_TEST

/* Else a job in the background would take the terminal from whatever the shell runs in front. */
static bool not_given_from_behind(void)
{
	bool good = get_terminal();
	pid_t other = other_group();
	pid_t third = other_group();

	return good && other > 0 && third > 0 && terminal_give_ours(other) && !terminal_give_ours(third) &&
	       end(third) && end(other);
}

START_TEST(who_is_in_the_background_has_none_to_give)
{
	ck_assert_int_eq(status_of(not_given_from_behind), 0);
}
END_TEST

START_TEST(the_terminals_stops_are_told_from_others)
{
	static const int stops[] = { SIGTSTP, SIGTTIN, SIGTTOU };

	for (size_t i = 0; i < ARRAY_LENGTH(stops); i++)
		ck_assert(terminal_has_stopped(W_STOPCODE(stops[i])));
	ck_assert(!terminal_has_stopped(W_STOPCODE(SIGSTOP)));
	ck_assert(!terminal_has_stopped(W_EXITCODE(SIGTSTP, 0)));
	ck_assert(!terminal_has_stopped(W_EXITCODE(0, SIGTSTP)));
}
END_TEST

/* Stops, and ends with 0 if it was to go on and has nobody left who rings for it. */
static NORETURN void stop_until(long deadline)
{
	_exit(terminal_stop_self(deadline) && waitpid(-1, NULL, WNOHANG) < 0 ? 0 : 1);
}

static pid_t start_sleeper(long deadline)
{
	pid_t pid = fork();
	int status;

	if (pid == 0)
		stop_until(deadline);
	ck_assert_int_gt(pid, 0);
	ck_assert_int_eq(waitpid(pid, &status, WUNTRACED), pid);
	ck_assert(WIFSTOPPED(status));
	return pid;
}

static void assert_goes_on(pid_t pid)
{
	int status;

	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert_int_eq(status, 0);
}

START_TEST(it_stops_until_somebody_continues_it)
{
	pid_t pid = start_sleeper(-1);

	ck_assert_int_eq(kill(pid, SIGCONT), 0);
	assert_goes_on(pid);
}
END_TEST

START_TEST(with_a_deadline_it_can_be_continued_before)
{
	pid_t pid = start_sleeper(clock_milliseconds() + 3600 * 1000L);

	ck_assert_int_eq(kill(pid, SIGCONT), 0);
	assert_goes_on(pid);
}
END_TEST

/* Whether it is seen stopped before is a matter of luck. */
START_TEST(the_deadline_continues_it)
{
	long deadline = clock_milliseconds() + 300;
	pid_t pid = fork();

	if (pid == 0)
		stop_until(deadline);
	assert_goes_on(pid);
	ck_assert_int_ge(clock_milliseconds(), deadline);
}
END_TEST

static void fill_giving(TCase *tcase)
{
	tcase_add_test(tcase, without_a_controlling_terminal_there_is_nothing_to_give);
	tcase_add_test(tcase, a_terminal_is_given_and_taken_back);
	tcase_add_test(tcase, who_is_in_the_background_has_none_to_give);
}

static void fill_stopping(TCase *tcase)
{
	tcase_add_test(tcase, the_terminals_stops_are_told_from_others);
	tcase_add_test(tcase, it_stops_until_somebody_continues_it);
	tcase_add_test(tcase, with_a_deadline_it_can_be_continued_before);
	tcase_add_test(tcase, the_deadline_continues_it);
}

static Suite *make_suite(void)
{
	Suite *suite = suite_create("terminal");

	suite_add(suite, "giving", fill_giving);
	suite_add(suite, "stopping", fill_stopping);
	return suite;
}

SUITE_MAIN(make_suite)
