// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

/**
   @file player.h

   Owns what an audio thread plays: the slot, the streams in it and on their
   way back, and their models, which it gives back to the store.  One control
   thread at a time.
*/

#ifndef GRUS_HOST_PLAYER_H
#define GRUS_HOST_PLAYER_H

#include "grus/grus.h"
#include "grus/slot.h"

#include <stdbool.h>

/// What plays, and what has played
typedef struct PlayerImpl Player;

/**
   Return a player that plays `model`.

   @param model From model_store.h, taken over, on error too.
   @param config Of this stream and of all that follow; its text stays the
   caller's and must outlive the player.
   @param message Set to the reason if null is returned.
*/
Player*
player_new(const GrusModel*        model,
           const GrusStreamConfig* config,
           GrusMessage*            message);

/// Free `player` (null is allowed) and all it owns, once no audio thread plays
void
player_free(Player* player);

/// Return the slot that the audio thread plays, valid as long as `player`
GrusSlot*
player_slot(const Player* player);

/// Return the model of the newest stream, valid until the next is played
const GrusModel*
player_model(const Player* player);

/**
   Return a stream over a model, to be played or dropped (any thread).

   @param model Taken over, on error too.
   @param config That of the player.
   @param message Set to the reason if null is returned.
*/
GrusStream*
player_stream(const GrusModel*        model,
              const GrusStreamConfig* config,
              GrusMessage*            message);

/// Free a stream of player_stream() (null is allowed), with its model
void
player_drop(GrusStream* stream);

/// Have a stream of player_stream() played from now on; it is taken over
void
player_play_stream(Player* player, GrusStream* stream);

/**
   Have a model played from now on.

   @param model Taken over, on error too: the old one plays on then.
*/
bool
player_play(Player* player, const GrusModel* model, GrusMessage* message);

/// Have a new stream over the same model played
bool
player_renew(Player* player, GrusMessage* message);

/// Free what the audio thread is done with
void
player_collect(Player* player);

#endif // GRUS_HOST_PLAYER_H
