// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "host/player.h"

#include "grus/grus.h"
#include "grus/slot.h"
#include "host/model_store.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

struct PlayerImpl {
  GrusStreamConfig config;
  GrusSlot*        slot;
  const GrusModel* model; ///< Of the newest stream
};

/// Free a stream (null is allowed), then give its model back
static void
free_stream(GrusStream* const stream)
{
  if (stream) {
    const GrusModel* const model = grus_stream_model(stream);
    grus_stream_free(stream);
    model_store_release(model);
  }
}

static GrusStream*
new_stream(const Player* const    player,
           const GrusModel* const model,
           GrusMessage* const     message)
{
  GrusStream* stream = NULL;
  if (grus_stream_new(model, &player->config, &stream, message)) {
    model_store_release(model);
    return NULL;
  }
  return stream;
}

Player*
player_new(const GrusModel* const        model,
           const GrusStreamConfig* const config,
           GrusMessage* const            message)
{
  Player* const player = (Player*)calloc(1U, sizeof(Player));
  if (!player) {
    model_store_release(model);
    snprintf(message->text, sizeof(message->text), "no memory");
    return NULL;
  }

  player->config           = *config;
  player->model            = model;
  GrusStream* const stream = new_stream(player, model, message);
  if (stream) {
    player->slot =
      grus_slot_new(stream, config->n_channels, config->sample_rate);
  }
  if (stream && !player->slot) {
    free_stream(stream);
    snprintf(message->text, sizeof(message->text), "no memory");
  }
  if (!player->slot) {
    free(player);
    return NULL;
  }
  return player;
}

void
player_free(Player* const player)
{
  if (player) {
    // A stream's model goes back when the stream is gone: take them all out
    player_collect(player);
    grus_slot_reset(player->slot);
    player_collect(player);
    const GrusModel* const last =
      grus_stream_model(grus_slot_stream(player->slot));
    grus_slot_free(player->slot);
    model_store_release(last);
    free(player);
  }
}

GrusSlot*
player_slot(const Player* const player)
{
  return player->slot;
}

const GrusModel*
player_model(const Player* const player)
{
  return player->model;
}

bool
player_play(Player* const          player,
            const GrusModel* const model,
            GrusMessage* const     message)
{
  GrusStream* const stream = new_stream(player, model, message);
  if (!stream) {
    return false;
  }

  player->model = model;
  free_stream(grus_slot_publish(player->slot, stream));
  player_collect(player);
  return true;
}

bool
player_renew(Player* const player, GrusMessage* const message)
{
  model_store_share(player->model);
  return player_play(player, player->model, message);
}

void
player_collect(Player* const player)
{
  for (GrusStream* s = NULL; (s = grus_slot_collect(player->slot));) {
    free_stream(s);
  }
}
