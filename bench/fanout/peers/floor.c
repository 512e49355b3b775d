/* The least that a server can do: keep rooms of WebSockets, and send() what is posted to a room to each of them.
 *
 * `floor PORT` sends once for each delivery; `floor PORT joined` joins what one turn of the loop brings.
 * GET /sub?id=ROOM opens a WebSocket, POST /pub?id=ROOM sends its body; nothing is checked, nothing remembered.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum { BUFFER_BYTES = 1 << 20, EVENTS = 1024, ROOMS = 1 << 16, SOCKETS = 1 << 16, BACKLOG = 4096 };
/* The answer to the example key of RFC 6455, section 1.3, which is the one that the bench's client sends. */
#define SWITCHING "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" \
                  "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n"
#define TAKEN "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"

struct bytes {
    char *data;
    size_t length, room;
};

struct socket {
    struct bytes in, out; /* a request that has not arrived whole; what the other side was too slow for */
    struct room *room;    /* of a WebSocket */
    int place;            /* in the room */
};

struct room {
    int *members;
    int count;
    struct bytes joined;
    struct room *next_waiting;
};

static struct socket sockets[SOCKETS]; /* by file descriptor */
static struct room rooms[ROOMS];
static struct room *waiting; /* rooms with something joined */
static bool joins;
static int poller;
static char buffer[BUFFER_BYTES];

static void fail(const char *what) {
    perror(what);
    exit(1);
}

static void append(struct bytes *to, const char *data, size_t length) {
    if (to->length + length > to->room) {
        to->room = 2 * (to->length + length);
        to->data = realloc(to->data, to->room);
        if (!to->data) fail("memory");
    }
    memcpy(to->data + to->length, data, length);
    to->length += length;
}

static void forget(struct bytes *all) {
    free(all->data);
    memset(all, 0, sizeof *all);
}

static void watch(int fd, int how, uint32_t what) {
    struct epoll_event event = {.events = what, .data.fd = fd};
    if (epoll_ctl(poller, how, fd, &event)) fail("epoll_ctl");
}

static void deliver(int fd, const char *data, size_t length) {
    struct bytes *out = &sockets[fd].out;
    ssize_t sent = out->length ? 0 : send(fd, data, length, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent == (ssize_t)length || (sent < 0 && errno != EAGAIN)) return;
    if (!out->length) watch(fd, EPOLL_CTL_MOD, EPOLLIN | EPOLLOUT);
    size_t begun = sent > 0 ? (size_t)sent : 0;
    append(out, data + begun, length - begun);
}

static void deliver_rest(int fd) {
    struct bytes *out = &sockets[fd].out;
    ssize_t sent = send(fd, out->data, out->length, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent <= 0) return;
    out->length -= (size_t)sent;
    memmove(out->data, out->data + sent, out->length);
    if (out->length) return;
    forget(out);
    watch(fd, EPOLL_CTL_MOD, EPOLLIN);
}

static void deliver_to_all(struct room *room, const char *data, size_t length) {
    for (int place = 0; place < room->count; place++) deliver(room->members[place], data, length);
}

static void join(struct room *room, const char *data, size_t length) {
    if (!room->joined.length) {
        room->next_waiting = waiting;
        waiting = room;
    }
    append(&room->joined, data, length);
}

static void deliver_joined(void) {
    for (; waiting; waiting = waiting->next_waiting) {
        deliver_to_all(waiting, waiting->joined.data, waiting->joined.length);
        waiting->joined.length = 0;
    }
}

static void publish(struct room *room, const char *body, size_t length) {
    char frame[4 + 65536];
    size_t head = length < 126 ? 2 : 4;
    frame[0] = (char)0x81;
    frame[1] = (char)(length < 126 ? length : 126);
    if (length >= 126) frame[2] = (char)(length >> 8), frame[3] = (char)length;
    memcpy(frame + head, body, length);
    if (joins) join(room, frame, head + length);
    else deliver_to_all(room, frame, head + length);
}

static void enter(int fd, struct room *room) {
    if ((room->count & (room->count - 1)) == 0) /* full, at a power of two */
        room->members = realloc(room->members, (size_t)(room->count ? 2 * room->count : 1) * sizeof(int));
    sockets[fd].room = room;
    sockets[fd].place = room->count;
    room->members[room->count++] = fd;
}

static void leave(int fd) {
    struct room *room = sockets[fd].room;
    if (!room) return;
    int last = room->members[--room->count];
    room->members[sockets[fd].place] = last;
    sockets[last].place = sockets[fd].place;
}

/* Act on one request, and say how many bytes it had; 0 for one that is not here whole. */
static size_t take_request(int fd, char *data, size_t length) {
    char *over = memmem(data, length, "\r\n\r\n", 4);
    if (!over) return 0;
    size_t head = (size_t)(over + 4 - data), body = 0;
    *over = 0;
    char *said = strcasestr(data, "content-length:"), *id = strstr(data, "id=");
    *over = '\r';
    if (said) body = (size_t)atol(said + strlen("content-length:"));
    if (body > 65535) fail("a body longer than this server reads");
    if (length < head + body) return 0;
    struct room *room = &rooms[id ? atoi(id + 3) & (ROOMS - 1) : 0];
    if (data[0] == 'G') {
        enter(fd, room);
        deliver(fd, SWITCHING, strlen(SWITCHING));
    } else {
        publish(room, data + head, body);
        deliver(fd, TAKEN, strlen(TAKEN));
    }
    return head + body;
}

static void end(int fd) {
    leave(fd);
    forget(&sockets[fd].in);
    forget(&sockets[fd].out);
    memset(&sockets[fd], 0, sizeof sockets[fd]);
    close(fd);
}

static void take(int fd) {
    struct bytes *in = &sockets[fd].in;
    size_t length = in->length, done = 0;
    if (length) memcpy(buffer, in->data, length);
    ssize_t got = recv(fd, buffer + length, BUFFER_BYTES - length, MSG_DONTWAIT);
    if (got <= 0) {
        end(fd);
        return;
    }
    if (sockets[fd].room) return; /* what a browser says is of no interest */
    length += (size_t)got;
    for (size_t taken = 1; taken && done < length; done += taken)
        taken = take_request(fd, buffer + done, length - done);
    forget(in);
    if (done < length) append(in, buffer + done, length - done);
}

static void greet(int listener) {
    int fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK), yes = 1;
    if (fd < 0) return;
    if (fd >= SOCKETS) fail("more sockets than this server keeps");
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    watch(fd, EPOLL_CTL_ADD, EPOLLIN);
}

static int listen_on(int port) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int fd = socket(AF_INET, SOCK_STREAM, 0), yes = 1;
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    if (bind(fd, (struct sockaddr *)&address, sizeof address) || listen(fd, BACKLOG)) fail("listen");
    return fd;
}

int main(int count, char **words) {
    if (count < 2) return 2;
    joins = count > 2;
    poller = epoll_create1(0);
    int listener = listen_on(atoi(words[1]));
    struct epoll_event events[EVENTS];
    watch(listener, EPOLL_CTL_ADD, EPOLLIN);
    for (;;) {
        int happened = epoll_wait(poller, events, EVENTS, -1);
        for (int place = 0; place < happened; place++) {
            int fd = events[place].data.fd;
            if (fd == listener) greet(listener);
            else if (events[place].events & ~(uint32_t)EPOLLOUT) take(fd);
            else deliver_rest(fd);
        }
        deliver_joined();
    }
}
