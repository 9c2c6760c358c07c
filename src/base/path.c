#include "base/path.h"

#include <string.h>

const char *path_base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

bool path_is_inside(const char *base, const char *path)
{
	size_t length = strlen(base);

	if (length == 0 || strncmp(base, path, length) != 0)
		return false;
	return base[length - 1] == '/' || path[length] == '/' || path[length] == '\0';
}

bool path_is_inside_any(const char *const *bases, size_t count, const char *path)
{
	for (size_t i = 0; i < count; i++) {
		if (path_is_inside(bases[i], path))
			return true;
	}
	return false;
}

size_t path_length_without_slashes(const char *path)
{
	size_t length = strlen(path);

	while (length > 1 && path[length - 1] == '/')
		length--;
	return length;
}

bool path_is_plain_name(const char *name)
{
	return name[0] != '\0' && strcmp(name, ".") != 0 && strcmp(name, "..") != 0 && !strchr(name, '/');
}
