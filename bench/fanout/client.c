/* Be many browsers at once: open WebSockets, and say of what arrives how late, how much and in what order.
 *
 * It obeys the lines of its standard input, each answered by one line of JSON:
 *   open FILE  opens the connections of a plan, beside those that are open, and answers when all are ready
 *   begin      forgets what was counted
 *   count      tells the deliveries since
 *   report     tells everything counted since
 * A plan has a line for each connection, its words parted by tabs: the port, the path, "reads" or "never" (once
 * it is ready), what a frame holds that makes it ready (nothing: the handshake does), and any frames to send first.
 * An event carries `"cid":"ROOM.NUMBER.NANOSECONDS"`: its place in its room, and when it was sent (CLOCK_MONOTONIC).
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <inttypes.h>
#include <netinet/tcp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { BUFFER_BYTES = 8 << 20, EVENTS = 1024, AT_ONCE = 64, PAUSE_MS = 100, STUCK_RECEIVE_BYTES = 4096 };
enum { ROOMS = 2 }; /* that one connection may hear of */
enum state { IDLE, SHAKING, GREETING, READY, ENDED };

struct connection {
    int port, fd;
    bool never_reads;
    enum state state;
    char *path, *mark, *first_frames;
    char *rest; /* of a frame that has not arrived whole */
    size_t rest_length;
    uint64_t rooms[ROOMS], last[ROOMS]; /* the number of the event that arrived last, of each room */
};

static struct connection **connections;
static int planned, next_one, in_flight, ready, refused, ended;
static bool is_opening;
static double open_again; /* not before this moment, after a refusal */
static uint64_t deliveries, skipped, out_of_order;
static uint32_t *delays; /* in microseconds, one a delivery */
static size_t delays_room;
static double cpu_before;
static int poller;
static char buffer[BUFFER_BYTES];

static void fail(const char *format, ...) {
    va_list words;
    va_start(words, format);
    vfprintf(stderr, format, words);
    fputc('\n', stderr);
    exit(1);
}

static uint64_t nanoseconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

static double cpu_seconds(void) {
    struct rusage used;
    getrusage(RUSAGE_SELF, &used);
    return (double)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) +
           (double)(used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e6;
}

static char *word(char **line) {
    char *found = strsep(line, "\t");
    return found ? found : "";
}

static struct connection *read_line(char *words) {
    struct connection *one = calloc(1, sizeof *one);
    one->port = atoi(word(&words));
    one->path = word(&words);
    one->never_reads = strcmp(word(&words), "never") == 0;
    one->mark = word(&words);
    one->first_frames = words;
    return one;
}

static void read_plan(const char *name) {
    FILE *plan = fopen(name, "r");
    if (!plan) fail("%s cannot be read: %s", name, strerror(errno));
    char *line = NULL;
    size_t room = 0;
    for (ssize_t length; (length = getline(&line, &room, plan)) > 0;) {
        line[length - 1] = 0;
        connections = realloc(connections, (size_t)(planned + 1) * sizeof *connections);
        connections[planned++] = read_line(strdup(line));
    }
    free(line);
    fclose(plan);
}

static void send_whole(struct connection *to, const char *data, size_t length) {
    if (send(to->fd, data, length, MSG_NOSIGNAL) != (ssize_t)length && errno != EPIPE && errno != ECONNRESET)
        fail("%zu bytes could not be sent at once: %s", length, strerror(errno));
}

/* A client's frames are masked (RFC 6455, section 5.3); a mask of zeros leaves the text as it is. */
static void send_frame(struct connection *to, int opcode, const char *text, size_t length) {
    char frame[8 + 65536];
    size_t head = length < 126 ? 6 : 8;
    if (length > 65535) fail("a frame of %zu bytes is longer than this client sends", length);
    memset(frame, 0, head);
    frame[0] = (char)(0x80 | opcode);
    frame[1] = (char)(0x80 | (length < 126 ? length : 126));
    if (length >= 126) frame[2] = (char)(length >> 8), frame[3] = (char)length;
    memcpy(frame + head, text, length);
    send_whole(to, frame, head + length);
}

