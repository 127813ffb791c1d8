/* Readers of live updates, a publisher and voters: as many as one core can be. It is told what to do
 * line by line on standard input and answers each line with one line of JSON. Times are in seconds.
 *
 *   load PORT PATH COMPLETE [socket.io]   a reader is complete once a message holds COMPLETE
 *
 *   open N AT_ONCE STALLED     N more readers, AT_ONCE handshakes at a time; each STALLED-th never reads
 *   run S RATE SIZE TO         for S seconds post marked messages to the door TO, RATE a second; with
 *                              RATE 0 the next as soon as the last has reached all, below 0 none
 *   voters N FILE              connect N voters; FILE holds ballots, before each its size and a line's end
 *   run S RATE SIZE TO BOX     the same while they post to BOX, each the next one when it is answered
 *   close                      reset every connection
 *
 * Deliberately absent: threads, TLS, names, and any look at the server's process.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/stat.h>
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

/* --- The loop --- */

static void take(struct peer *p)
{
    if (p->held) memcpy(inbox, p->rest, p->held);
    ssize_t got = recv(p->fd, inbox + p->held, ROOM - p->held - 1, 0);
    if (got < 0 && errno == EAGAIN) return;
    if (got <= 0) { hang_up(p); return; }
    size_t n = p->held + got;
    inbox[n] = 0;
    size_t used = p->role != READER ? read_answer(p, inbox, n)
                : p->state == SHAKING ? read_upgrade(p, inbox, n) : read_frames(p, inbox, n);
    if (!(p->held = n - used)) return;
    if (!(p->rest = realloc(p->rest, p->held))) fail("memory");
    memcpy(p->rest, inbox + used, p->held);
}

static void turn(int milliseconds)
{
    static struct epoll_event events[1024];
    int n = epoll_wait(queue, events, 1024, milliseconds);
    for (int i = 0; i < n; i++) {
        struct peer *p = events[i].data.ptr;
        if (events[i].events & EPOLLOUT) {              /* connected, or refused */
            struct epoll_event less = { .events = EPOLLIN, .data.ptr = p };
            epoll_ctl(queue, EPOLL_CTL_MOD, p->fd, &less);
            if (p->role == READER) ask_for_upgrade(p);
            else p->state = OPEN;
        }
        if (events[i].events & ~EPOLLOUT) take(p);
    }
}

static void open_readers(int n, int at_once, int every)
{
    double began = now(), progress = began;
    int next = many, seen = 0;
    for (many += n; complete + gone < many && now() - progress < PATIENCE; turn(5)) {
        for (; next < many && next - complete - gone < at_once; next++) {
            readers[next].stalled = every && next % every == 0;
            dial(&readers[next], READER);
        }
        if (opened + complete + gone != seen) seen = opened + complete + gone, progress = now();
    }
    printf("{\"seconds\":%.4f,\"open\":%d,\"complete\":%d,\"gone\":%d}\n", now() - began, opened, complete, gone);
    for (struct peer *p = readers + many - n; p < readers + many; p++)
        if (p->stalled && p->state == OPEN) epoll_ctl(queue, EPOLL_CTL_DEL, p->fd, 0), stalled++;
}

static void close_all(void)
{
    for (struct peer *p = readers; p < readers + many; p++) {
        if (p->state != GONE) close(p->fd);
        free(p->rest);
    }
    printf("{\"closed\":%d}\n", many - gone);
    memset(readers, 0, many * sizeof *readers);
    many = opened = complete = gone = stalled = 0;
}

static void publish(const char *to, int size)
{
    static char body[ROOM / 2];
    int n = sprintf(body, "{\"mark\":\"#Q%d#\",\"counts\":[12345,2345,345,45],\"pad\":\"", made);
    for (; n < size - 2; n++) body[n] = 'a' + (n * 7 + made) % 26;
    n += sprintf(body + n, "\"}");
    publishing = 1;
    sent[made++] = now();
    post(&publisher, to, body, n);
}

static int ascending(const void *a, const void *b)
{
    return (*(double *)a > *(double *)b) - (*(double *)a < *(double *)b);
}

static double at_rank(double *values, int n, double share)
{
    qsort(values, n, sizeof *values, ascending);
    return n ? values[(int)(share * (n - 1))] : -1;
}

/* Past its time a run waits for what is under way; PATIENCE without a sign of life ends it early. */
static void run(double seconds, double rate, int size, const char *to, int crowd)
{
    double began = now(), t = began, due = began, progress = began;
    long before = delivered, signs = 0;
    int first = made, full = reached_all;
    taken = busy = odd = 0;
    voting = crowd > 0;
    for (int i = 0; i < crowd; i++) cast_ballot(voters + i);
    for (; t - progress < PATIENCE; t = now()) {
        int over = t >= began + seconds, lacking = made - first > reached_all - full;
        if (over) voting = 0;
        if (over && !asking && !publishing && (rate || !lacking)) break;
        if (!over && !publishing && made < MANY && (rate > 0 ? t >= due : !rate && !lacking)) {
            publish(to, size);
            due = rate > 0 && due + 1 / rate > t ? due + 1 / rate : t;
        }
        turn(1);
        for (int i = 0; voting && i < crowd; i++)
            if (voters[i].wake && voters[i].wake < t) cast_ballot(voters + i);
        if (delivered + taken + busy != signs) signs = delivered + taken + busy, progress = t;
    }
    double wall = now() - began;
    while (rate > 0 && now() < began + wall + REST) turn(5);        /* the last of a steady rate */
    int round = reached_all - full;
    printf("{\"seconds\":%.4f,\"published\":%d,\"reached_all\":%d,\"delivered\":%ld,\"gone\":%d,",
           wall, made - first, round, delivered - before, gone);
    printf("\"last_p50\":%.6f,\"last_p99\":%.6f,", at_rank(lasts + full, round, .5), at_rank(lasts + full, round, .99));
    printf("\"taken\":%d,\"busy\":%d,\"odd\":%d,\"wait_p50\":%.6f,\"wait_p99\":%.6f}\n",
           taken, busy, odd, at_rank(waits, taken, .5), at_rank(waits, taken, .99));
}

static void gather_voters(int n, const char *file)
{
    struct stat about;
    int fd = open(file, O_RDONLY);
    if (fd < 0 || fstat(fd, &about)) fail(file);
    cursor = mmap(NULL, about.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
    if (cursor == MAP_FAILED) fail(file);
    end_of_ballots = cursor + about.st_size;
    voters = calloc(n, sizeof *voters);
    for (int i = 0; i < n; i++) dial(voters + i, VOTER);
}

int main(int count, char **words)
{
    char line[512], to[256], place[256];
    double seconds, rate;
    int n, size, every, crowd = 0;
    if (count < 4) return 2;
    port = atoi(words[1]), path = words[2], wanted = words[3], socket_io = count > 4;
    queue = epoll_create1(0);
    setlinebuf(stdout);
    while (fgets(line, sizeof line, stdin)) {
        if (sscanf(line, "open %d %d %d", &n, &size, &every) == 3) open_readers(n, size, every);
        else if (sscanf(line, "voters %d %255s", &crowd, to) == 2) gather_voters(crowd, to), puts("{}");
        else if ((n = sscanf(line, "run %lf %lf %d %255s %255s", &seconds, &rate, &size, to, place)) >= 4) {
            if (publisher.fd < 0 && rate >= 0) dial(&publisher, PUBLISHER);
            while (publisher.fd >= 0 && publisher.state == SHAKING) turn(1);
            box = place;
            run(seconds, rate, size, to, n == 5 ? crowd : 0);
        } else close_all();
    }
    return 0;
}
