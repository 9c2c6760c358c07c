#ifndef PSW_VERSION_H
#define PSW_VERSION_H

/* The one place where it stands: the Makefile reads it here. */
#define PSW_VERSION "0.1.0"

#endif
