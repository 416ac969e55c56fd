// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

/*
  Plays a sound into a JACK port and records another, locked to the sample:

    jack_player IN.raw OUT.raw TO_PORT FROM_PORT [SECONDS_MORE [live]]

  Both are raw floats of one channel.  The recording starts with the first
  sample that is played.  Waits for the ports.  Runs as fast as the server can
  go, or in real time, and prints how often the server was late; in real time,
  a line for each second of sound comes before.
*/

#define _GNU_SOURCE

#include <jack/jack.h>

#include <unistd.h>

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
  jack_port_t*  out;
  jack_port_t*  in;
  float*        sound;
  float*        recording;
  size_t        n;
  size_t        place;
  size_t        rate;
  bool          live;
  atomic_uint   n_blocks;
  atomic_bool   running;
  atomic_size_t done;
  atomic_uint   n_xruns;
} Player;

static int
count_xrun(void* const handle)
{
  atomic_fetch_add(&((Player*)handle)->n_xruns, 1U);
  return 0;
}

static int
process(const jack_nframes_t n_frames, void* const handle)
{
  Player* const      player = (Player*)handle;
  float* const       out = (float*)jack_port_get_buffer(player->out, n_frames);
  const float* const in =
    (const float*)jack_port_get_buffer(player->in, n_frames);
  const size_t left = player->n - player->place;
  const size_t n    = left < n_frames ? left : n_frames;

  atomic_fetch_add(&player->n_blocks, 1U);
  memset(out, 0, n_frames * sizeof(float));
  if (atomic_load(&player->running)) {
    memcpy(out, player->sound + player->place, n * sizeof(float));
    memcpy(player->recording + player->place, in, n * sizeof(float));
    player->place += n;
    atomic_store(&player->done, player->place);
  }
  return 0;
}

static bool
read_sound(Player* const player, const char* const path, const size_t n_more)
{
  FILE* const stream = fopen(path, "rb");
  if (!stream || fseek(stream, 0L, SEEK_END)) {
    return false;
  }
  const size_t n = (size_t)ftell(stream) / sizeof(float);
  rewind(stream);
  player->n         = n + n_more;
  player->sound     = (float*)calloc(player->n, sizeof(float));
  player->recording = (float*)calloc(player->n, sizeof(float));
  const bool ok     = player->sound && player->recording &&
                  fread(player->sound, sizeof(float), n, stream) == n;
  fclose(stream);
  return ok;
}

/// Connect two ports, once those who have them are ready
static bool
join_ports(jack_client_t* const client,
           const char* const    from,
           const char* const    to)
{
  enum { N_TRIES = 4000 };
  for (int i = 0; i < N_TRIES; ++i) {
    const jack_port_t* const port = jack_port_by_name(client, from);
    if (port && jack_port_by_name(client, to) &&
        !jack_connect(client, from, to)) {
      return true;
    }
    usleep(10000);
  }
  return false;
}

/// Wait until connections that were made are in force
static void
wait_for_blocks(Player* const player)
{
  const unsigned n = atomic_load(&player->n_blocks);
  while (atomic_load(&player->n_blocks) - n < 50U) {
    usleep(1000);
  }
}

/// Tell the second of sound that plays, if it is another one
static void
tell_second(const Player* const player, size_t* const told)
{
  const size_t second = atomic_load(&player->done) / player->rate;
  if (player->live && second > *told) {
    *told = second;
    printf("%zu s\n", second);
    fflush(stdout);
  }
}

static bool
play(Player* const        player,
     jack_client_t* const client,
     const char* const    to,
     const char* const    from)
{
  if (jack_set_process_callback(client, process, player) ||
      jack_set_xrun_callback(client, count_xrun, player) ||
      jack_activate(client) ||
      !join_ports(client, jack_port_name(player->out), to) ||
      !join_ports(client, from, jack_port_name(player->in))) {
    return false;
  }

  wait_for_blocks(player);
  if (!player->live) {
    jack_set_freewheel(client, 1);
  }
  atomic_store(&player->n_xruns, 0U);
  atomic_store(&player->running, true);
  for (size_t told = 0U; atomic_load(&player->done) < player->n;) {
    tell_second(player, &told);
    usleep(2000);
  }
  if (!player->live) {
    jack_set_freewheel(client, 0);
  }
  jack_deactivate(client);
  return true;
}

static bool
write_sound(const Player* const player, const char* const path)
{
  FILE* const stream = fopen(path, "wb");
  const bool  ok =
    stream &&
    fwrite(player->recording, sizeof(float), player->n, stream) == player->n;
  return stream && !fclose(stream) && ok;
}

int
main(const int argc, char** const argv)
{
  static Player        player;
  jack_client_t* const client =
    argc >= 5 ? jack_client_open("player", JackNoStartServer, NULL) : NULL;
  if (!client) {
    fprintf(stderr, "jack_player: no server, or not enough arguments\n");
    return EXIT_FAILURE;
  }

  const double seconds = argc > 5 ? atof(argv[5]) : 0.5;
  player.rate          = jack_get_sample_rate(client);
  player.live          = argc > 6;
  player.out           = jack_port_register(
    client, "out", JACK_DEFAULT_AUDIO_TYPE, JackPortIsOutput, 0U);
  player.in = jack_port_register(
    client, "in", JACK_DEFAULT_AUDIO_TYPE, JackPortIsInput, 0U);
  const bool ok =
    player.in && player.out &&
    read_sound(&player, argv[1], (size_t)(seconds * (double)player.rate)) &&
    play(&player, client, argv[3], argv[4]) && write_sound(&player, argv[2]);
  jack_client_close(client);
  if (!ok) {
    fprintf(stderr, "jack_player: cannot play\n");
  }
  printf("%u xruns\n", atomic_load(&player.n_xruns));
  free(player.sound);
  free(player.recording);
  return ok ? EXIT_SUCCESS : EXIT_FAILURE;
}
