/* A disk that fails when it is told to. Loaded before the C library (LD_PRELOAD), it counts what is about to be changed
 * in one folder, and at the n-th change does one of these:
 *
 *   k  the process is killed before it        t  half of a write arrives, then the process is killed
 *   e  an I/O error, this once                f  the disk is full from here on, but for what is removed after that
 *   n  there is no room, this once            d  the disk is pulled out: an I/O error at everything from here on
 *   s  a write takes half of what it was given, this once
 *   p  the power fails: what no sync made certain in a file is gone; q: and so are names (`forgetting.h`)
 *
 * `disk_fail(root, nth, how, then)` sets it and starts counting; with `then` the process is killed that many changes
 * after the fault; `disk_lose()` is p or q at once. `disk_count()` gives how many changes there were and
 * `disk_failed()` whether it came to the fault. Changes through a mapping of memory are not seen (SQLite's `-shm`).
 *
 * With CIS_NO_INTERNET set to a file, every attempt at an internet address is refused and a line added to the file.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

#include "forgetting.h"

static char root[PATH_MAX];
static long nth, count, room, then;
static int how, failed;

#define REAL(name) \
    static __typeof__(name) *real; \
    if (!real) real = (__typeof__(name) *)dlsym(RTLD_NEXT, #name)

void disk_fail(const char *folder, long at, int what, long later) {
    snprintf(root, sizeof root, "%s", folder);
    remember_from_here(folder, what == 'p' || what == 'q');
    nth = at, how = what, then = later, failed = 0, room = 0;
    __atomic_store_n(&count, 0, __ATOMIC_SEQ_CST);
}

long disk_count(void) { return count; }

int disk_failed(void) { return failed; }

/* Lose the power now. */
void disk_lose(void) {
    forget(how == 'q');
    raise(SIGKILL);
}

static int inside(const char *path) {
    size_t length = strlen(root);
    return length && !strncmp(path, root, length) && (path[length] == '/' || !path[length]);
}

/* Give the whole name of a path in a folder, or of what is open as `folder` (no path). */
static const char *whole(char *to, int folder, const char *path) {
    char link[64];
    if (path && path[0] == '/') return path;
    if (folder == AT_FDCWD) {
        if (!getcwd(to, PATH_MAX)) return "";
    } else {
        snprintf(link, sizeof link, "/proc/self/fd/%d", folder);
        ssize_t size = readlink(link, to, PATH_MAX);
        if (size < 0) return "";
        to[size] = 0;
    }
    if (path) {
        strncat(to, "/", 2 * PATH_MAX - strlen(to) - 1);
        strncat(to, path, 2 * PATH_MAX - strlen(to) - 1);
    }
    return to;
}

static int inside_at(int folder, const char *path) {
    char name[2 * PATH_MAX];
    return root[0] && inside(whole(name, folder, path));
}

enum { RENAMES, SETTLES, GROWS, WRITES };

/* Count one change; give 0 to do it, -1 to refuse it with errno set, or 's' or 't' for half of it. */
static int fate(int kind, long size) {
    long now = __atomic_add_fetch(&count, 1, __ATOMIC_SEQ_CST);
    if (!nth || now < nth) return 0;
    if (then && now == nth + then) raise(SIGKILL);
    if (how == 'f') {
        /* A full disk still lets go of what is there, and may be used again that far. */
        if (kind < GROWS) return 0;
        if (size < room) {
            room -= size;
            return 0;
        }
        failed = 1, errno = ENOSPC;
        return -1;
    }
    if (now > nth && how != 'd') return 0;
    failed = 1;
    if (how == 'p' || how == 'q') disk_lose();
    if (how == 'k' || (how == 't' && kind != WRITES)) raise(SIGKILL);
    if (how == 'e' || how == 'd' || how == 'n') {
        errno = how == 'n' ? ENOSPC : EIO;
        return -1;
    }
    if (kind != WRITES) failed = 0;
    return kind == WRITES ? how : 0;
}

#define GUARD(there, kind) \
    do { \
        if ((there) && fate(kind, 0)) return -1; \
    } while (0)

static size_t some(size_t size) { return size > 1 ? size / 2 : size; }

#define HALF(fd, size, act) \
    do { \
        int here = inside_at(fd, NULL), what = here ? fate(WRITES, size) : 0; \
        if (what == -1) return -1; \
        if (here) changing(fd); \
        if (what) size = some(size); \
        __typeof__(act) done = act; \
        if (what == 't') raise(SIGKILL); \
        return done; \
    } while (0)

ssize_t write(int fd, const void *from, size_t size) {
    REAL(write);
    HALF(fd, size, real(fd, from, size));
}

ssize_t pwrite(int fd, const void *from, size_t size, off_t at) {
    REAL(pwrite);
    HALF(fd, size, real(fd, from, size, at));
}

ssize_t pwrite64(int fd, const void *from, size_t size, off64_t at) {
    REAL(pwrite64);
    HALF(fd, size, real(fd, from, size, at));
}

