#include "request/request.h"

#include <limits.h>
#include <string.h>
#include <unistd.h>

size_t request_bytes(const struct request *request)
{
	size_t bytes = 0;

	for (size_t i = 0; i < request->argc; i++)
		bytes += strlen(request->argv[i]) + 1;
	return bytes;
}

const char *request_variable(const char *const *environment, const char *name)
{
	size_t length = strlen(name);

	for (; environment && *environment; environment++) {
		if (strncmp(*environment, name, length) == 0 && (*environment)[length] == '=')
			return *environment + length + 1;
	}
	return NULL;
}

const char *request_cwd(struct arena *arena)
{
	char path[PATH_MAX];

	/* The kernel writes "(unreachable)/..." for a directory outside our root. */
	if (!getcwd(path, sizeof(path)) || path[0] != '/')
		return NULL;
	return arena_string(arena, path);
}
