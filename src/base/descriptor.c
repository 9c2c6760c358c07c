#include "base/descriptor.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "base/attributes.h"

void descriptor_close(int *descriptor)
{
	int saved = errno;

	if (*descriptor >= 0)
		close(*descriptor);
	errno = saved;
}

ssize_t descriptor_read_small(int directory, const char *path, char *text, size_t size)
{
	CLEANUP(descriptor_close) int file = openat(directory, path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	ssize_t length;

	if (file < 0)
		return -1;
	do {
		length = read(file, text, size); /* the kernel makes such a file whole for the first read */
	} while (length < 0 && errno == EINTR);
	if (length < 0)
		return -1;
	if ((size_t)length == size) {
		errno = EFBIG;
		return -1;
	}
	text[length] = '\0';
	return length;
}
