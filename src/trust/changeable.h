#ifndef PSW_CHANGEABLE_H
#define PSW_CHANGEABLE_H

#include <stdbool.h>
#include <sys/stat.h>

/*
 * Whether others than root can change what is in an open directory, so that what
 * its names lead to can be swapped at any time.  A file system in user space says
 * of itself what its owner likes; it counts as one that others can change.
 */
bool directory_is_changeable(int directory, const struct stat *status);

#endif
