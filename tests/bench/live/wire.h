/* One peer of the server: what a reader, the publisher or a voter says to it, and hears from it.
 * Included once, by load.c. Deliberately absent: waiting.
 */
#ifndef WIRE_H
#define WIRE_H
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <time.h>
#include <unistd.h>

enum { MANY = 1 << 20, ROOM = 1 << 19, PATIENCE = 120, REST = 1 };
enum state { SHAKING, OPEN, GONE };
enum role { READER, PUBLISHER, VOTER };

struct peer {
    int fd, stalled, complete;
    enum state state;
    enum role role;
    char *rest;                         /* what came of a message that is not whole yet */
    size_t held;
    double asked, wake;                 /* a voter's: when it posted; when it may again after a 503 */
    char *ballot;
    size_t size;
};

static int port, socket_io, queue;
static const char *path, *wanted, *box;
static struct peer readers[65536], publisher = { .fd = -1 }, *voters;
static int many, opened, complete, gone, stalled;
static double sent[MANY], lasts[MANY];  /* by message: when it was posted; until the last had it */
static int reached[MANY], made, reached_all, publishing;
static long delivered;
static double waits[MANY];              /* of the ballots taken */
static int taken, busy, odd, asking, voting;
static char *cursor, *end_of_ballots, inbox[ROOM], outbox[ROOM];

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec + t.tv_nsec / 1e9;
}

static void fail(const char *what)
{
    perror(what);
    exit(1);
}

static void give(int fd, const char *bytes, size_t n)
{
    while (n) {
        ssize_t went = send(fd, bytes, n, MSG_NOSIGNAL);
        if (went > 0) bytes += went, n -= went;
        else if (errno != EAGAIN) return;               /* its end is seen when it is read */
    }
}

static void dial(struct peer *p, enum role role)
{
    struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons(port) };
    struct linger reset = { 1, 0 };
    struct epoll_event want = { .events = EPOLLIN | EPOLLOUT, .data.ptr = p };
    int one = 1, little = 4096;
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    p->role = role;
    p->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    setsockopt(p->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    setsockopt(p->fd, SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
    if (p->stalled) setsockopt(p->fd, SOL_SOCKET, SO_RCVBUF, &little, sizeof little);
    if (p->fd < 0 || (connect(p->fd, (void *)&to, sizeof to) && errno != EINPROGRESS)) fail("connect");
    epoll_ctl(queue, EPOLL_CTL_ADD, p->fd, &want);
}

static void hang_up(struct peer *p)
{
    if (p->role == READER) gone++, opened -= p->state == OPEN, complete -= p->complete;
    else if (p->role == VOTER && p->asked) odd++, asking--;
    p->state = GONE;
    close(p->fd);
}

/* --- WebSocket: RFC 6455 --- */

static void say(struct peer *p, int opcode, const char *text, size_t n)     /* n < 126, mask 0 */
{
    char frame[132] = { 0x80 | opcode, 0x80 | n };
    memcpy(frame + 6, text, n);
    give(p->fd, frame, n + 6);
}

static void ask_for_upgrade(struct peer *p)
{
    char key[22] = "";
    for (int i = 0; i < 21; i++) key[i] = 'a' + rand() % 26;
    int n = sprintf(outbox, "GET %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nOrigin: http://127.0.0.1:%d\r\n"
                    "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                    "Sec-WebSocket-Key: %sA==\r\n\r\n", path, port, port, key);
    give(p->fd, outbox, n);
}

static void hear(struct peer *p, const char *text, size_t n)
{
    const char *mark = memmem(text, n, "#Q", 2);
    if (!p->complete && memmem(text, n, wanted, strlen(wanted))) p->complete = 1, complete++;
    if (socket_io && !mark && n) {
        if (*text == '0') say(p, 1, "40", 2);
        if (*text == '2') say(p, 1, "3", 1);
    }
    if (!mark) return;
    int number = atoi(mark + 2);
    delivered++;
    if (number < made && ++reached[number] == complete - stalled)
        lasts[reached_all++] = now() - sent[number];
}

static size_t read_frames(struct peer *p, char *at, size_t n)
{
    char *start = at, *end = at + n;
    while (end - at >= 2 && p->state == OPEN) {
        unsigned char *b = (unsigned char *)at;
        size_t size = b[1] & 127, head = size < 126 ? 2 : size == 126 ? 4 : 10;
        if ((size_t)(end - at) < head) break;
        if (size == 126) size = b[2] << 8 | b[3];
        else if (size == 127) size = b[7] << 16 | b[8] << 8 | b[9];
        if ((size_t)(end - at) < head + size) break;
        if ((b[0] & 15) == 8) hang_up(p);
        else if ((b[0] & 15) == 9) say(p, 10, at + head, size);
        else if ((b[0] & 15) != 10) hear(p, at + head, size);
        at += head + size;
    }
    return at - start;
}

static size_t read_upgrade(struct peer *p, char *at, size_t n)
{
    char *end = memmem(at, n, "\r\n\r\n", 4);
    if (!end) return 0;
    if (memcmp(at, "HTTP/1.1 101", 12)) return hang_up(p), n;
    size_t used = end + 4 - at;
    p->state = OPEN;
    opened++;
    if (!*wanted) p->complete = 1, complete++;
    return used + read_frames(p, at + used, n - used);
}

/* --- HTTP: as much as our doors speak --- */

static void post(struct peer *p, const char *to, const char *body, size_t n)
{
    int head = sprintf(outbox, "POST %s HTTP/1.1\r\nHost: localhost:%d\r\nContent-Type: text/plain\r\n"
                       "Content-Length: %zu\r\n\r\n", to, port, n);
    memcpy(outbox + head, body, n);
    p->asked = now();
    give(p->fd, outbox, head + n);
}

static void cast_ballot(struct peer *p)
{
    if (!p->wake) {                     /* the next one: its size, a line's end, its bytes */
        if (cursor >= end_of_ballots) return;
        p->size = strtol(cursor, &p->ballot, 10);
        cursor = ++p->ballot + p->size;
    }
    p->wake = 0;
    asking++;
    post(p, box, p->ballot, p->size);
}

static size_t read_answer(struct peer *p, char *at, size_t n)
{
    char *end = memmem(at, n, "\r\n\r\n", 4), *length, *last;
    if (!end) return 0;
    int status = atoi(at + 9);
    size_t used = end + 4 - at;
    *end = 0;
    length = strcasestr(at, "content-length:");
    *end = '\r';
    if (length) used += atoi(length + 15);
    else if ((last = memmem(end, n - (end - at), "\r\n0\r\n\r\n", 7))) used = last + 7 - at;
    else return 0;                      /* in chunks, and not all of them are here */
    if (used > n) return 0;
    if (p->role == PUBLISHER) {
        publishing = 0;
    } else {
        if (status == 202) waits[taken++] = now() - p->asked;
        asking--, p->asked = 0;
        if (status == 503) busy++, p->wake = now() + REST;
        else if (voting) cast_ballot(p);
    }
    if (status >= 300 && status != 503 && !odd++) fprintf(stderr, "%.*s\n", (int)used, at);
    return used;
}

#endif
