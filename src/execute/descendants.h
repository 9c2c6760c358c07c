#ifndef PSW_DESCENDANTS_H
#define PSW_DESCENDANTS_H

#include <stdbool.h>

/*
 * Sends a signal to every descendant of this process, whatever process group or
 * session it has moved to.  As a child subreaper this process inherits those whose
 * parents have ended, so that none can leave the tree; /proc tells who they are.
 * Our own children must not be reaped meanwhile.  Returns how many there were, or
 * -1 if some may have been missed: they ended meanwhile, /proc or the kernel does
 * not tell.
 */
int descendants_signal(int signal);

/*
 * Whether each child of this process has ended.  One that somebody traces stays
 * so, without an end that wait(2) would tell, for as long as that one likes.
 */
bool descendants_have_ended(void);

#endif
