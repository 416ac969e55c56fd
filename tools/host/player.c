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

void
player_drop(GrusStream* const stream)
{
  if (stream) {
    // The model goes back once nothing is over it
    const GrusModel* const model = grus_stream_model(stream);
    grus_stream_free(stream);
    model_store_release(model);
  }
}

GrusStream*
player_stream(const GrusModel* const        model,
              const GrusStreamConfig* const config,
              GrusMessage* const            message)
{
  GrusStream* stream = NULL;
  if (grus_stream_new(model, config, &stream, message)) {
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
  GrusStream* const stream = player_stream(model, config, message);
  if (stream) {
    player->slot =
      grus_slot_new(stream, config->n_channels, config->sample_rate);
  }
  if (stream && !player->slot) {
    player_drop(stream);
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

void
player_play_stream(Player* const player, GrusStream* const stream)
{
  player->model = grus_stream_model(stream);
  player_drop(grus_slot_publish(player->slot, stream));
  player_collect(player);
}

bool
player_play(Player* const          player,
            const GrusModel* const model,
            GrusMessage* const     message)
{
  GrusStream* const stream = player_stream(model, &player->config, message);
  if (stream) {
    player_play_stream(player, stream);
  }
  return stream != NULL;
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
    player_drop(s);
  }
}