static void start(struct connection *one) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)one->port)};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int small = STUCK_RECEIVE_BYTES, yes = 1;
    one->fd = socket(AF_INET, SOCK_STREAM, 0);
    if (one->fd < 0) fail("no socket: %s", strerror(errno));
    setsockopt(one->fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    if (one->never_reads) setsockopt(one->fd, SOL_SOCKET, SO_RCVBUF, &small, sizeof small);
    if (connect(one->fd, (struct sockaddr *)&address, sizeof address))
        fail("port %d cannot be reached: %s", one->port, strerror(errno));
    char request[512]; /* the key is the example of RFC 6455, section 1.3 */
    int length = snprintf(request, sizeof request,
                          "GET %s HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                          "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n",
                          one->path);
    one->state = SHAKING;
    in_flight++;
    send_whole(one, request, (size_t)length);
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = one};
    epoll_ctl(poller, EPOLL_CTL_ADD, one->fd, &event);
}

static void open_more(void) {
    double now = (double)nanoseconds() / 1e9;
    if (now < open_again) return;
    for (; in_flight < AT_ONCE && next_one < planned; next_one++)
        if (connections[next_one]->state == IDLE) start(connections[next_one]);
    if (ready == planned) {
        printf("{\"ready\": %d, \"refused\": %d}\n", ready, refused);
        is_opening = false;
    }
}

/* Before it was ready that was a refusal, and it is tried again; afterwards it has ended for good. */
static void end(struct connection *one) {
    close(one->fd);
    one->rest_length = 0;
    if (one->state == READY) {
        ended++;
        one->state = ENDED;
        return;
    }
    if (++refused > 20 * planned) fail("port %d refuses every connection", one->port);
    one->state = IDLE;
    in_flight--;
    next_one = 0;
    open_again = (double)nanoseconds() / 1e9 + PAUSE_MS / 1e3;
}

static void become_ready(struct connection *one) {
    one->state = READY;
    in_flight--;
    ready++;
    if (one->never_reads) epoll_ctl(poller, EPOLL_CTL_DEL, one->fd, NULL);
}

static uint64_t *last_of(struct connection *one, uint64_t room) {
    for (int place = 0; place < ROOMS; place++) {
        if (!one->rooms[place]) one->rooms[place] = room;
        if (one->rooms[place] == room) return &one->last[place];
    }
    fail("a connection heard of more than %d rooms", ROOMS);
    return NULL;
}

static void note(uint64_t *last, uint64_t number, uint64_t delay) {
    if (*last && number > *last + 1) skipped += number - *last - 1;
    if (*last && number <= *last) out_of_order++;
    if (number > *last) *last = number;
    if (deliveries == delays_room) {
        delays_room = delays_room ? 2 * delays_room : 1 << 20;
        delays = realloc(delays, delays_room * sizeof *delays);
        if (!delays) fail("no memory for %zu delays", delays_room);
    }
    delays[deliveries++] = (uint32_t)(delay / 1000);
}

static void take_text(struct connection *one, char *text, size_t length, uint64_t now) {
    static const char label[] = "\"cid\":\"", ping[] = "{\"t\":\"ping\"", pong[] = "{\"t\":\"pong\"}";
    if (one->state == GREETING && memmem(text, length, one->mark, strlen(one->mark))) become_ready(one);
    char *found = memmem(text, length, label, sizeof label - 1);
    if (found) {
        char *at = found + sizeof label - 1;
        uint64_t room = strtoull(at, &at, 10), number = strtoull(at + 1, &at, 10), sent = strtoull(at + 1, &at, 10);
        note(last_of(one, room), number, now - sent);
    } else if (length >= sizeof ping - 1 && memcmp(text, ping, sizeof ping - 1) == 0) {
        send_frame(one, 1, pong, sizeof pong - 1);
    }
}

/* Take one frame, and say how many bytes it had; 0 for a frame that is not here whole. */
static size_t take_frame(struct connection *one, char *data, size_t length, uint64_t now) {
    unsigned char *bytes = (unsigned char *)data;
    if (length < 2) return 0;
    size_t head = 2, size = bytes[1] & 127;
    int extended = size == 126 ? 2 : size == 127 ? 8 : 0;
    if (length < head + (size_t)extended) return 0;
    if (extended) size = 0;
    for (int place = 0; place < extended; place++) size = size << 8 | bytes[head++];
    if (head + size > BUFFER_BYTES) fail("a frame of %zu bytes is longer than this client reads", size);
    if (length < head + size) return 0;
    switch (bytes[0]) {
    case 0x81:
    case 0x82: take_text(one, data + head, size, now); break;
    case 0x89: send_frame(one, 10, data + head, size); break;
    case 0x88: shutdown(one->fd, SHUT_RDWR); break;
    case 0x8a: break;
    default: fail("frames that begin with 0x%02x are not understood", bytes[0]);
    }
    return head + size;
}

