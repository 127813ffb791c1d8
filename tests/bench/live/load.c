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
#include "wire.h"
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>

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
