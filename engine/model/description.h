// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

/**
   @file description.h

   The JSON text of a model file: what the network is, without its weights.
   FORMAT.md is its specification.
*/

#ifndef GRUS_DESCRIPTION_H
#define GRUS_DESCRIPTION_H

#include "grus/status.h"
#include "model/model.h"

/**
   Read a description into `model`, which is all zero.

   Every name is resolved, every shape agrees with its neighbours, and every
   number is within the limits of model.h.  On error `model` may be partly
   filled; its owner frees it either way.
*/
GRUS_NODISCARD GrusStatus
grus_description_read(const char* text, GrusModel* model, GrusMessage* message);

#endif // GRUS_DESCRIPTION_H
