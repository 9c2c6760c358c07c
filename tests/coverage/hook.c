/*
 * For `make coverage`: what was counted is written before a process becomes
 * another program or ends without exit(3).  Linked with -Wl,--wrap for each.
 */
#include <unistd.h>

void __gcov_dump(void);
void __gcov_reset(void);

int __real_execve(const char *path, char *const *argv, char *const *environment);
int __real_raise(int signal);
void __real__exit(int status);

int __wrap_execve(const char *path, char *const *argv, char *const *environment);
int __wrap_raise(int signal);
void __wrap__exit(int status);

int __wrap_execve(const char *path, char *const *argv, char *const *environment)
{
	__gcov_dump();
	__gcov_reset(); /* for what comes if it fails */
	return __real_execve(path, argv, environment);
}

int __wrap_raise(int signal)
{
	__gcov_dump();
	__gcov_reset();
	return __real_raise(signal);
}

void __wrap__exit(int status)
{
	__gcov_dump();
	__real__exit(status);
}
