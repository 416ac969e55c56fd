// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#define _GNU_SOURCE // accept4

#include "live/control/server.h"

#include "grus/grus.h"
#include "host/clock.h"

#include <sys/socket.h>
#include <unistd.h>

#include <errno.h>
#include <math.h>
#include <poll.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/// Somebody who is connected
typedef struct {
  int      fd;     ///< -1 for nobody
  bool     last;   ///< Goes once it has its answer
  uint64_t ticket; ///< What its answer comes for later, or 0
  double   heard;  ///< By the clock
  size_t   n_in;
  size_t   n_out; ///< Bytes of an answer that are still to be sent
  char     in[LIVE_LINE_SIZE];
  char     out[LIVE_ANSWER_SIZE];
} Client;

struct LiveServerImpl {
  int        fd;
  LiveAnswer answer;
  void*      data;
  Client     clients[LIVE_CLIENTS];
};

LiveServer*
live_server_new(const int fd, const LiveAnswer answer, void* const data)
{
  LiveServer* const server = (LiveServer*)calloc(1U, sizeof(LiveServer));
  if (server) {
    server->fd     = fd;
    server->answer = answer;
    server->data   = data;
    for (size_t i = 0U; i < LIVE_CLIENTS; ++i) {
      server->clients[i].fd = -1;
    }
  }
  return server;
}

static void
drop(Client* const client)
{
  if (client->fd >= 0) {
    close(client->fd);
    client->fd = -1;
  }
}

/// Send what is left of an answer
static void
send_some(Client* const client)
{
  const ssize_t n =
    send(client->fd, client->out, client->n_out, MSG_NOSIGNAL | MSG_DONTWAIT);
  if (n > 0) {
    client->n_out -= (size_t)n;
    memmove(client->out, client->out + n, client->n_out);
  }
  if ((n < 0 && errno != EAGAIN && errno != EINTR) ||
      (!client->n_out && client->last)) {
    drop(client);
  }
}

/// Send a line, with nothing in it that a terminal would obey
static void
reply(Client* const client, const char* const text)
{
  grus_make_visible(client->out, LIVE_ANSWER_SIZE - 1U, text);
  client->n_out                = strlen(client->out);
  client->out[client->n_out++] = '\n';
  send_some(client);
}

/// Ask for the answer to a line, or to an empty one again, and send it if it is
/// there
static void
ask(LiveServer* const server, Client* const client, char* const line)
{
  char answer[LIVE_ANSWER_SIZE] = "ok";
  server->answer(server->data, line, &client->ticket, answer, sizeof(answer));
  if (!client->ticket) {
    reply(client, answer);
  }
}

/// Answer the first line that has come in whole; return whether there was one
static bool
answer_line(LiveServer* const server, Client* const client)
{
  char* const end = (char*)memchr(client->in, '\n', client->n_in);
  if (!end) {
    return false;
  }

  char         line[LIVE_LINE_SIZE];
  const size_t size = (size_t)(end - client->in) + 1U;
  *end              = '\0';
  memcpy(line, client->in, size);
  client->n_in -= size;
  memmove(client->in, client->in + size, client->n_in);
  if (strlen(line) + 1U < size) {
    reply(client, "usage: a command has no zero bytes");
  } else {
    ask(server, client, line);
  }
  return true;
}

/// Whether a client waits for an answer and takes it
static bool
is_waiting(const Client* const client)
{
  return client->fd >= 0 && !client->n_out && !client->ticket &&
         (client->n_in == LIVE_LINE_SIZE ||
          memchr(client->in, '\n', client->n_in));
}

/// Answer one line, so that nobody who has many keeps the others waiting
static void
answer_next(LiveServer* const server, Client* const client)
{
  if (is_waiting(client) && !answer_line(server, client)) {
    char text[64];
    snprintf(text,
             sizeof(text),
             "usage: a command has at most %d bytes",
             LIVE_LINE_SIZE - 1);
    client->last = true;
    reply(client, text);
  }
}

static void
hear(Client* const client)
{
  const ssize_t n = recv(client->fd,
                         client->in + client->n_in,
                         LIVE_LINE_SIZE - client->n_in,
                         MSG_DONTWAIT);
  if (n > 0) {
    client->n_in += (size_t)n;
    client->heard = clock_seconds();
  } else if (!n || (errno != EAGAIN && errno != EINTR)) {
    drop(client);
  }
}

/// Return room for a client: nobody's, else that of who was silent for longest
static Client*
make_room(LiveServer* const server)
{
  Client* oldest = &server->clients[0];
  for (size_t i = 0U; i < LIVE_CLIENTS; ++i) {
    Client* const client = &server->clients[i];
    if (client->fd < 0) {
      return client;
    }
    oldest = client->heard < oldest->heard ? client : oldest;
  }

  drop(oldest);
  return oldest;
}

static void
welcome(LiveServer* const server)
{
  const int fd = accept4(server->fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
  if (fd >= 0) {
    Client* const client = make_room(server);
    client->fd           = fd;
    client->last         = false;
    client->ticket       = 0U;
    client->n_in         = 0U;
    client->n_out        = 0U;
    client->heard        = clock_seconds();
  }
}

/// What a client is to be asked: who does not read is not heard, nor is who
/// has said all that there is room for
static short
events_of(const Client* const client)
{
  return client->n_out ? POLLOUT : client->n_in < LIVE_LINE_SIZE ? POLLIN : 0;
}

/// Wait for whatever comes first, and do what it needs; return whether the time
/// is over or a signal came
static bool
serve(LiveServer* const server, const int milliseconds)
{
  struct pollfd polls[LIVE_CLIENTS + 1U];
  bool          waiting = false;
  for (size_t i = 0U; i < LIVE_CLIENTS; ++i) {
    const Client* const client = &server->clients[i];
    polls[i].fd                = client->fd; // Negative: not polled
    polls[i].events            = events_of(client);
    polls[i].revents           = 0;
    waiting                    = waiting || is_waiting(client);
  }
  polls[LIVE_CLIENTS].fd      = server->fd;
  polls[LIVE_CLIENTS].events  = POLLIN;
  polls[LIVE_CLIENTS].revents = 0;

  const int n = poll(polls, LIVE_CLIENTS + 1U, waiting ? 0 : milliseconds);
  if (n < 0 || (!n && !waiting)) {
    return true;
  }
  for (size_t i = 0U; i < LIVE_CLIENTS; ++i) {
    Client* const client = &server->clients[i];
    if (polls[i].revents & POLLOUT) {
      send_some(client);
    } else if (polls[i].revents) {
      hear(client);
    }
    answer_next(server, client);
  }
  if (polls[LIVE_CLIENTS].revents & POLLIN) {
    welcome(server);
  }
  return false;
}

void
live_server_run(LiveServer* const server, const double seconds)
{
  for (size_t i = 0U; i < LIVE_CLIENTS; ++i) {
    Client* const client = &server->clients[i];
    if (client->fd >= 0 && client->ticket) {
      char line[] = "";
      ask(server, client, line);
    }
  }

  const double end  = clock_seconds() + seconds;
  double       left = seconds;
  bool         over = false;
  while (!over && left >= 0.0) {
    over = serve(server, (int)ceil(1e3 * left));
    left = end - clock_seconds();
  }
}

void
live_server_free(LiveServer* const server)
{
  for (size_t i = 0U; server && i < LIVE_CLIENTS; ++i) {
    drop(&server->clients[i]);
  }
  free(server);
}