/* Take the answer to the handshake, and say how many bytes it had. */
static size_t take_handshake(struct connection *one, char *data, size_t length) {
    char *over = memmem(data, length, "\r\n\r\n", 4);
    if (!over) return 0;
    if (length < 12 || memcmp(data + 8, " 101", 4) != 0) {
        shutdown(one->fd, SHUT_RDWR);
        return length;
    }
    one->state = GREETING;
    for (char *frame = one->first_frames; frame; frame = strchr(frame, '\t') ? strchr(frame, '\t') + 1 : NULL)
        send_frame(one, 1, frame, strcspn(frame, "\t"));
    if (!*one->mark) become_ready(one);
    return (size_t)(over + 4 - data);
}

static void take(struct connection *one) {
    if (one->rest_length) memcpy(buffer, one->rest, one->rest_length);
    ssize_t got = recv(one->fd, buffer + one->rest_length, BUFFER_BYTES - one->rest_length, 0);
    if (got <= 0) {
        end(one);
        return;
    }
    uint64_t now = nanoseconds();
    size_t length = one->rest_length + (size_t)got, done = 0;
    for (size_t taken = 1; taken && done < length; done += taken)
        taken = one->state == SHAKING ? take_handshake(one, buffer + done, length - done)
                                      : take_frame(one, buffer + done, length - done, now);
    one->rest_length = length - done;
    one->rest = realloc(one->rest, one->rest_length ? one->rest_length : 1);
    memcpy(one->rest, buffer + done, one->rest_length);
}

static int by_size(const void *left, const void *right) {
    uint32_t a = *(const uint32_t *)left, b = *(const uint32_t *)right;
    return (a > b) - (a < b);
}

static double milliseconds_at(double share) {
    return deliveries ? delays[(size_t)(share * (double)(deliveries - 1))] / 1e3 : 0;
}

static void report(void) {
    if (deliveries) qsort(delays, deliveries, sizeof *delays, by_size);
    printf("{\"deliveries\": %" PRIu64 ", \"skipped\": %" PRIu64 ", \"out_of_order\": %" PRIu64
           ", \"ended\": %d, \"p50_ms\": %.3f, \"p99_ms\": %.3f, \"most_ms\": %.3f, \"cpu_seconds\": %.3f}\n",
           deliveries, skipped, out_of_order, ended, milliseconds_at(0.5), milliseconds_at(0.99),
           milliseconds_at(1), cpu_seconds() - cpu_before);
}

static void begin(void) {
    deliveries = skipped = out_of_order = 0;
    cpu_before = cpu_seconds();
    printf("{}\n");
}

static void obey(void) {
    char line[4096];
    if (!fgets(line, sizeof line, stdin)) exit(0);
    line[strcspn(line, "\n")] = 0;
    if (strncmp(line, "open ", 5) == 0) {
        read_plan(line + 5);
        is_opening = true;
    } else if (strcmp(line, "begin") == 0) {
        begin();
    } else if (strcmp(line, "count") == 0) {
        printf("{\"deliveries\": %" PRIu64 "}\n", deliveries);
    } else if (strcmp(line, "report") == 0) {
        report();
    } else {
        fail("not understood: %s", line);
    }
}

int main(void) {
    setvbuf(stdout, NULL, _IOLBF, 0);
    setvbuf(stdin, NULL, _IONBF, 0);
    poller = epoll_create1(0);
    struct epoll_event orders = {.events = EPOLLIN, .data.ptr = NULL}, events[EVENTS];
    epoll_ctl(poller, EPOLL_CTL_ADD, STDIN_FILENO, &orders);
    for (;;) {
        int happened = epoll_wait(poller, events, EVENTS, is_opening ? 10 : -1);
        for (int place = 0; place < happened; place++)
            if (events[place].data.ptr) take(events[place].data.ptr);
            else obey();
        if (is_opening) open_more();
    }
}
