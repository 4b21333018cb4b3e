// How long a name server takes at a steady rate: latency PORT QUERIES_PER_SECOND SECONDS < names
// Each line is a name; it is asked for with type A, over UDP, at 127.0.0.1, at even intervals whether answers come or not.
// An answer's time is when it reached the socket (SO_TIMESTAMPNS), not when this program was given the processor.
// Prints: answers, lost, p50, p99, p99.9, most, in microseconds.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

#define SOCKETS 4
#define NAMES 65536
#define IN_FLIGHT 65536

static unsigned char queries[NAMES][300];
static int lengths[NAMES];
static int64_t sent[SOCKETS][IN_FLIGHT];

static int64_t nanos(const struct timespec *t) { return t->tv_sec * 1000000000LL + t->tv_nsec; }

static int64_t now(void) {
  struct timespec t;
  clock_gettime(CLOCK_REALTIME, &t);
  return nanos(&t);
}

static int by_size(const void *a, const void *b) {
  int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
  return (x > y) - (x < y);
}

static int encode(unsigned char *to, const char *name) {
  static const unsigned char head[12] = {0, 0, 1, 0, 0, 1};
  memcpy(to, head, 12);
  int at = 12;
  while (*name) {
    int label = strcspn(name, ".");
    to[at++] = label;
    memcpy(to + at, name, label);
    at += label;
    name += label + (name[label] == '.');
  }
  memcpy(to + at, "\0\0\1\0\1", 5);
  return at + 5;
}

int main(int argc, char **argv) {
  if (argc != 4) return 2;
  struct sockaddr_in server = {.sin_family = AF_INET, .sin_port = htons(atoi(argv[1]))};
  server.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  double rate = atof(argv[2]), seconds = atof(argv[3]);
  int names = 0;
  char line[300];
  while (names < NAMES && scanf("%255s%*[^\n]", line) == 1) {
    lengths[names] = encode(queries[names], line);
    names++;
  }
  int fds[SOCKETS], one = 1;
  for (int i = 0; i < SOCKETS; i++) {
    fds[i] = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK, 0);
    if (connect(fds[i], (struct sockaddr *)&server, sizeof server)
        || setsockopt(fds[i], SOL_SOCKET, SO_TIMESTAMPNS, &one, sizeof one)) {
      perror("socket");
      return 1;
    }
  }
  long total = rate * seconds, asked = 0, answered = 0;
  int64_t *times = calloc(total, sizeof *times), begin = now(), last = begin;
  while ((asked < total || answered < asked) && now() - last < 1000000000LL) {
    if (asked < total && now() - begin >= asked / rate * 1e9) {
      int s = asked % SOCKETS, id = asked / SOCKETS % IN_FLIGHT;
      unsigned char *query = queries[asked % names];
      query[0] = id >> 8;
      query[1] = id;
      sent[s][id] = last = now();
      send(fds[s], query, lengths[asked % names], 0);
      asked++;
    }
    for (int s = 0; s < SOCKETS; s++) {
      unsigned char answer[1500];
      char control[64];
      struct iovec vector = {answer, sizeof answer};
      struct msghdr message = {.msg_iov = &vector, .msg_iovlen = 1, .msg_control = control, .msg_controllen = 64};
      if (recvmsg(fds[s], &message, 0) < 12 || answered == total) continue;
      struct cmsghdr *stamp = CMSG_FIRSTHDR(&message);
      if (!stamp) continue;
      times[answered++] = nanos((struct timespec *)CMSG_DATA(stamp)) - sent[s][answer[0] << 8 | answer[1]];
    }
  }
  if (!answered) {
    fprintf(stderr, "nobody answers at port %s\n", argv[1]);
    return 1;
  }
  qsort(times, answered, sizeof *times, by_size);
  printf("%ld %ld %.0f %.0f %.0f %.0f\n", answered, asked - answered, times[answered / 2] / 1e3,
         times[answered * 99 / 100] / 1e3, times[answered * 999 / 1000] / 1e3, times[answered - 1] / 1e3);
}
