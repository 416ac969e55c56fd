// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

/**
   @file linked.h

   What one network hears of linked channels: the sum of their spectra with the
   weights of the downmix.
*/

#ifndef GRUS_LINKED_H
#define GRUS_LINKED_H

#include "frames/channels.h"
#include "grus/attributes.h"

/// Make what linked channels are heard as of their spectra
GRUS_REALTIME void
grus_linked_downmix(GrusInference* inference);

#endif // GRUS_LINKED_H