ssize_t sendfile(int to, int from, off_t *at, size_t size) {
    REAL(sendfile);
    HALF(to, size, real(to, from, at, size));
}

ssize_t sendfile64(int to, int from, off64_t *at, size_t size) {
    REAL(sendfile64);
    HALF(to, size, real(to, from, at, size));
}

int fsync(int fd) {
    REAL(fsync);
    GUARD(inside_at(fd, NULL), SETTLES);
    return real(fd) ? -1 : (synced(fd), 0);
}

int fdatasync(int fd) {
    REAL(fdatasync);
    GUARD(inside_at(fd, NULL), SETTLES);
    return real(fd) ? -1 : (synced(fd), 0);
}

int ftruncate(int fd, off_t size) {
    REAL(ftruncate);
    int here = inside_at(fd, NULL);
    GUARD(here, RENAMES);
    if (here) changing(fd);
    return real(fd, size);
}

int ftruncate64(int fd, off64_t size) {
    REAL(ftruncate64);
    int here = inside_at(fd, NULL);
    GUARD(here, RENAMES);
    if (here) changing(fd);
    return real(fd, size);
}

/* Do something to a name that was counted, and keep how to undo it. */
#define NAMING(kind, path, from, number, act) \
    do { \
        int before = (number), done = act; \
        if (!done) named(kind, path, from, before); \
        return done; \
    } while (0)

int rename(const char *from, const char *to) {
    REAL(rename);
    if (!inside_at(AT_FDCWD, to)) return real(from, to);
    GUARD(1, RENAMES);
    NAMING('r', to, from, saved(to), real(from, to));
}

int unlinkat(int folder, const char *path, int flags) {
    REAL(unlinkat);
    struct stat file;
    char space[2 * PATH_MAX];
    const char *name = whole(space, folder, path);
    if (!inside(name)) return real(folder, path, flags);
    GUARD(1, RENAMES);
    if (nth && how == 'f' && count >= nth && !lstat(name, &file)) room += file.st_size;
    NAMING(flags & AT_REMOVEDIR ? 'd' : 'u', name, NULL, saved(name), real(folder, path, flags));
}

int unlink(const char *path) { return unlinkat(AT_FDCWD, path, 0); }

int rmdir(const char *path) { return unlinkat(AT_FDCWD, path, AT_REMOVEDIR); }

int mkdir(const char *path, mode_t mode) {
    REAL(mkdir);
    if (!inside_at(AT_FDCWD, path)) return real(path, mode);
    GUARD(1, GROWS);
    NAMING('m', path, NULL, 0, real(path, mode));
}

#define OPENING(name, folder, ...) \
    REAL(name); \
    mode_t mode = 0; \
    char space[2 * PATH_MAX]; \
    if (flags & O_CREAT) { \
        va_list rest; \
        va_start(rest, flags); \
        mode = va_arg(rest, mode_t); \
        va_end(rest); \
    } \
    int makes = flags & O_CREAT && faccessat(folder, path, F_OK, 0); \
    int counts = (flags & O_TRUNC || makes) && inside_at(folder, path); \
    GUARD(counts, GROWS); \
    if (counts && !makes) changing_at(whole(space, folder, path)); \
    int fd = real(__VA_ARGS__, flags, mode); \
    if (counts && makes && fd >= 0) named('m', whole(space, folder, path), NULL, 0); \
    return fd

int open(const char *path, int flags, ...) { OPENING(open, AT_FDCWD, path); }

int open64(const char *path, int flags, ...) { OPENING(open64, AT_FDCWD, path); }

int openat(int folder, const char *path, int flags, ...) { OPENING(openat, folder, folder, path); }

int openat64(int folder, const char *path, int flags, ...) { OPENING(openat64, folder, folder, path); }

static int refused(const char *what, int family) {
    const char *list = getenv("CIS_NO_INTERNET");
    if (!list || (family != AF_INET && family != AF_INET6)) return 0;
    int fd = open(list, O_WRONLY | O_APPEND | O_CREAT, 0600);
    if (fd >= 0) {
        dprintf(fd, "%s by process %d\n", what, getpid());
        close(fd);
    }
    errno = EACCES;
    return 1;
}

int socket(int family, int type, int protocol) {
    REAL(socket);
    return refused("socket", family) ? -1 : real(family, type, protocol);
}

int connect(int fd, __CONST_SOCKADDR_ARG address, socklen_t size) {
    REAL(connect);
    const struct sockaddr *to = *(const struct sockaddr *const *)&address;
    return to && refused("connect", to->sa_family) ? -1 : real(fd, address, size);
}

int bind(int fd, __CONST_SOCKADDR_ARG address, socklen_t size) {
    REAL(bind);
    const struct sockaddr *to = *(const struct sockaddr *const *)&address;
    return to && refused("bind", to->sa_family) ? -1 : real(fd, address, size);
}
