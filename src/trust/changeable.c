#include "trust/changeable.h"

#include <linux/magic.h>
#include <sys/vfs.h>

bool directory_is_changeable(int directory, const struct stat *status)
{
	struct statfs filesystem;

	if (status->st_uid != 0 || (status->st_mode & (S_IWGRP | S_IWOTH)) != 0)
		return true;
	return fstatfs(directory, &filesystem) < 0 || filesystem.f_type == FUSE_SUPER_MAGIC;
}
